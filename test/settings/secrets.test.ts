// Secrets that are changed over, that stand in files, and that others print.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import { readSettings } from "../../src/settings/read-settings.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = String(privateKey.export({ type: "pkcs8", format: "pem" }));
const ENV = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: "hush" };
const REPOSITORY = "chartRepositories:\n  stakater: { url: https://charts.example.com }\n";

async function read(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
  const settings = await readSettings(env, async (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no ${path}`);
    return new TextEncoder().encode(text);
  });
  if (settings.ok) return { ...settings.value, problems: [] };
  return { problems: settings.problems.map(({ message, help }) => `${message} ${help}`) };
}

const PUBLISHER = "publishers:\n  ci: { repository: stakater, charts: [web], secret: ";

test.each<[string, string, unknown]>([
  ["one", "one", "one"],
  ["a list", "[new, old]", ["new", "old"]],
  ["a list of one", "[new]", "new"],
  ["a placeholder in a list", "[new, $" + "{OLD}]", ["new", "former"]],
  ["a placeholder of several lines", "$" + "{BOTH}", ["new", "old"]],
  ["a list with base64", "[whsec_AAEC, old]", ["whsec_AAEC", "old"]],
])("a secret may be %s", async (_what, written, secret) => {
  const file = `${REPOSITORY}${PUBLISHER}${written} }\n`;
  const settings = await read({ ...ENV, OLD: "former", BOTH: "new\nold\n" }, { "server.yaml": file });
  expect(settings).toMatchObject({ publishers: [{ secret }] });
});

test.each([
  ["nothing", '""', "must not be empty"],
  ["an empty list", "[]", "must name at least one"],
  ["a list with nothing in it", '[new, ""]', "must not be empty"],
  ["base64 that is none, behind another", "[new, whsec_?]", "whsec_"],
])("a secret may not be %s", async (_what, written, why) => {
  const { problems } = await read(ENV, { "server.yaml": `${REPOSITORY}${PUBLISHER}${written} }\n` });
  expect(problems).toEqual([expect.stringContaining(why)]);
});

test("every secret of the environment, and every placeholder, may stand in a file", async () => {
  const token = "metrics: { token: $" + "{TOKEN} }\n";
  const files = {
    "server.yaml": REPOSITORY + token,
    "/run/key": `${PEM}\n`,
    "/run/hook": "new\nold\n",
    "/run/token": "t0ken\n",
    "/run/url": "postgres://promoter@db/promoter\n",
  };
  const env = {
    APP_ID: "7",
    PRIVATE_KEY_FILE: "/run/key",
    WEBHOOK_SECRET_FILE: "/run/hook",
    DATABASE_URL_FILE: "/run/url",
    TOKEN_FILE: "/run/token",
  };
  expect(await read(env, files)).toMatchObject({
    privateKey: PEM.trim(),
    webhookSecret: ["new", "old"],
    databaseUrl: "postgres://promoter@db/promoter",
    metrics: { access: "token", token: "t0ken" },
  });
});

test("a variable and its file together are a mistake, and so is a file that is not there", async () => {
  const files = { "server.yaml": REPOSITORY, "/run/hook": "hush" };
  const { problems } = await read(
    { ...ENV, WEBHOOK_SECRET_FILE: "/run/hook", DATABASE_URL_FILE: "/gone" },
    files,
  );
  expect(problems).toEqual([
    "WEBHOOK_SECRET is set, and so is WEBHOOK_SECRET_FILE. Keep one of the two.",
    expect.stringContaining("DATABASE_URL_FILE names /gone, which cannot be read."),
  ]);
});

test("files of variables that nobody asks for are not read", async () => {
  expect(await read({ ...ENV, SSL_CERT_FILE: "/gone" }, { "server.yaml": REPOSITORY })).toMatchObject({
    problems: [],
  });
});

const ECR = "passwordCommand: [aws, ecr, get-login-password]";

test.each<[string, string, object]>([
  [
    "a password from a file beside server.yaml",
    "username: u, passwordFile: museum",
    {
      credentials: { kind: "basic", username: "u", password: "" },
      secretFrom: { kind: "file", path: expect.stringMatching(/^\/.*\/etc\/museum$/) },
    },
  ],
  [
    "a token from a file",
    "tokenFile: /run/token",
    { credentials: { kind: "bearer", token: "" }, secretFrom: { kind: "file", path: "/run/token" } },
  ],
  [
    "a password from a command",
    `username: AWS, ${ECR}, refresh: 6h`,
    { secretFrom: { kind: "command", command: ["aws", "ecr", "get-login-password"], everyMs: 21_600_000 } },
  ],
  [
    "a token from a command, every half an hour by default",
    "tokenCommand: [print-token]",
    { secretFrom: { kind: "command", command: ["print-token"], everyMs: 1_800_000 } },
  ],
])("a chart repository may have %s", async (_what, login, expected) => {
  const file = `chartRepositories:\n  stakater: { url: https://charts.example.com, ${login} }\n`;
  const settings = await read({ ...ENV, SERVER_CONFIG: "etc/server.yaml" }, { "etc/server.yaml": file });
  expect(settings).toMatchObject({ problems: [], chartRepositories: [expected] });
});

const CLAIMS = "claims: { repository: acme/web, ref: [refs/heads/main, 'refs/tags/v*'] }";
const ISSUER = "issuer: https://issuer.example.com, audience: promoter";

test("a publisher may be let in by tokens alone", async () => {
  const file = `${REPOSITORY}publishers:\n  ci: { repository: stakater, charts: [web], oidc: { ${ISSUER}, ${CLAIMS} } }\n`;
  expect(await read(ENV, { "server.yaml": file })).toMatchObject({
    problems: [],
    publishers: [
      {
        oidc: {
          issuer: "https://issuer.example.com",
          audience: "promoter",
          claims: { repository: ["acme/web"], ref: ["refs/heads/main", "refs/tags/v*"] },
        },
      },
    ],
  });
});

test.each([
  ["neither a secret nor tokens", "", "nothing lets it in"],
  ["tokens of any repository", `, oidc: { ${ISSUER}, claims: {} }`, "at least one claim"],
  ["tokens for anybody", ", oidc: { issuer: https://issuer.example.com, claims: { a: b } }", "audience"],
  ["tokens of no address", ", oidc: { issuer: acme, audience: a, claims: { a: b } }", "http or https"],
])("a publisher with %s is refused", async (_what, written, why) => {
  const file = `${REPOSITORY}publishers:\n  ci: { repository: stakater, charts: [web]${written} }\n`;
  const { problems } = await read(ENV, { "server.yaml": file });
  expect(problems).toEqual([expect.stringContaining(why)]);
});

test.each([
  ["two passwords", `username: u, password: p, ${ECR}`, "there is password as well"],
  ["a password's file for nobody", "passwordFile: f", "there is no username"],
  ["a token's file and a username", "username: u, tokenFile: f", "there is a username as well"],
  ["a command that is a text", "username: u, passwordCommand: aws ecr", "must be a list"],
  ["an empty command", "tokenCommand: []", "must name a program"],
  ["a time for a file", "tokenFile: f, refresh: 1h", "there is no command"],
])("a login with %s is refused", async (_what, login, why) => {
  for (const [head, tail] of [
    ["chartRepositories:\n  stakater: { url: https://charts.example.com, ", ""],
    [`${REPOSITORY}imageRegistries:\n  nexus.example.com: { `, ""],
  ]) {
    if (head?.includes("imageRegistries") && /token/.test(login)) continue;
    const { problems } = await read(ENV, { "server.yaml": `${head}${login} }\n${tail}` });
    expect(problems).toEqual([expect.stringContaining(why)]);
  }
});

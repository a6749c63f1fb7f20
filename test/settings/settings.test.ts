import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { TOLD_KINDS } from "../../src/domain/model/history.ts";
import { readSettings } from "../../src/settings/read-settings.ts";

const PEM = key("rsa");
const ENV = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: "hush" };
const ONE_REPOSITORY = "chartRepositories:\n  stakater: { url: https://charts.example.com/ }\n";

/** Every key that server.yaml may have, unquoted variables in flow maps among them. */
const EVERYTHING = `
chartRepositories:
  stakater:
    url: https://charts.example.com/
    also: [http://museum.cd.svc:8080/]
    kind: chartmuseum
    fetchFrom: http://museum.cd.svc:8080/
    username: reader
    password: \${MUSEUM_PASSWORD}
    poll: 30s
    keyring: keys.asc
    repositories: ["acme/*"]
    hosts: [cdn.example.com]
  registry: { url: oci://registry.example.com/charts, kind: oci, token: \${TOKEN}, poll: off }
imageRegistries:
  nexus.example.com:5000: { username: reader, password: "x\${TOKEN}$\${y}" }
publishers:
  xposer-pipeline: { secret: whsec_AAEC, repository: stakater, charts: [xposer, "xposer-*"], source: ["acme/xposer"] }
deployers:
  config-jenkins:
    jenkins: https://jenkins.example.com/job/deploy/
    username: chart-promoter
    token: \${TOKEN}
    secret: \${TOKEN}
    repositories: ["acme/config", "acme/platform#prod"]
    timeout: 4h
  other: { webhook: https://deploy.example.com/hook, secret: short, repositories: ["acme/*"] }
dashboard: { access: off }
onboarding: on
metrics: { token: \${TOKEN} }
pause: [{ repositories: ["acme/*"], reason: the cluster moves }]
history: { keep: 90d }
concurrency: 32
notifications:
  - { name: team, slack: "https://hooks.example.com/\${TOKEN}" }
  - { name: flow, teams: https://flow.example.com, events: [failed], repositories: ["acme/*#prod"] }
  - { name: tools, webhook: https://tools.example.com, secret: whsec_AAEC }
  - { name: cloud, cdevents: https://cloud.example.com }
`;

test("every key of server.yaml is read", async () => {
  const env = { ...ENV, MUSEUM_PASSWORD: "a: {b} #c", TOKEN: "12345" };
  const files = { "etc/server.yaml": EVERYTHING, "keys.asc": "KEYS" };
  const settings = await read({ ...env, SERVER_CONFIG: "etc/server.yaml" }, files);
  expect(settings.problems).toEqual([]);
  expect(settings.value).toMatchObject({
    chartRepositories: [
      {
        name: "stakater",
        url: "https://charts.example.com",
        also: ["http://museum.cd.svc:8080"],
        kind: "chartmuseum",
        fetchFrom: "http://museum.cd.svc:8080",
        credentials: { kind: "basic", username: "reader", password: "a: {b} #c" },
        pollMs: 30_000,
        keyring: new TextEncoder().encode("KEYS"),
        repositories: ["acme/*"],
        hosts: ["cdn.example.com"],
      },
      { kind: "oci", credentials: { kind: "bearer", token: "12345" } },
    ],
    imageRegistries: [{ host: "nexus.example.com:5000", username: "reader", password: `x12345\${y}` }],
    publishers: [
      {
        name: "xposer-pipeline",
        secret: "whsec_AAEC",
        repository: "stakater",
        charts: ["xposer", "xposer-*"],
        source: ["acme/xposer"],
      },
    ],
    deployers: [
      {
        name: "config-jenkins",
        kind: "jenkins",
        job: "https://jenkins.example.com/job/deploy",
        username: "chart-promoter",
        token: "12345",
        secret: "12345",
        repositories: ["acme/config", "acme/platform#prod"],
        timeoutMs: 14_400_000,
      },
      { name: "other", kind: "webhook", url: "https://deploy.example.com/hook", secret: "short" },
    ],
    dashboard: "off",
    onboarding: "on",
    metrics: { access: "token", token: "12345" },
    pauses: [{ repositories: ["acme/*"], reason: "the cluster moves" }],
    historyMs: 90 * 86_400_000,
    concurrency: 32,
    recipients: [
      { name: "team", kind: "slack", url: "https://hooks.example.com/12345", events: TOLD_KINDS },
      { name: "flow", kind: "teams", events: ["failed"], repositories: ["acme/*#prod"] },
      { name: "tools", kind: "webhook", secret: "whsec_AAEC" },
      { name: "cloud", kind: "cdevents", url: "https://cloud.example.com" },
    ],
  });
  expect(settings.value?.chartRepositories[1]).not.toHaveProperty("pollMs");
});

test("what is not said has a default", async () => {
  const { value } = await read(ENV);
  expect(value).toEqual({
    host: "0.0.0.0",
    port: 3000,
    appId: 7,
    privateKey: PEM.trim(),
    webhookSecret: "hush",
    githubApi: "https://api.github.com",
    githubWeb: "https://github.com",
    dataFolder: "data",
    logLevel: "info",
    chartRepositories: [
      {
        name: "stakater",
        url: "https://charts.example.com",
        also: [],
        kind: "chartmuseum",
        fetchFrom: "https://charts.example.com",
        credentials: { kind: "none" },
        pollMs: 300_000,
      },
    ],
    publishers: [],
    deployers: [],
    imageRegistries: [],
    dashboard: "off",
  });
});

test("another GitHub has its API below /api/v3", async () => {
  const { value } = await read({ ...ENV, GHE_HOST: "ghe.example.com:8443", GHE_PROTOCOL: "http" });
  expect(value?.githubApi).toBe("http://ghe.example.com:8443/api/v3");
  expect(value?.githubWeb).toBe("http://ghe.example.com:8443");
});

describe("the private key is taken", () => {
  test.each<[string, Record<string, string>]>([
    ["as PEM", { PRIVATE_KEY: PEM }],
    ["with \\n for line breaks", { PRIVATE_KEY: PEM.replaceAll("\n", "\\n") }],
    ["as base64", { PRIVATE_KEY: Buffer.from(PEM).toString("base64") }],
    ["from a file", { PRIVATE_KEY: "", PRIVATE_KEY_PATH: "app.pem" }],
  ])("%s", async (_, env) => {
    const settings = await read({ ...ENV, ...env }, { "server.yaml": ONE_REPOSITORY, "app.pem": PEM });
    expect(settings).toMatchObject({ problems: [], value: { privateKey: PEM.trim() } });
  });
});

test("without anything, everything that is needed is named at once", async () => {
  const { problems } = await read({}, {});
  expect(problems.map(({ message }) => message)).toEqual([
    "PRIVATE_KEY is not set, nor is PRIVATE_KEY_PATH.",
    "APP_ID is not set.",
    "WEBHOOK_SECRET is not set.",
    "server.yaml cannot be read.",
  ]);
});

test.each([
  ["PORT", "1e3"],
  ["PORT", "65536"],
  ["PORT", " "],
  ["APP_ID", "0x7"],
  ["LOG_LEVEL", "loud"],
  ["DATABASE_URL", "mysql://db"],
  ["GHE_HOST", "https://ghe.example.com"],
  ["WEBHOOK_SECRET", ""],
  ["PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----"],
  ["PRIVATE_KEY", key("ec")],
])("%s=%j is refused by its name", async (name, value) => {
  const { problems } = await read({ ...ENV, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.code).toBe("settings-invalid");
  expect(problems[0]?.message).toMatch(new RegExp(`^${name} `));
});

test("mistakes in the environment, the variables and the file are told together, with lines", async () => {
  const file = `chartRepositories:
  stakater:
    url: https://charts.example.com
    password: \${UNSET}
    pol: 5m
publishers:
  pipeline: { secret: whsec_!, repository: nowhere, charts: ["*"] }
  other: { secret: s, repository: nowhere, charts: ["*"] }
`;
  const { problems } = await read({ ...ENV, PORT: "x" }, { "server.yaml": file });
  expect(problems.map(({ message, place }) => [place?.line, message])).toEqual([
    [undefined, 'PORT "x" is not a port.'],
    [4, "chartRepositories.stakater.password: the environment variable UNSET is not set."],
    [5, 'chartRepositories.stakater.pol: the key "pol" is not known.'],
    [7, "publishers.pipeline.secret: begins with whsec_, and what follows is no base64."],
    [8, 'publishers.other.repository: there is no chart repository "nowhere".'],
  ]);
  expect(problems[2]?.help).toBe('Did you mean "poll"?');
});

test.each([
  [
    "a publisher of no repository",
    "publishers: { p: { secret: s, repository: constructor, charts: [x] } }",
    "p.repository",
  ],
  ["no glob", 'publishers: { p: { secret: s, repository: stakater, charts: ["a/b"] } }', "p.charts.0"],
  ["no charts", "publishers: { p: { secret: s, repository: stakater, charts: [] } }", "p.charts"],
  ["an empty whsec_", "publishers: { p: { secret: whsec_, repository: stakater, charts: [x] } }", "p.secret"],
  [
    "a secret that is a number",
    "publishers: { p: { secret: 1234, repository: stakater, charts: [x] } }",
    "quotes",
  ],
  [
    "both kinds of deployer",
    "deployers: { d: { repositories: [a/b], secret: s, jenkins: https://j, webhook: https://w } }",
    "deployers.d",
  ],
  ["neither kind of deployer", "deployers: { d: { repositories: [a/b], secret: s } }", "deployers.d"],
  ["a deployer for nobody", "deployers: { d: { secret: s, webhook: https://w } }", "repositories"],
  [
    "a deployer for a bare name",
    "deployers: { d: { secret: s, webhook: https://w, repositories: [config] } }",
    "repositories",
  ],
  [
    "a deployer without time",
    "deployers: { d: { secret: s, webhook: https://w, repositories: [a/b], timeout: 0h } }",
    "timeout",
  ],
  [
    "a recipient without an address",
    "notifications: [{ name: team }]",
    "one of slack, teams, webhook and cdevents",
  ],
  [
    "a recipient with two",
    "notifications: [{ name: team, slack: https://s.example.com, teams: https://t.example.com }]",
    "Set exactly one",
  ],
  [
    "a webhook without a secret",
    "notifications: [{ name: team, webhook: https://s.example.com }]",
    "needs a secret",
  ],
  [
    "an event that nobody is told of",
    "notifications: [{ name: team, slack: https://s.example.com, events: [published] }]",
    "notifications.0.events.0",
  ],
  [
    "two recipients of one name",
    "notifications: [{ name: a, slack: https://s.example.com }, { name: a, slack: https://s.example.com }]",
    '"a" is another one\'s already',
  ],
  ["a history kept for no time", "history: { keep: 0s }", "history.keep"],
  ["no work at once", "concurrency: 0", "must be a whole number from 1 to 100"],
  ["half a work at once", "concurrency: 2.5", "must be a whole number from 1 to 100"],
  ["more at once than GitHub answers", "concurrency: 101", "must be a whole number from 1 to 100"],
  ["as much at once as a text says", 'concurrency: "many"', "must be a number, and is a text"],
  ["metrics for half the world", "metrics: some", "metrics"],
  [
    "a jenkins without a token",
    "deployers: { d: { repositories: [a/b], secret: s, jenkins: https://j, username: u } }",
    "token",
  ],
  [
    "a webhook with a token",
    "deployers: { d: { repositories: [a/b], secret: s, webhook: https://w, token: t } }",
    "deployers.d",
  ],
  ["an unknown key", "imageRegistry: {}", "imageRegistries"],
  ["a registry with a scheme", 'imageRegistries: { "https://nexus": {} }', "must be a host"],
  ["onboarding that is neither", "onboarding: once", "must be off or on"],
  ["a dashboard for all", "dashboard: { access: everybody }", "dashboard.access"],
])("%s is refused", async (_, lines, named) => {
  const { problems } = await read(ENV, { "server.yaml": `${ONE_REPOSITORY}${lines}\n` });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.place).toEqual({ file: "server.yaml", line: 3 });
  expect(`${problems[0]?.message} ${problems[0]?.help}`).toContain(named);
});

test("people sign in with the App's client, of server.yaml or of the environment", async () => {
  const client = { CLIENT_ID: "Iv23", CLIENT_SECRET: "of-the-environment" };
  const lines = (more: string) => ({
    "server.yaml": `${ONE_REPOSITORY}dashboard: { access: github${more} }\n`,
  });
  expect((await read({ ...ENV, ...client }, lines(""))).value?.oauth).toEqual({
    ...{ clientId: "Iv23", clientSecret: "of-the-environment" },
  });
  const written = await read({ ...ENV, ...client }, lines(", clientId: Iv1, clientSecret: written"));
  expect(written.value?.oauth).toEqual({ clientId: "Iv1", clientSecret: "written" });
  const { problems } = await read({ ...ENV, CLIENT_ID: "Iv23" }, lines(""));
  expect(problems.map(({ message }) => message)).toEqual([
    "dashboard.access: github needs the App's client id and a client secret.",
  ]);
});

test.each([
  ["a second spelling of the same repository", "url: https://Charts.example.com:443", "stakater's already"],
  ["credentials in a URL", "url: https://u:p@other.example.com", "no credentials"],
  ["a poll without a unit", "{ url: https://other.example.com, poll: 5 }", "duration"],
  ["an oci:// URL of another kind", "url: oci://other.example.com/charts", "kind: oci"],
  ["a password for nobody", "{ url: https://other.example.com, password: p }", "username"],
  ["a token and a username", "{ url: https://other.example.com, username: u, token: t }", "username"],
  ["a keyring that is not there", "{ url: https://other.example.com, keyring: none.asc }", "none.asc"],
])("a chart repository with %s is refused", async (_, written, named) => {
  const map = written.startsWith("{") ? written : `{ ${written} }`;
  const { problems } = await read(ENV, { "server.yaml": `${ONE_REPOSITORY}  other: ${map}\n` });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.place?.line).toBe(3);
  expect(`${problems[0]?.message} ${problems[0]?.help}`).toContain(named);
});

test("what a variable holds is never read as YAML, nor shown in a problem", async () => {
  const secret = "}\n  evil: { url: x }";
  const file = `${ONE_REPOSITORY}metrics: { token: \${SECRET}, tokn: \${SECRET} }\n`;
  const { problems } = await read({ ...ENV, SECRET: secret }, { "server.yaml": file });
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain("evil");
});

async function read(
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = { "server.yaml": ONE_REPOSITORY },
) {
  const settings = await readSettings(env, (path) => {
    const found = Object.entries(files).find(([name]) => path === name || path.endsWith(`/${name}`));
    return found ? Promise.resolve(new TextEncoder().encode(found[1])) : Promise.reject(new Error(path));
  });
  return settings.ok
    ? { value: settings.value, problems: [] }
    : { value: undefined, problems: settings.problems };
}

function key(type: "rsa" | "ec"): string {
  const { privateKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(privateKey.export({ type: "pkcs8", format: "pem" }));
}

// `check` in a checkout, with and without the operator's server.yaml: what it finds for each environment, and what matches nothing.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commandLine } from "../support/command-line.ts";

const ENTRY = (name: string, repository: string) =>
  `  - { name: ${name}, version: 1.0.0, repository: "${repository}" }\n`;
const UMBRELLA = "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chart-promoter-check-"));
  write({
    ".github/chart-promoter.yml": `environments:
  dev:
    path: dev
    charts: ["xposer*", "nothing-*"]
    deploy: [config-jenkins]
  prod: { path: prod, after: dev }
  gone: { path: nowhere }
  old: { path: dev, branch: release }
`,
    "dev/Chart.yaml": `${UMBRELLA}${ENTRY("xposer", "@stakater")}${ENTRY("other", "@stakater")}`,
    "prod/requirements.yaml": `dependencies:\n${ENTRY("xposer", "https://strange.example.com")}`,
    "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    "server.yaml": `chartRepositories:
  stakater: { url: https://charts.example.com }
deployers:
  config-jenkins: { webhook: https://jenkins.example.com, secret: "\${SECRET}", repositories: [acme/config] }
  idle: { webhook: https://idle.example.com, secret: "\${SECRET}", repositories: ["acme/*"] }
  strangers: { webhook: https://other.example.com, secret: "\${SECRET}", repositories: ["other/*"] }
`,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function check(...args: readonly string[]) {
  const { code, out, err } = await commandLine(["check", folder, ...args], { env: { SECRET: "hush" } });
  return { code, out: out + err };
}

const SERVER = () => ["--server-config", join(folder, "server.yaml"), "--repository", "acme/config"];

test("each environment's manifest, charts, chart repositories and deployers are told, and what matches nothing", async () => {
  const { code, out } = await check(...SERVER());
  expect(code).toBe(0);
  expect(out).toBe(`.github/chart-promoter.yml is right: dev, prod, gone, old

dev: dev/Chart.yaml
  xposer 1.0.0 from stakater
  deployers: config-jenkins
  warning: charts: "nothing-*" matches no dependency.

prod: prod/requirements.yaml
  xposer 1.0.0 from https://strange.example.com
  deployers: none, a merge is only recorded on GitHub
  warning: xposer comes from https://strange.example.com, which is no chart repository of server.yaml: it is never promoted.

gone: nowhere
  deployers: none, a merge is only recorded on GitHub
  warning: its folder nowhere has no umbrella chart: There is neither a Chart.yaml nor a requirements.yaml in the umbrella chart's folder.

old: dev
  deployers: none, a merge is only recorded on GitHub
  warning: its branch release is not looked at, since the checkout is taken for main.
.github/chart-promoter.yml, warning: the deployer idle of server.yaml is named by no environment.
`);
});

test("as JSON for programs", async () => {
  const { environments, problems } = JSON.parse((await check(...SERVER(), "--json")).out);
  expect(problems).toEqual([]);
  expect(environments[0]).toEqual({
    ...{ name: "dev", path: "dev", branch: "main", manifest: "Chart.yaml", deployers: ["config-jenkins"] },
    charts: [{ chart: "xposer", version: "1.0.0", chartRepository: "stakater", repository: "@stakater" }],
    warnings: ['charts: "nothing-*" matches no dependency.'],
  });
});

test("without a server.yaml nothing is said of what only that knows", async () => {
  const { code, out } = await check();
  expect(code).toBe(0);
  expect(out).toContain("  xposer 1.0.0 from @stakater\n");
  expect(out).not.toContain("server.yaml");
});

test("a deployer that this repository may not name is refused as the server would", async () => {
  const { code, out } = await check(...SERVER().slice(0, 2), "--repository", "other/config");
  expect(code).toBe(1);
  expect(out).toContain("config-jenkins");
});

test("a server.yaml that is not there, or not right, is told", async () => {
  expect(await check("--server-config", "nowhere.yaml")).toMatchObject({ code: 1 });
  write({ "broken.yaml": "chartRepositories: {}\nx: 1\n" });
  const { code, out } = await check("--server-config", join(folder, "broken.yaml"));
  expect(code).toBe(1);
  expect(out).toContain('the key "x" is not known');
});

// `init` in checkouts of many layouts: what it writes is what `check` takes.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findUmbrellas } from "../../src/cli/checkout/find-umbrellas.ts";
import { commandLine } from "../support/command-line.ts";

const CONFIG = ".github/chart-promoter.yml";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "chart-promoter-init-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function run(command: string, folder: string) {
  const { code, out, err } = await commandLine([command, folder]);
  return { code, out: out + err };
}

function checkout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(home, "checkout-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const HEAD = "apiVersion: v2\nname: umbrella\nversion: 0.1.0\n";
const ENTRY = "- name: billing\n  version: 1.0.0\n  repository: https://charts.example.com\n";
const UMBRELLA = `${HEAD}dependencies:\n${ENTRY}`;
const JSON_UMBRELLA = JSON.stringify({
  ...{ apiVersion: "v2", name: "umbrella", version: "0.1.0" },
  dependencies: [{ name: "billing", version: "1.0.0", repository: "https://charts.example.com" }],
});

test.each<readonly [layout: string, files: Readonly<Record<string, string>>, folders: readonly string[]]>([
  ["at the root", { "Chart.yaml": UMBRELLA }, [""]],
  ["below charts/, where that is no chart's own", { "charts/dev/Chart.yaml": UMBRELLA }, ["charts/dev"]],
  [
    "with subcharts, which are no environments",
    {
      "dev/Chart.yaml": UMBRELLA,
      "dev/charts/sub/Chart.yaml": UMBRELLA,
      "dev/templates/x/Chart.yaml": UMBRELLA,
    },
    ["dev"],
  ],
  ["below an umbrella", { "Chart.yaml": UMBRELLA, "prod/eu/Chart.yaml": UMBRELLA }, ["", "prod/eu"]],
  ["in JSON", { "dev/Chart.yaml": JSON_UMBRELLA }, ["dev"]],
  ["with quoted keys", { "dev/Chart.yaml": `${HEAD}"dependencies":\n${ENTRY}` }, ["dev"]],
  ["with a key in another case", { "dev/Chart.yaml": `${HEAD}Dependencies:\n${ENTRY}` }, ["dev"]],
  ["in a requirements.yaml", { "dev/requirements.yaml": `dependencies:\n${ENTRY}` }, ["dev"]],
])("finds umbrella charts %s", async (_, files, folders) => {
  expect(await findUmbrellas(checkout(files))).toEqual({ folders, leftOut: [] });
});

test("what it writes is what check takes", async () => {
  const names = ["01", "1e3", "null", "prod eu", "a/b", "a-b", "charts/dev"];
  const folder = checkout(Object.fromEntries(names.map((name) => [`${name}/Chart.yaml`, UMBRELLA])));
  expect(await run("init", folder)).toEqual({
    code: 0,
    out: `wrote ${join(folder, CONFIG)}\n`,
  });
  const { code, out } = await run("check", folder);
  expect([code, out.split("\n")[0]]).toEqual([
    0,
    `${CONFIG} is right: 01, 1e3, a-b-2, a-b, charts-dev, null, prod-eu`,
  ]);
  expect(out).not.toContain("warning");
});

test("charts that depend on nothing are no umbrellas, and what Helm cannot load is named", async () => {
  const none = checkout({ "a/Chart.yaml": HEAD, "b/Chart.yaml": `${HEAD}dependencies: []\n` });
  expect(await run("init", none)).toMatchObject({
    code: 1,
    out: expect.stringContaining("No umbrella chart"),
  });
  const broken = checkout({ "a/Chart.yaml": "name: {{ .name }}\n", "dev/Chart.yaml": UMBRELLA });
  expect((await run("init", broken)).out).toContain("left out a: Chart.yaml holds a template");
});

test("a file that is there stays as it is", async () => {
  const folder = checkout({ "dev/Chart.yaml": UMBRELLA, [CONFIG]: "environments: { mine: {} }\n" });
  expect(await run("init", folder)).toMatchObject({
    code: 1,
    out: expect.stringContaining("is there already"),
  });
  expect(readFileSync(join(folder, CONFIG), "utf8")).toBe("environments: { mine: {} }\n");
  const blocked = checkout({ "dev/Chart.yaml": UMBRELLA, ".github": "a file" });
  expect(await run("init", blocked)).toMatchObject({
    code: 1,
    out: expect.stringContaining("cannot be written"),
  });
});

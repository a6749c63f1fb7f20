// Odd index files: what real Helm finds in them, and what the bot finds.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { listVersions } from "../../../src/adapters/charts/list-versions.ts";
import { type PlainIndex, startPlainIndex } from "../../../src/sandbox/chartmuseum/plain-index.ts";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";
import { chartRepository } from "../../adapters/charts/repository.ts";
import { run } from "../program.ts";

let helm: string;
let server: PlainIndex;

beforeAll(async () => {
  helm = await helmBinary();
  server = await startPlainIndex({ etag: false });
}, 300_000);
afterAll(() => server.close());

const INDEX = `apiVersion: v1
entries:
  a:
  - name: a
    version: 1.0.0
    apiVersion: v2
    urls: [a-1.0.0.tgz]
`;
const entries = (name: string, ...versions: readonly string[]) =>
  JSON.stringify(versions.map((version) => ({ name, version, apiVersion: "v2", urls: ["a.tgz"] })));
const json = (text: string) => `{"apiVersion":"v1","entries":${text}}`;

test.each([
  ["plain", INDEX],
  ["with a second document", `${INDEX}---\nx: 1\n`],
  ["with a second document that is none", `${INDEX}---\n\t<<<: [ "`],
  ["with a marked end", `${INDEX}...\n{]`],
  ["with a chart of null", `${INDEX}  b: ~\n`],
  ["with an entry of null", `${INDEX}  b:\n  - ~\n`],
  ["with an entry without a name", INDEX.replace("  - name: a\n    version", "  - home: a\n    version")],
  ["with an entry whose version is none", INDEX.replace("1.0.0\n", "latest\n")],
  ["with a version of two numbers", INDEX.replace("1.0.0\n", '"1.10"\n')],
  ["with a key twice", `${INDEX}  a: []\n`],
  [
    "in JSON with a chart twice",
    json(`{"a":${entries("a", "1.0.0", "1.1.0")},"a":${entries("a", "2.0.0")}}`),
  ],
  ["in JSON with a chart twice, empty at last", json(`{"a":${entries("a", "1.0.0")},"a":[]}`)],
  [
    "in JSON with entries twice",
    `{"apiVersion":"v1","entries":{"a":${entries("a", "1.0.0")}},"entries":{"b":${entries("b", "2.0.0")}}}`,
  ],
  ["in JSON with a second document", `${json(`{"a":${entries("a", "1.0.0")}}`)}\n---\nx: 1\n`],
])("an index %s", async (_name, text) => {
  server.setIndex(text);
  expect(await foundByBot()).toEqual(await foundByHelm());
});

/** `chart version`, sorted; the reason does not matter where it is no index. */
async function foundByBot(): Promise<readonly string[] | "no index"> {
  const listed = await listVersions(chartRepository(server.url, { kind: "index" }));
  if (listed.kind !== "changed") return "no index";
  return [...listed.versions]
    .flatMap(([chart, list]) => list.map(({ version }) => `${chart} ${version}`))
    .sort();
}

async function foundByHelm(): Promise<readonly string[] | "no index"> {
  const folder = await mkdtemp(join(tmpdir(), "helm-index-"));
  const env = { ...process.env, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  try {
    await run(helm, ["repo", "add", "x", server.url], { env });
    const { stdout } = await run(helm, ["search", "repo", "x/", "--versions", "--devel", "-o", "json"], {
      env,
    });
    const charts: readonly { readonly name: string; readonly version: string }[] = JSON.parse(stdout);
    return charts.map(({ name, version }) => `${name.replace("x/", "")} ${version}`).sort();
  } catch {
    return "no index";
  } finally {
    await rm(folder, { recursive: true });
  }
}

// What is judged of a new version when the present one's archive is not at hand.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { judgeJob } from "../../src/chart-tools/review-job.ts";
import { judgeRendering } from "../../src/domain/check/judge-rendering.ts";
import { parseConfig } from "../../src/domain/config/parse.ts";
import { readUmbrella } from "../../src/domain/umbrella/read-umbrella.ts";
import { foldersToRender, valuesTexts } from "../../src/reconcile/promotion/text/folders-to-render.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";

const GONE = { kind: "missing", because: "it was deleted." } as const;

function texts(version: string): ReadonlyMap<string, string> {
  const dependency = `{ name: web, version: ${version}, repository: "https://charts.example.com" }`;
  return new Map([
    ["Chart.yaml", `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies: [${dependency}]\n`],
    ["values.yaml", "web:\n  replicas: two\n"],
  ]);
}

type ChartFiles = { readonly [path: string]: string | Uint8Array };

/** The findings of a move to a chart with these files. */
async function judged(files: ChartFiles, helm?: string) {
  return judgeRendering(await judgementOf(files, helm), undefined);
}

async function judgementOf(files: ChartFiles, helm?: string) {
  const config = parseConfig("environments: { dev: {} }", {
    ...{ repository: "acme/config", defaultBranch: "main", deployers: [], file: "chart-promoter.yml" },
  });
  if (!config.ok) throw new Error("no config");
  const [environment] = config.value.environments;
  if (environment === undefined) throw new Error("no environment");
  const bytes = packChart({ name: "web", version: "2.0.0", files });
  const moved = { chart: "web", keys: ["web"], from: "1.0.0", to: "2.0.0" };
  const charts = [{ ...moved, before: GONE, after: { kind: "packed", bytes } as const }];
  const [before, after] = [texts("1.0.0"), texts("2.0.0")];
  const folder = (given: typeof before) => ({ texts: given, umbrella: readUmbrella(given, new Map()) });
  const toRender = foldersToRender({
    ...{ charts, environment },
    before: folder(before),
    after: folder(after),
  });
  const valuesFiles = valuesTexts(environment, ["web"], after);
  const { cluster } = environment;
  return judgeJob({ cluster, umbrella: "umbrella", charts, valuesFiles, toRender }, helm);
}

const UNCOMPARED = "the archive of web 1.0.0 could not be read: it was deleted";

test("a chart that Helm takes is said to render, and not to be compared", async () => {
  const template = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n";
  expect(await judged({ "templates/web.yaml": template }, await helmBinary())).toEqual([
    { level: "fine", sentence: "It renders with this environment's values." },
    { level: "warning", sentence: `What it changes is not known: ${UNCOMPARED}.` },
  ]);
});

test.each<[string, ChartFiles, RegExp]>([
  [
    "a template refuses",
    { "templates/web.yaml": '{{ fail "host must be set" }}' },
    /does not render .*host must be set/,
  ],
  [
    "a schema refuses",
    { "values.schema.json": '{ "properties": { "replicas": { "type": "integer" } } }' },
    /`?web\.replicas`? does not fit/,
  ],
])("a chart that %s fails all the same", async (_, files, sentence) => {
  expect(await judged(files, await helmBinary())).toEqual([
    expect.objectContaining({ level: "failure", sentence: expect.stringMatching(sentence) }),
  ]);
});

test("its images are known without the present version", async () => {
  const pod =
    "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: web:2 }] }\n";
  const { images } = await judgementOf({ "templates/web.yaml": pod }, await helmBinary());
  expect(images).toEqual(["web:2"]);
});

test("without Helm nothing is said to render", async () => {
  const [finding, ...others] = await judged({});
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ level: "warning", sentence: expect.stringContaining("no helm program") });
});

describe("a schema that leads to a file of this machine", () => {
  const SECRET = "s3cret-of-this-machine";
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "schema-files-"));
    await writeFile(join(folder, "s.json"), JSON.stringify({ properties: { replicas: { const: SECRET } } }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const TEMPLATE = { "templates/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n" };
  const schema = (reference: string) => JSON.stringify({ type: "object", allOf: [{ $ref: reference }] });
  const db = (text: string) =>
    packChart({
      name: "db",
      version: "1.0.0",
      values: "replicas: 1\n",
      files: { "values.schema.json": text },
    });

  const CASES: readonly (readonly [what: string, files: (path: string) => ChartFiles, chart: string])[] = [
    ["by its address", (path) => ({ "values.schema.json": schema(`file://${path}`) }), "web"],
    ["by an address in capitals", (path) => ({ "values.schema.json": schema(`FILE://${path}`) }), "web"],
    ["by a path", (path) => ({ "values.schema.json": schema(path) }), "web"],
    ["by a path below the root", (path) => ({ "values.schema.json": schema(path.slice(1)) }), "web"],
    [
      "by a key that is escaped",
      (path) => ({ "values.schema.json": schema(`file://${path}`).replace("$ref", "\\u0024ref") }),
      "web",
    ],
    ["as its draft", (path) => ({ "values.schema.json": `{"$schema":"file://${path}"}` }), "web"],
    ["in a packed subchart", (path) => ({ "charts/db-1.0.0.tgz": db(schema(`file://${path}`)) }), "db"],
  ];

  test.each(CASES)("%s is not tried, and nothing of the file is told", async (_what, files, chart) => {
    const { verdict, ...judgement } = await judgementOf(
      { ...TEMPLATE, ...files(join(folder, "s.json")) },
      await helmBinary(),
    );
    const output = JSON.stringify([verdict, judgement, judgeRendering({ verdict, ...judgement }, undefined)]);
    expect(output).toContain("a file of the machine that reads it");
    expect(output).toContain(chart);
    expect(output).not.toContain(SECRET);
  });

  test("and one that leads to itself, or to a server, is tried", async () => {
    const own = {
      type: "object",
      $defs: { n: { type: "integer" } },
      properties: { replicas: { $ref: "#/$defs/n" } },
    };
    const output = JSON.stringify(
      await judged({ ...TEMPLATE, "values.schema.json": JSON.stringify(own) }, await helmBinary()),
    );
    expect(output).toContain("got string, want integer");
    expect(output).not.toContain("a file of the machine");
  });
});

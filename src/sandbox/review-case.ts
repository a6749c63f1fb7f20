// A case of fixtures/pull-request-body as facts: short where details do not matter, with real Helm where stated.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { load } from "js-yaml";
import * as z from "zod";
import type { UmbrellaInput } from "../adapters/helm/chart-folder.ts";
import { probeValues } from "../adapters/helm/probe-values.ts";
import { renderBoth } from "../adapters/helm/render-both.ts";
import type { Archive } from "../domain/model/chart/archive.ts";
import type { SignatureVerdict } from "../domain/model/chart/signature.ts";
import type {
  ChartFacts,
  Opened,
  PullRequestFacts,
  Rendered,
  RenderedSide,
  Renderings,
  SchemaVerdict,
  TextFile,
} from "../domain/pull-request-body/facts.ts";
import type { TreePath } from "../domain/pull-request-body/manifests/tree.ts";
import { templateAsks } from "../domain/pull-request-body/rendering/template-asks.ts";
import { valuesToProbe, wholePath } from "../domain/pull-request-body/values/probe-values.ts";
import { checkValues, valuesToCheck } from "../domain/pull-request-body/values/schema.ts";
import { helmBinary } from "./helm-binary.ts";

const CHARTS = join(import.meta.dirname, "../../fixtures/charts");

/** Texts by path, or the name of a folder in fixtures/charts, or why there is nothing. */
const openedSchema = z.union([
  z.record(z.string(), z.string()),
  z.string(),
  z.strictObject({ because: z.string() }),
]);

const chartSchema = z.strictObject({
  chart: z.string(),
  keys: z.array(z.string()).optional(),
  from: z.string(),
  to: z.string(),
  repositoryUrl: z.string().default("https://charts.example.com"),
  publish: z
    .strictObject({
      publisher: z.string().default("pipeline"),
      at: z.string().default("2026-11-20T09:30:00Z"),
      digest: z.string().optional(),
      source: z
        .strictObject({
          repository: z.string().optional(),
          revision: z.string().optional(),
          build: z.string().optional(),
        })
        .default({}),
    })
    .prefault({}),
  signature: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("unasked") }),
      z.strictObject({ kind: z.literal("valid"), signer: z.string() }),
      z.strictObject({ kind: z.enum(["invalid", "unknown"]), because: z.string() }),
    ])
    .default({ kind: "unasked" }),
  before: openedSchema.default({}),
  after: openedSchema.default({}),
  between: z
    .array(
      z.strictObject({
        version: z.string(),
        deprecated: z.boolean().default(false),
        created: z.string().optional(),
        annotations: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
  superseded: z.array(z.string()).default([]),
  elsewhere: z.array(z.strictObject({ environment: z.string(), version: z.string() })).default([]),
  commits: z
    .strictObject({
      compareUrl: z.string(),
      total: z.number(),
      commits: z.array(z.strictObject({ sha: z.string(), headline: z.string(), author: z.string() })),
    })
    .optional(),
  schema: z.strictObject({ kind: z.literal("unchecked"), because: z.string() }).optional(),
});

/** A rendering, or Helm's error. */
const sideSchema = z.union([z.string(), z.strictObject({ fails: z.string() })]);

const renderedSchema = z.union([
  z.literal("helm"),
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("rendered"), before: sideSchema, after: sideSchema }),
    z.strictObject({ kind: z.literal("not-rendered"), because: z.string() }),
  ]),
]);

const caseSchema = z.strictObject({
  /** The purpose of the case, for readers. */
  about: z.string(),
  environment: z.string().default("prod"),
  charts: z.array(chartSchema).min(1),
  valuesFiles: z.record(z.string(), z.string()).default({}),
  rendered: renderedSchema.optional(),
  /** Dotted paths of values without effect; determined by Helm if it renders. */
  unread: z.array(z.string()).optional(),
  notes: z.array(z.string()).default([]),
  policy: z
    .strictObject({ satisfied: z.array(z.string()).default([]), pending: z.array(z.string()).default([]) })
    .prefault({}),
});

type CaseChart = z.infer<typeof chartSchema>;
type Side = "before" | "after";

/** Reads `facts.yaml` of a case's folder; rejects when it does not match the schema above. */
export async function readReviewCase(folder: string): Promise<PullRequestFacts> {
  const written = caseSchema.parse(load(await readFile(join(folder, "facts.yaml"), "utf8")));
  const valuesFiles = Object.entries(written.valuesFiles).map(([path, text]) => ({ path, text }));
  const schemas = written.rendered === "helm" ? "left to Helm" : "tried";
  const [first, ...rest] = await Promise.all(
    written.charts.map((chart) => chartFacts(chart, valuesFiles, schemas)),
  );
  if (first === undefined) throw new Error(`${folder} has no chart`);
  const rendered = await renderedOf(written, valuesFiles);
  const charts: PullRequestFacts["charts"] = [first, ...rest];
  const unread =
    written.rendered === "helm" && rendered?.kind === "rendered"
      ? await unreadByHelm({ written, charts, valuesFiles, rendered })
      : written.unread?.map((path) => path.split("."));
  return {
    environment: written.environment,
    cluster: CLUSTER,
    umbrella: "umbrella",
    charts,
    valuesFiles,
    ...(rendered && { rendered }),
    ...(unread && { unreadValues: unread }),
    notes: written.notes,
    policy: written.policy,
    githubWeb: "https://github.com",
  };
}

const CLUSTER = { release: "shop", namespace: "shop", apiVersions: [] };

async function renderedOf(
  { rendered, charts }: z.infer<typeof caseSchema>,
  valuesFiles: readonly TextFile[],
): Promise<Rendered | undefined> {
  if (rendered === undefined) return undefined;
  if (rendered === "helm") return renderCase(charts, valuesFiles);
  if (rendered.kind === "not-rendered") return { ...rendered, why: "impossible" };
  const [before, after] = [sideOf(rendered.before), sideOf(rendered.after)];
  return {
    kind: "rendered",
    before,
    after,
    as: { kind: "upgrade" },
    unstated: [],
    kubeVersionAssumed: false,
  };
}

function sideOf(written: z.infer<typeof sideSchema>): RenderedSide {
  return typeof written === "string"
    ? { kind: "rendered", first: written, second: written, refused: [], untried: [] }
    : { kind: "failed", message: written.fails };
}

function signatureOf(written: CaseChart["signature"]): SignatureVerdict {
  if (!("because" in written)) return written;
  const { kind, because: message } = written;
  return { kind, problem: { code: "provenance-invalid", message, help: "" } };
}

async function chartFacts(
  written: CaseChart,
  valuesFiles: readonly TextFile[],
  schemas: "left to Helm" | "tried",
): Promise<ChartFacts> {
  const {
    publish,
    schema: unchecked,
    keys = [written.chart],
    commits,
    between,
    signature,
    ...plain
  } = written;
  const [before, after] = await Promise.all([opened(written, "before"), opened(written, "after")]);
  const schema = unchecked ?? (schemas === "tried" ? schemaVerdict(after, { keys, valuesFiles }) : undefined);
  return {
    ...plain,
    signature: signatureOf(signature),
    keys,
    before,
    after,
    between: between.map(({ created, ...version }) => ({
      ...version,
      ...(created !== undefined && { created: new Date(created) }),
    })),
    ...(commits && { commits }),
    ...(schema && { schema }),
    publish: {
      id: "case",
      chart: written.chart,
      version: written.to,
      repository: "charts",
      values: {},
      publisher: publish.publisher,
      at: new Date(publish.at),
      state: "verified",
      ...(publish.digest !== undefined && { digest: publish.digest }),
      source: Object.fromEntries(Object.entries(publish.source).filter(([, value]) => value !== undefined)),
    },
  };
}

function schemaVerdict(
  after: Opened,
  about: { readonly keys: readonly string[]; readonly valuesFiles: readonly TextFile[] },
): SchemaVerdict | undefined {
  const values = after.kind === "opened" ? valuesToCheck(after.archive, about) : undefined;
  return values && checkValues(values);
}

async function opened(written: CaseChart, side: Side): Promise<Opened> {
  const source = written[side];
  if (typeof source === "object" && "because" in source)
    return { kind: "missing", because: String(source["because"]) };
  const files =
    typeof source === "string" ? await folderFiles(join(CHARTS, source)) : new Map(Object.entries(source));
  return {
    kind: "opened",
    archive: archive(files, { name: written.chart, version: side === "before" ? written.from : written.to }),
  };
}

async function folderFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const texts = await Promise.all(
    paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")] as const),
  );
  return new Map(texts);
}

const metadataSchema = z.object({
  apiVersion: z.enum(["v1", "v2"]).default("v2"),
  appVersion: z.coerce.string().optional(),
  kubeVersion: z.string().optional(),
  deprecated: z.boolean().default(false),
  home: z.string().optional(),
  sources: z.array(z.string()).default([]),
  annotations: z.record(z.string(), z.string()).default({}),
  dependencies: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        repository: z.string().default(""),
        alias: z.string().optional(),
      }),
    )
    .default([]),
});

/** As if packed; the digest is of the texts, so that it is the same on every machine. */
function archive(
  files: ReadonlyMap<string, string>,
  identity: { readonly name: string; readonly version: string },
): Archive {
  const { appVersion, kubeVersion, home, dependencies, ...metadata } = metadataSchema.parse(
    load(files.get("Chart.yaml") ?? "{}") ?? {},
  );
  const digest = createHash("sha256")
    .update(JSON.stringify([identity, ...files]))
    .digest("hex");
  return {
    digest: `sha256:${digest}`,
    metadata: {
      ...metadata,
      ...identity,
      ...(appVersion !== undefined && { appVersion }),
      ...(kubeVersion !== undefined && { kubeVersion }),
      ...(home !== undefined && { home }),
      dependencies: dependencies.map(({ alias, ...dependency }) => ({
        ...dependency,
        ...(alias !== undefined && { alias }),
      })),
    },
    files: new Map([...files].map(([path, text]) => [path, new TextEncoder().encode(text)])),
  };
}

async function renderCase(charts: readonly CaseChart[], valuesFiles: readonly TextFile[]): Promise<Rendered> {
  const [before, after] = await Promise.all([
    umbrellaOf(charts, "before", valuesFiles),
    umbrellaOf(charts, "after", valuesFiles),
  ]);
  const asks = templateAsks([...before.umbrellaFiles.values(), ...after.umbrellaFiles.values()]);
  return renderBoth(await helmBinary(), { before, after, cluster: CLUSTER, asks, untriedSchemas: [] });
}

interface Probed {
  readonly written: z.infer<typeof caseSchema>;
  readonly charts: PullRequestFacts["charts"];
  readonly valuesFiles: readonly TextFile[];
  readonly rendered: Renderings;
}

async function unreadByHelm({
  written,
  charts,
  valuesFiles,
  rendered,
}: Probed): Promise<readonly TreePath[]> {
  const after = await umbrellaOf(written.charts, "after", valuesFiles);
  const asks = templateAsks([...after.umbrellaFiles.values()]);
  const probe = { after, cluster: CLUSTER, asks, rendered };
  const unread = await probeValues(await helmBinary(), probe, valuesToProbe(charts, valuesFiles));
  return unread.map(wholePath);
}

/** An umbrella chart with the charts of the case as folders. */
async function umbrellaOf(
  charts: readonly CaseChart[],
  side: Side,
  valuesFiles: readonly TextFile[],
): Promise<UmbrellaInput> {
  const dependencies = charts.map(({ chart, from, to }) => ({
    name: chart,
    version: side === "before" ? from : to,
    repository: "https://charts.example.com",
  }));
  const umbrella = { apiVersion: "v2", name: "umbrella", version: "0.1.0", dependencies };
  const files = new Map<string, string>([
    ["Chart.yaml", JSON.stringify(umbrella)],
    ...valuesFiles.map(({ path, text }) => [path, text] as const),
  ]);
  for (const chart of charts) {
    const source = chart[side];
    if (typeof source === "object" && "because" in source) throw new Error(`${chart.chart} is not at hand`);
    const own = typeof source === "string" ? await folderFiles(join(CHARTS, source)) : Object.entries(source);
    for (const [path, text] of own) files.set(`charts/${chart.chart}/${path}`, text);
  }
  return {
    umbrellaFiles: files,
    archives: new Map(),
    valuesFiles: valuesFiles.map(({ path }) => path),
  };
}

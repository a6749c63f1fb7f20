// Whether Helm takes an environment with the new version: the one judgement that the text and the check are made from.

import { clip } from "../../model/clip.ts";
import { parseConstraint, satisfies } from "../../versions/constraint.ts";
import { parseVersion } from "../../versions/version.ts";
import type {
  ChartFacts,
  NotRendered,
  PullRequestFacts,
  RenderedAs,
  RenderedSide,
  Renderings,
  SchemaWords,
} from "../facts.ts";
import { dotted, type TreePath } from "../manifests/tree.ts";
import { readTemplateFault } from "./helm-words.ts";
import { placeOfValue, type ValuePlace, valuesOfChart } from "./value-place.ts";

export type RenderingVerdict =
  /** `uncompared`: why the present version was not rendered, without a full stop; absent when it was. */
  | {
      readonly kind: "renders";
      readonly uncompared?: string;
      /** Schemas that nobody tried the values against; absent when there are none. */
      readonly untried?: SchemaWords["untried"];
    }
  | {
      readonly kind: "refused";
      readonly refusals: readonly [Refusal, ...Refusal[]];
      /** What became of the version before: where that is refused too, this change is not to blame. */
      readonly before: "rendered" | "refused" | "unknown";
    }
  | {
      readonly kind: "unknown";
      /** As of `NotRendered`; `cluster`: its templates look into a cluster, and none is there. */
      readonly why: NotRendered["why"] | "cluster";
      readonly because: string;
    };

export interface Refusal {
  readonly kind: "schema" | "template" | "kubernetes";
  /** Without a full stop; what stands between backticks is code. */
  readonly sentence: string;
  /** The value that a schema refuses, from the umbrella down. */
  readonly value?: TreePath;
  /** Where the value stands, when it is known. */
  readonly place?: ValuePlace;
}

/** "values.yaml:4" */
export function placeText({ file, line }: ValuePlace): string {
  return `${file}:${line}`;
}

/** A chart as far as a judgement goes. */
export type ChartInVerdict = Pick<
  ChartFacts,
  "chart" | "keys" | "from" | "to" | "before" | "after" | "schema"
>;

export interface JudgedFacts
  extends Pick<PullRequestFacts, "valuesFiles" | "cluster" | "rendered" | "umbrella"> {
  readonly charts: readonly ChartInVerdict[];
}

export function verdictOf(facts: JudgedFacts): RenderingVerdict {
  const { rendered } = facts;
  if (rendered?.kind !== "rendered")
    return rendered?.alone ? alone(rendered.alone, rendered.because, facts) : withoutHelm(facts, rendered);
  const [first, ...rest] = refusalsOf("after", rendered, facts);
  if (first === undefined) return asUpgrade(rendered) ?? { kind: "renders", ...untried(rendered) };
  const before = refusalsOf("before", rendered, facts).length > 0 ? "refused" : "rendered";
  return { kind: "refused", refusals: [first, ...rest], before };
}

/** Of the new version by itself. */
function alone(rendered: Renderings, uncompared: string, facts: JudgedFacts): RenderingVerdict {
  const [first, ...rest] = refusalsOf("after", rendered, facts);
  if (first !== undefined) return { kind: "refused", refusals: [first, ...rest], before: "unknown" };
  const verdict = asUpgrade({ as: withoutBefore(rendered.as) });
  return verdict?.kind === "refused"
    ? { ...verdict, before: "unknown" }
    : (verdict ?? { kind: "renders", uncompared, ...untried(rendered) });
}

function untried({ after }: Renderings): { readonly untried?: SchemaWords["untried"] } {
  return after.kind === "rendered" && after.untried.length > 0 ? { untried: after.untried } : {};
}

function withoutBefore(as: RenderedAs): RenderedAs {
  if (as.kind === "upgrade") return as;
  const { before: _, ...after } = as;
  return after;
}

/** Only the schemas of the charts themselves are tried without Helm. */
function withoutHelm(facts: JudgedFacts, rendered: NotRendered | undefined): RenderingVerdict {
  const schema = facts.charts.flatMap((chart) => schemaErrors(chart, facts));
  const [first, ...rest] = [...schema, ...kubernetes("after", facts)];
  if (first !== undefined) return { kind: "refused", refusals: [first, ...rest], before: "unknown" };
  const { why, because } = rendered ?? { why: "impossible", because: "nobody rendered it" };
  return { kind: "unknown", why, because };
}

/** The values that a schema refuses. */
export function refusedValues(verdict: RenderingVerdict): readonly TreePath[] {
  return verdict.kind === "refused" ? verdict.refusals.flatMap(({ value }) => (value ? [value] : [])) : [];
}

function refusalsOf(which: "before" | "after", rendered: Renderings, facts: JudgedFacts): readonly Refusal[] {
  return [...words(rendered[which], facts), ...kubernetes(which, facts)];
}

function words(side: RenderedSide, facts: JudgedFacts): readonly Refusal[] {
  if (side.kind === "failed") return [templateRefusal(side.message, facts)];
  return side.refused.map(({ chart, path, message }): Refusal => {
    const above = valuesOfChart(chart, path, facts);
    const whole = above && [...above, ...path];
    const place = whole && placeOfValue(whole, facts.valuesFiles);
    const what = whole === undefined ? `${pathText(path)} of \`${chart}\`` : pathText(whole);
    return {
      kind: "schema",
      sentence: `${what} does not fit the schema of \`${chart}\`: ${clip(message, MESSAGE)}`,
      ...(whole && { value: whole }),
      ...(place && { place }),
    };
  });
}

/** Characters: a schema may list a million values that it takes, and a template may fail with as long a word. */
const MESSAGE = 1_000;

function pathText(path: TreePath): string {
  return path.length === 0 ? "What is set here" : `\`${dotted(path)}\``;
}

/** Helm's words, with the value that they are about where a file of the environment sets it. */
function templateRefusal(message: string, facts: JudgedFacts): Refusal {
  const fault = readTemplateFault(message);
  const [, ...keys] = fault?.charts ?? [];
  const place = fault && placeOfValue([...keys, ...fault.path], facts.valuesFiles);
  return { kind: "template", sentence: inOneLine(message), ...(place && { place }) };
}

/** What a template says of itself comes before where it stands. */
function inOneLine(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return clip(line.replace(/^execution error at \(([^()]+)\): (.+)$/, "$2 (execution error at $1)"), MESSAGE);
}

function schemaErrors(chart: ChartInVerdict, { valuesFiles }: JudgedFacts): readonly Refusal[] {
  const { schema } = chart;
  if (schema?.kind !== "checked") return [];
  return schema.errors.map(({ key, path, message }): Refusal => {
    const value = path[0] === "global" ? path : [key, ...path];
    const place = placeOfValue(value, valuesFiles);
    return {
      kind: "schema",
      sentence: `${pathText([key, ...path])} does not fit the schema of \`${chart.chart}\`: ${clip(message, MESSAGE)}`,
      value,
      ...(place && { place }),
    };
  });
}

/** Helm holds an umbrella to its own `kubeVersion` only, and installs a dependency on any cluster: its author knows better. */
function kubernetes(which: "before" | "after", { charts, cluster }: JudgedFacts): readonly Refusal[] {
  const { kubeVersion } = cluster;
  if (kubeVersion === undefined) return [];
  return charts.flatMap((chart): readonly Refusal[] => {
    const { [which]: opened, from, to } = chart;
    const constraint = opened.kind === "opened" ? opened.archive.metadata.kubeVersion : undefined;
    if (constraint === undefined || admits(constraint, kubeVersion)) return [];
    const version = which === "before" ? from : to;
    return [
      {
        kind: "kubernetes",
        sentence: `\`${chart.chart}\` \`${version}\` asks for Kubernetes \`${constraint}\`, and this environment states \`${kubeVersion}\``,
      },
    ];
  });
}

/** A constraint that nobody can read refuses nothing here: Helm says so itself. */
function admits(constraint: string, kubeVersion: string): boolean {
  const [parsed, version] = [parseConstraint(constraint), parseVersion(kubeVersion)];
  return !parsed.ok || version === undefined || satisfies(version, parsed.value);
}

/** Renders only as an installation: known to be well where that was so before, or only for want of a cluster. */
function asUpgrade({ as }: Pick<Renderings, "as">): RenderingVerdict | undefined {
  if (as.kind === "upgrade" || as.after === undefined) return undefined;
  const words = `as an upgrade it does not render: ${inOneLine(as.after)}`;
  if (!as.lookups) {
    const refusal: Refusal = { kind: "template", sentence: words };
    return {
      kind: "refused",
      refusals: [refusal],
      before: as.before === undefined ? "rendered" : "refused",
    };
  }
  return as.before === undefined
    ? {
        kind: "unknown",
        why: "cluster",
        because: `${words}; its templates look into the cluster, which cannot be done here`,
      }
    : undefined;
}

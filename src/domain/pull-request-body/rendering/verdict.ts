// Whether Helm accepts an environment with the new version: the judgement for both the text and the check.

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
      /** Schemas that could not be applied to the values; absent when there are none. */
      readonly untried?: SchemaWords["untried"];
    }
  | {
      readonly kind: "refused";
      readonly refusals: readonly [Refusal, ...Refusal[]];
      /** The result for the version before: if that is refused as well, this change is not the cause. */
      readonly before: "rendered" | "refused" | "unknown";
    }
  | {
      readonly kind: "unknown";
      /** As in `NotRendered`; `cluster`: its templates use `lookup`, and there is no cluster. */
      readonly why: NotRendered["why"] | "cluster";
      readonly because: string;
    };

export interface Refusal {
  readonly kind: "schema" | "template" | "kubernetes";
  /** Without a full stop; text between backticks is code. */
  readonly sentence: string;
  /** Path of the value that a schema rejects, from the umbrella's root. */
  readonly value?: TreePath;
  /** The place of the value, when it is known. */
  readonly place?: ValuePlace;
}

/** "values.yaml:4" */
export function placeText({ file, line }: ValuePlace): string {
  return `${file}:${line}`;
}

/** The facts about a chart that a judgement needs. */
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

/** For the new version alone. */
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

/** Without Helm only the charts' own schemas are applied. */
function withoutHelm(facts: JudgedFacts, rendered: NotRendered | undefined): RenderingVerdict {
  const schema = facts.charts.flatMap((chart) => schemaErrors(chart, facts));
  const [first, ...rest] = [...schema, ...kubernetes("after", facts)];
  if (first !== undefined) return { kind: "refused", refusals: [first, ...rest], before: "unknown" };
  const { why, because } = rendered ?? { why: "impossible", because: "nobody rendered it" };
  return { kind: "unknown", why, because };
}

/** Paths of the values that a schema rejects. */
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

/**
 * Maximum length of a message, in characters: a schema may list a million allowed values, and a template may fail with
 * any text.
 */
const MESSAGE = 1_000;

function pathText(path: TreePath): string {
  return path.length === 0 ? "What is set here" : `\`${dotted(path)}\``;
}

/** Helm's message, with the value that it is about if a file of the environment sets it. */
function templateRefusal(message: string, facts: JudgedFacts): Refusal {
  const fault = readTemplateFault(message);
  const [, ...keys] = fault?.charts ?? [];
  const place = fault && placeOfValue([...keys, ...fault.path], facts.valuesFiles);
  return { kind: "template", sentence: inOneLine(message), ...(place && { place }) };
}

/** A template's own message comes before its location. */
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

/**
 * Helm checks only an umbrella's own `kubeVersion`, and installs a dependency on any cluster: its author knows better.
 */
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

/** An unreadable constraint rejects nothing here: Helm reports it itself. */
function admits(constraint: string, kubeVersion: string): boolean {
  const [parsed, version] = [parseConstraint(constraint), parseVersion(kubeVersion)];
  return !parsed.ok || version === undefined || satisfies(version, parsed.value);
}

/** The verdict when the new version renders only as an installation; `undefined` when that is no reason to refuse it. */
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

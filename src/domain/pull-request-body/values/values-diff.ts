// What the new default values mean for this environment: keys that it sets and that were removed, changed their type,
// or got another default.

import type { ChartFacts, PullRequestFacts } from "../facts.ts";
import { dotted, isTree, type TreePath } from "../manifests/tree.ts";
import { clip, code } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";
import { isSecretName } from "../redaction/secret-names.ts";
import type { Risk } from "../risks/risk.ts";
import type { DefaultChange } from "./defaults.ts";
import { comparedDefaults, type OwnValue, ownValues, prefixesOf } from "./lost-defaults.ts";
import { lostRisks, typeRisks } from "./values-risks.ts";

export interface ValuesReview {
  readonly risks: readonly Risk[];
  readonly section?: Section;
}

export interface ValuesFacts extends Pick<PullRequestFacts, "valuesFiles" | "unreadValues"> {
  /** Values that a schema refuses. */
  readonly refused: readonly TreePath[];
}

/** `unreadValues`: paths of values without effect on the rendered manifests; absent when not probed. */
export function reviewValues(
  chart: ChartFacts,
  { valuesFiles, unreadValues, refused }: ValuesFacts,
  title: string,
): ValuesReview {
  const compared = comparedDefaults(chart);
  if (compared === undefined) return { risks: [] };
  const own = ownValues(chart, valuesFiles);
  const section = defaultsSection(compared.changes, own, title);
  return {
    risks: [
      ...lostRisks(chart, compared, { own, unreadValues, refused }),
      ...typeRisks(chart, compared.changes, own),
    ],
    ...(section && { section }),
  };
}

const ORDER = ["removed", "changed", "added"] as const;

function defaultsSection(
  changes: readonly DefaultChange[],
  own: readonly OwnValue[],
  title: string,
): Section | undefined {
  if (changes.length === 0) return undefined;
  const sorted = ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind));
  const here = ownByPath(own);
  const counts = ORDER.map((kind) => [changes.filter((change) => change.kind === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`);
  const touched = sorted.filter(({ path }) => here.has(JSON.stringify(path))).length;
  return {
    title,
    summary: counts.join(", ") + (touched === 0 ? "" : `, ${touched} of them set here`),
    shown: "folded",
    head: "| Key | was | will be | here |\n|---|---|---|---|",
    items: sorted.slice(0, MOST_ROWS).map((change) => row(change, here)),
    ...(sorted.length > MOST_ROWS && { cut: sorted.length - MOST_ROWS }),
    unit: "keys",
    join: "\n",
  };
}

/** More rows would exceed the longest body anyway. */
const MOST_ROWS = 3_000;

interface Here {
  /** How many values are set at this path or below. */
  readonly count: number;
  readonly first: OwnValue;
}

/** The environment's values at or below each path, in their order. */
function ownByPath(own: readonly OwnValue[]): ReadonlyMap<string, Here> {
  const here = new Map<string, Here>();
  for (const value of own) {
    for (const path of prefixesOf(value.path)) {
      const key = JSON.stringify(path);
      const known = here.get(key);
      here.set(key, known ? { ...known, count: known.count + 1 } : { count: 1, first: value });
    }
  }
  return here;
}

function row(change: DefaultChange, here: ReadonlyMap<string, Here>): string {
  const before = change.kind === "added" ? "–" : shown(change.path, change.before);
  const after = change.kind === "removed" ? "**gone**" : shown(change.path, change.after);
  const mine = setHere(change.path, here.get(JSON.stringify(change.path)));
  return `| ${code(clip(dotted(change.path), 200))} | ${before} | ${after} | ${mine} |`;
}

function setHere(path: TreePath, here: Here | undefined): string {
  if (here === undefined) return "";
  const { count, first } = here;
  return count > 1 || first.path.length > path.length ? `${count} set` : `set to ${shown(path, first.value)}`;
}

function shown(path: TreePath, value: unknown): string {
  if (path.some(isSecretName) && typeof value === "string" && value !== "") return code("••••••");
  if (isTree(value) && Object.keys(value).length > 0) return `a map of ${Object.keys(value).length}`;
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length}`;
  return code(clip(typeof value === "string" ? value : (JSON.stringify(value) ?? ""), 80));
}

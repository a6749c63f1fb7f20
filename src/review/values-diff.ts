// What a new version's default values mean to this environment: which keys it sets have gone, changed their kind, or keep
// its own word over a new default.

import { compareDefaults, type DefaultChange, defaultsOf, typeName } from "./defaults.ts";
import { environmentValues, type Override } from "./environment-values.ts";
import { clip, code } from "./escape.ts";
import type { ChartFacts, TextFile } from "./facts.ts";
import { isSecretName } from "./redact.ts";
import type { Risk } from "./risk.ts";
import type { Section } from "./section.ts";
import { dotted, isTree, type Path, same } from "./tree.ts";

export interface ValuesReview {
  readonly risks: readonly Risk[];
  readonly section?: Section;
}

interface Own extends Override {
  readonly key: string;
}

export function reviewValues(chart: ChartFacts, files: readonly TextFile[], title: string): ValuesReview {
  const [before, after] = [defaultsOf(chart.before), defaultsOf(chart.after)];
  if (before === undefined || after === undefined) return { risks: [] };
  const changes = compareDefaults(before, after);
  const own = chart.keys.flatMap((key) =>
    environmentValues(files, key).overrides.map((override) => ({ ...override, key })),
  );
  const section = defaultsSection(changes, own, title);
  return {
    risks: own.flatMap((override) => riskOf(override, changes, chart.to)),
    ...(section && { section }),
  };
}

/** A value of the environment's that the new version does not understand any more. */
function riskOf(own: Own, changes: readonly DefaultChange[], to: string): readonly Risk[] {
  if (own.value === null) return [];
  const what = `you set ${code(dotted([own.key, ...own.path]))} (${code(`${own.file}:${own.line}`)})`;
  const gone = changes.find((change) => change.kind === "removed" && isWithin(own.path, change.path));
  if (gone?.kind === "removed") {
    return [{ level: "danger", text: `${what}, which ${code(to)} no longer has${successor(gone, changes)}` }];
  }
  const changed = changes.find((change) => change.kind === "changed" && isWithin(own.path, change.path));
  if (changed?.kind !== "changed" || changed.before === null || changed.after === null) return [];
  const mine = changed.path.length === own.path.length ? typeName(own.value) : "a map";
  const now = typeName(changed.after);
  return now === mine || now === typeName(changed.before)
    ? []
    : [{ level: "danger", text: `${what} as ${mine}; in ${code(to)} it is ${now}` }];
}

/** A new key that looks like the old one under another name: same default, and a name that begins alike. */
function successor(
  gone: { readonly path: Path; readonly before: unknown },
  changes: readonly DefaultChange[],
): string {
  const start = (gone.path.at(-1) ?? "").slice(0, 4).toLowerCase();
  const heir = changes.find(
    (change) =>
      change.kind === "added" &&
      start.length > 2 &&
      same(change.after, gone.before) &&
      (change.path.at(-1) ?? "").toLowerCase().startsWith(start),
  );
  return heir === undefined ? "" : ` (it may be ${code(dotted(heir.path))} now)`;
}

function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((key, index) => path[index] === key);
}

const ORDER = ["removed", "changed", "added"] as const;

function defaultsSection(
  changes: readonly DefaultChange[],
  own: readonly Own[],
  title: string,
): Section | undefined {
  if (changes.length === 0) return undefined;
  const sorted = ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind));
  const counts = ORDER.map(
    (kind) => [changes.filter((change) => change.kind === kind).length, kind] as const,
  );
  const touched = sorted.filter((change) =>
    own.some((override) => isWithin(override.path, change.path)),
  ).length;
  const mine = touched === 0 ? "" : `, ${touched} of them set here`;
  return {
    title,
    summary:
      counts
        .filter(([count]) => count > 0)
        .map(([count, kind]) => `${count} ${kind}`)
        .join(", ") + mine,
    shown: "folded",
    head: "| Key | was | will be | here |\n|---|---|---|---|",
    items: sorted.map((change) => row(change, own)),
    unit: "keys",
    join: "\n",
  };
}

function row(change: DefaultChange, own: readonly Own[]): string {
  const before = change.kind === "added" ? "–" : shown(change.path, change.before);
  const after = change.kind === "removed" ? "**gone**" : shown(change.path, change.after);
  return `| ${code(dotted(change.path))} | ${before} | ${after} | ${here(change.path, own)} |`;
}

/** What the environment says at or below this path. */
function here(path: Path, own: readonly Own[]): string {
  const mine = own.filter((override) => isWithin(override.path, path));
  const [first] = mine;
  if (first === undefined) return "";
  if (mine.length > 1 || first.path.length > path.length) return `${mine.length} set`;
  return `set to ${shown(path, first.value)}`;
}

function shown(path: Path, value: unknown): string {
  if (isSecretName(path.at(-1) ?? "") && typeof value === "string" && value !== "") return code("••••••");
  if (isTree(value) && Object.keys(value).length > 0) return `a map of ${Object.keys(value).length}`;
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length}`;
  return code(clip(typeof value === "string" ? value : JSON.stringify(value), 80));
}

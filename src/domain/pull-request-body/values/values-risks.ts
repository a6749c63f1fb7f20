// Values of the environment that the new version no longer understands.

import type { ChartFacts } from "../facts.ts";
import { dotted, same, type TreePath } from "../manifests/tree.ts";
import { clip, code } from "../markdown/escape.ts";
import type { Risk } from "../risks/risk.ts";
import { type DefaultChange, typeName } from "./defaults.ts";
import {
  type ComparedDefaults,
  type LostDefault,
  lostDefaults,
  type OwnValue,
  prefixesOf,
} from "./lost-defaults.ts";
import { wholePath } from "./probe-values.ts";
import { isInSchema } from "./schema-words.ts";

interface Tried {
  readonly own: readonly OwnValue[];
  /** Paths of values without effect; `undefined` when not probed. */
  readonly unreadValues: readonly TreePath[] | undefined;
  /** Values that are reported already, because a schema refuses them. */
  readonly refused: readonly TreePath[];
}

/** Values that nothing reads any more, one risk per chart or subchart. */
export function lostRisks(
  { to }: Pick<ChartFacts, "to">,
  compared: ComparedDefaults,
  { own, unreadValues, refused }: Tried,
): readonly Risk[] {
  const known = unreadValues && new Set(unreadValues.map((path) => JSON.stringify(path)));
  const reported = new Set(refused.map((path) => JSON.stringify(path)));
  const lost = lostDefaults(compared, own)
    .filter(({ own: value }) => known === undefined || known.has(JSON.stringify(wholePath(value))))
    .filter(({ own: value, gone }) =>
      [wholePath(value), [value.key, ...gone.path]].every((path) => !reported.has(JSON.stringify(path))),
    );
  const bySubchart = Map.groupBy(lost, ({ own: { path } }) => subchartOf(compared, path));
  return [...bySubchart].map(([subchart, list]) => {
    const what = namesOf(list, compared.changes);
    const whose = subchart === "" ? code(to) : `subchart ${code(clip(subchart, 100))} of ${code(to)}`;
    return known === undefined
      ? {
          level: "warning",
          text: `${what}, which ${whose} has no default for any more; whether anything still reads it was not tried`,
        }
      : {
          level: "danger",
          text: `${what}, which ${whose} no longer has: rendering without makes no difference`,
        };
  });
}

/** The table of default values lists all of them. */
const MOST_KEYS = 15;

/** "you set `web.a` (`values.yaml:2`)", or "you set 3 values (`web.a` in `values.yaml:2`, …)". */
function namesOf(lost: readonly LostDefault[], changes: readonly DefaultChange[]): string {
  const [only, ...others] = lost;
  if (only !== undefined && others.length === 0) {
    const { own, gone } = only;
    return `you set ${keyOf(own)} (${placeOf(own)}${heir(gone, changes)})`;
  }
  const shown = lost
    .slice(0, MOST_KEYS)
    .map(({ own, gone }) => `${keyOf(own)} in ${placeOf(own)}${heir(gone, changes)}`);
  const more = lost.length > MOST_KEYS ? ` and ${lost.length - MOST_KEYS} more` : "";
  return `you set ${lost.length} values (${shown.join("; ")}${more})`;
}

function keyOf(own: OwnValue): string {
  return code(clip(dotted(wholePath(own)), 200));
}

function placeOf({ file, line }: OwnValue): string {
  return code(`${file}:${line}`);
}

/** A new key that may be the old one renamed: in the same map, with the same default and a name that begins alike. */
function heir(gone: LostDefault["gone"], changes: readonly DefaultChange[]): string {
  const start = (gone.path.at(-1) ?? "").slice(0, 4).toLowerCase();
  const found = changes.find(
    (change) =>
      change.kind === "added" &&
      start.length > 2 &&
      same(change.path.slice(0, -1), gone.path.slice(0, -1)) &&
      same(change.after, gone.before) &&
      (change.path.at(-1) ?? "").toLowerCase().startsWith(start),
  );
  return found === undefined ? "" : `, perhaps ${code(clip(dotted(found.path), 100))} now`;
}

/** The name of the innermost subchart that the value belongs to; empty for the chart itself. */
function subchartOf({ after: { subcharts } }: ComparedDefaults, path: TreePath): string {
  const names = path.map((_, index) => subcharts.get(JSON.stringify(path.slice(0, index + 1)))?.at(-1));
  return names.findLast((name) => name !== undefined) ?? "";
}

/** Values whose type no longer fits because the default changed its type; not where a schema restricts them. */
export function typeRisks(
  { to, after }: Pick<ChartFacts, "to" | "after">,
  changes: readonly DefaultChange[],
  own: readonly OwnValue[],
): readonly Risk[] {
  if (after.kind === "missing") return [];
  const changed = new Map(
    changes.flatMap((change) =>
      change.kind === "changed" ? [[JSON.stringify(change.path), change] as const] : [],
    ),
  );
  return own.flatMap((one) => {
    const change = prefixesOf(one.path)
      .map((path) => changed.get(JSON.stringify(path)))
      .find((found) => found !== undefined);
    const kinds = change && kindsOf(one, change);
    if (kinds === undefined || isInSchema(after.archive, one.path)) return [];
    const text = `you set ${keyOf(one)} (${placeOf(one)}) as ${kinds.mine}; the default of ${code(to)} is ${kinds.now}`;
    return [{ level: "danger", text }];
  });
}

/** Scalars of different types render alike, except for a boolean: the text `false` counts as true. */
function kindsOf(
  { path, value }: OwnValue,
  change: Extract<DefaultChange, { kind: "changed" }>,
): { readonly mine: string; readonly now: string } | undefined {
  if (value === null || change.before === null || change.after === null) return undefined;
  const mine = change.path.length === path.length ? typeName(value) : "a map";
  const [was, now] = [typeName(change.before), typeName(change.after)];
  const scalars = [mine, now].every((name) => name !== "a map" && name !== "a list");
  return now === mine || now === was || (scalars && now !== "true or false") ? undefined : { mine, now };
}

// Plans the reversal of one merged promotion: exactly the dependency, lock and values that it changed, keeping all
// other changes since.

import { resolveRepository } from "../model/chart/chart-repository.ts";
import { repositoryUrls } from "../model/chart/repository-urls.ts";
import type { Environment } from "../model/config/config.ts";
import type { ChartRepository } from "../model/config/settings.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Change, EntryMove, Move } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import { inRepository } from "../model/repository-path.ts";
import { type Dependency, type Edit, type Files, MANIFEST_FILES, type Umbrella } from "../model/umbrella.ts";
import { bump } from "../umbrella/bump.ts";
import { currentVersion } from "../umbrella/installed-version.ts";
import { readUmbrella } from "../umbrella/read-umbrella.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { branchOf } from "./promotion-branch.ts";
import { revertValues } from "./revert-values.ts";
import { rollBackNote } from "./roll-back-note.ts";

/** One entry of the manifest that is rolled back. */
export interface Reversal {
  readonly chart: string;
  /** Its alias, or its name. */
  readonly key: string;
  /** Name in server.yaml of its chart repository. */
  readonly repository: string;
  /** Index in the current manifest. */
  readonly index: number;
  /** The current version, which the promotion brought. */
  readonly from: string;
  readonly to: string;
}

/** The environment's files, by path relative to its folder: before the merge, after it, and on the base now. */
export interface MergedChange {
  readonly number: number;
  readonly environment: Environment;
  readonly before: Files;
  readonly after: Files;
  readonly now: Files;
  readonly chartRepositories: readonly ChartRepository[];
}

/** The entries that the merge changed; each must still be as the merge left it. */
export function reversals(merged: MergedChange): Result<readonly [Reversal, ...Reversal[]]> {
  const { before, after, now, chartRepositories } = merged;
  const urls = repositoryUrls(chartRepositories);
  const [was, put, is] = [before, after, now].map((files) => readUmbrella(files, urls));
  if (!was?.ok || !put?.ok || !is?.ok) return unreadable(merged, [was, put, is]);
  const found: Reversal[] = [];
  for (const [at, dependency] of put.value.dependencies.entries()) {
    const old = indexOf(was.value, dependency);
    const to = currentVersion(was.value, old)?.original;
    const brought = currentVersion(put.value, at)?.original;
    if (to === undefined || brought === undefined || to === brought) continue;
    const index = indexOf(is.value, dependency);
    const from = currentVersion(is.value, index)?.original;
    if (from !== brought) return fail(movedOn(merged, { chart: dependency.name, brought, from }));
    const repository = resolveRepository(chartRepositories, dependency.repository);
    const { name: chart, alias: key = chart } = dependency;
    if (repository) found.push({ chart, key, repository: repository.name, index, from, to });
  }
  const [first, ...rest] = found;
  return first ? ok([first, ...rest]) : fail(movedNothing(merged));
}

function indexOf({ dependencies }: Umbrella, { name, alias }: Dependency): number {
  return dependencies.findIndex((other) => other.name === name && other.alias === alias);
}

export interface RollBack extends MergedChange {
  readonly reversals: readonly [Reversal, ...Reversal[]];
  /** The publish of a reversal's chart and target version. */
  readonly publishOf: (reversal: Reversal) => Publish;
  readonly vendored: readonly string[];
  readonly at: Date;
}

/** Conflicts are refused with the file and the reason. */
export function planRollBack(input: RollBack): Result<Change> {
  const { environment, number, now, at } = input;
  const bumped = bump(now, {
    moves: input.reversals.map(({ index, to }) => ({ index, version: to })),
    repositories: repositoryUrls(input.chartRepositories),
    values: [],
    valuesFiles: environment.valuesFiles,
    vendored: input.vendored,
    umbrellaVersion: environment.umbrellaVersion,
    staleLock: environment.staleLock,
    at,
  });
  if (!bumped.ok) return bumped;
  const values = valuesBack(input);
  if (!values.ok) return values;
  const charts = [...Map.groupBy(input.reversals, ({ chart }) => chart).values()];
  const [first, ...rest] = charts.flatMap((entries) => moveOf(entries, input));
  if (!first) return fail(movedNothing(input));
  const moves: readonly [Move, ...Move[]] = [first, ...rest];
  const branches = new Set(moves.map(({ chart }) => branchOf(environment, chart)));
  const [branch] = branches;
  if (branch === undefined || branches.size > 1) return fail(severalBranches(input, moves));
  const words = input.reversals.map((reversal) => inWords(reversal, input.reversals));
  return ok({
    kind: "change",
    environment: environment.name,
    branch,
    moves,
    edits: [...bumped.value.edits, ...values.value],
    archives: bumped.value.archives,
    notes: [rollBackNote(number, [...new Set(words)].join(", ")), ...bumped.value.notes],
    because: `rolls back #${number}`,
    rolledBackFrom: new Map(moves.map(({ chart }) => [chart, takenAway(chart, input.reversals)])),
  });
}

function valuesBack({ before, after, now, environment, number }: RollBack): Result<readonly Edit[]> {
  const edits: Edit[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (MANIFEST_FILES.includes(path)) continue;
    const [was, put, is] = [before, after, now].map((files) => files.get(path) ?? null);
    const text = revertValues({ before: was ?? null, after: put ?? null, now: is ?? null });
    if (text === undefined) return fail(valuesMovedOn(path, number, environment));
    if (text !== is) edits.push({ path, before: is ?? null, after: text });
  }
  return ok(edits);
}

/**
 * Several entries of one chart become one move, that of the entry which goes back furthest; the others' differences are
 * in `apart`.
 */
function moveOf(entries: readonly Reversal[], input: RollBack): readonly Move[] {
  const [furthest] = entries.toSorted((one, other) => order(one.to, other.to));
  if (!furthest) return [];
  const { chart, from, to } = furthest;
  const otherwise = entries
    .filter((entry) => entry.from !== from || entry.to !== to)
    .map((entry) => ({ key: entry.key, from: entry.from, to: entry.to }));
  const apart = [...otherwise, ...staying(chart, input)];
  return [{ chart, from, to, publish: input.publishOf(furthest), ...(apart.length > 0 && { apart }) }];
}

/** Entries of the chart that the merge did not change. */
function staying(chart: string, { now, chartRepositories, reversals }: RollBack): readonly EntryMove[] {
  const read = readUmbrella(now, repositoryUrls(chartRepositories));
  if (!read.ok) return [];
  const moved = new Set(reversals.map(({ index }) => index));
  return read.value.dependencies.flatMap(({ name, alias: key = name }, index) => {
    if (name !== chart || moved.has(index)) return [];
    const stands = currentVersion(read.value, index)?.original ?? "";
    return [{ key, from: stands, to: stands }];
  });
}

/** The highest current version among the entries of a chart. */
function takenAway(chart: string, all: readonly Reversal[]): string {
  const versions = all.filter((one) => one.chart === chart).map(({ from }) => from);
  return versions.toSorted(order).at(-1) ?? "";
}

function order(one: string, other: string): number {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a && b ? compareVersions(a, b) : 0;
}

function inWords({ chart, key, from, to }: Reversal, all: readonly Reversal[]): string {
  const areAlike = all.every((one) => one.chart !== chart || (one.from === from && one.to === to));
  return `${chart}${areAlike ? "" : ` as ${key}`} goes back from ${from} to ${to}`;
}

function unreadable(
  { environment }: MergedChange,
  read: readonly (Result<Umbrella> | undefined)[],
): { readonly ok: false; readonly problems: readonly Problem[] } {
  const problems = read.flatMap((one) => (one && !one.ok ? one.problems : []));
  return problems.length > 0
    ? { ok: false, problems }
    : fail({
        code: "manifest-missing",
        message: `${environment.name} has no manifest.`,
        help: "Restore it by hand.",
      });
}

function movedOn(
  { environment, number }: MergedChange,
  {
    chart,
    brought,
    from,
  }: { readonly chart: string; readonly brought: string; readonly from: string | undefined },
): Problem {
  return {
    code: "policy",
    message: `#${number} brought ${chart} ${brought}, but ${environment.name} has ${from ?? "no such dependency"} now.`,
    help: "Roll back the pull request that brought the version that is there now.",
  };
}

function movedNothing({ environment, number }: MergedChange): Problem {
  return {
    code: "policy",
    message: `#${number} moved no chart of a known chart repository in ${environment.name}.`,
    help: "Revert it by hand.",
  };
}

function severalBranches({ number, environment }: MergedChange, moves: readonly Move[]): Problem {
  const charts = moves.map(({ chart }) => chart).join(", ");
  return {
    code: "policy",
    message: `#${number} moved ${charts}, which have a promotion each in ${environment.name}.`,
    help: `Revert #${number} with GitHub's own button: merging that deploys as well. Close what is then proposed again.`,
  };
}

function valuesMovedOn(path: string, number: number, { path: folder }: Environment): Problem {
  const file = inRepository(folder, path);
  return {
    code: "edit-not-exact",
    message: `Values that #${number} set in ${file} have been changed again since.`,
    help: "Take them back by hand, with the version.",
    place: { file },
  };
}

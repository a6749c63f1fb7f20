// Collects what the pull request text is made of. Nothing here may keep a promotion from opening: what cannot be found out
// is left out, or says why.

import type { Change, Move } from "../model/promotion.ts";
import type { ChartRepository } from "../model/settings.ts";
import type { ChartFacts, Opened, ReleasedVersion, ReviewFacts, TextFile } from "../review/facts.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import type { Settling } from "./agenda.ts";
import { keysOf } from "./asked.ts";
import type { World } from "./world.ts";

export async function gatherFacts(change: Change, settling: Settling): Promise<ReviewFacts> {
  const { world, environment } = settling;
  const [first, ...rest] = change.moves;
  const charts: [ChartFacts, ...ChartFacts[]] = [await chartFacts(first, settling)];
  for (const move of rest) charts.push(await chartFacts(move, settling));
  return {
    environment: environment.name,
    charts,
    valuesFiles: valuesAfter(change, settling),
    notes: change.notes,
    policy: { satisfied: [], pending: [] },
    githubWeb: world.settings.githubWeb,
  };
}

async function chartFacts(move: Move, { about, environment, world }: Settling): Promise<ChartFacts> {
  const repository = world.settings.chartRepositories.find(({ name }) => name === move.publish.repository);
  const keys = keysOf(environment.name, new Set([move.chart]), about.dependents);
  const { digest } = move.publish;
  return {
    chart: move.chart,
    keys,
    from: move.from,
    to: move.to,
    repositoryUrl: repository?.url ?? "",
    publish: move.publish,
    signature: { kind: "unasked" },
    before: await opened(repository, { chart: move.chart, version: move.from }, world),
    after: await opened(
      repository,
      { chart: move.chart, version: move.to, ...(digest !== undefined && { digest }) },
      world,
    ),
    between: await releasedBetween(repository, move, world),
    superseded: [],
    elsewhere: [],
  };
}

async function opened(
  repository: ChartRepository | undefined,
  chart: { readonly chart: string; readonly version: string; readonly digest?: string },
  { charts }: World,
): Promise<Opened> {
  if (!repository || chart.version === "") return { kind: "missing", because: "its version is not known" };
  const bytes = await charts.fetchArchive(repository, chart);
  if (!bytes.ok) return missing(bytes.problems);
  const archive = await charts.openArchive(bytes.value.packed);
  return archive.ok ? { kind: "opened", archive: archive.value } : missing(archive.problems);
}

function missing(problems: readonly { readonly message: string }[]): Extract<Opened, { kind: "missing" }> {
  return { kind: "missing", because: problems[0]?.message ?? "it could not be read" };
}

/** Versions above `from` up to and including `to`. */
async function releasedBetween(
  repository: ChartRepository | undefined,
  { chart, from, to }: Move,
  { charts }: World,
): Promise<readonly ReleasedVersion[]> {
  const [low, high] = [parseVersion(from), parseVersion(to)];
  if (!repository || !high) return [];
  const all = await charts.versions(repository, chart);
  if (!all.ok) return [];
  return all.value.flatMap(({ metadata, created }) => {
    const version = parseVersion(metadata.version);
    const within =
      version && compareVersions(version, high) <= 0 && (!low || compareVersions(version, low) > 0);
    if (!within) return [];
    const { annotations, deprecated } = metadata;
    return [{ version: metadata.version, annotations, deprecated, ...(created && { created }) }];
  });
}

/** The environment's values files as the promotion leaves them. */
function valuesAfter({ edits }: Change, { environment, snapshot }: Settling): readonly TextFile[] {
  const after = new Map(edits.map((edit) => [edit.path, edit.after]));
  const manifests = new Set(["Chart.yaml", "requirements.yaml", "requirements.lock", "Chart.lock"]);
  const paths = [...new Set([...snapshot.files.keys(), ...after.keys()])].filter(
    (path) => !manifests.has(path),
  );
  return paths.flatMap((path) => {
    const text = after.has(path) ? after.get(path) : snapshot.files.get(path)?.text;
    const full = environment.path === "" ? path : `${environment.path}/${path}`;
    return typeof text === "string" ? [{ path: full, text }] : [];
  });
}

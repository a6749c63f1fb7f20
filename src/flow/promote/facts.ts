// Collects what the pull request text is made of. Nothing here may keep a promotion from opening: what cannot be found out
// is left out, or says why.

import { readUmbrella } from "../../manifest/read-umbrella.ts";
import { frozenUntil } from "../../merge/frozen.ts";
import type { Change, Move } from "../../model/promotion.ts";
import { repositoryUrls } from "../../model/repository-urls.ts";
import { currentVersion, lowest } from "../../plan/current.ts";
import type { ChartFacts, ReleasedVersion, ReviewFacts, Signature, TextFile } from "../../review/facts.ts";
import { valuesToCheck } from "../../review/schema.ts";
import { compareVersions, parseVersion } from "../../versions/version.ts";
import { keysOf } from "../look/asked.ts";
import type { ChartName, World } from "../world.ts";
import { fetchChart, type MovedChart } from "./fetch-chart.ts";
import { renderChange } from "./render-change.ts";
import type { Settling } from "./settling.ts";
import { sourceCommits } from "./source-commits.ts";

export async function gatherFacts(change: Change, settling: Settling): Promise<ReviewFacts> {
  const { world, environment } = settling;
  const valuesFiles = valuesAfter(change, settling);
  const [first, ...rest] = await Promise.all(change.moves.map((move) => fetchMoved(move, settling)));
  if (!first) throw new Error("a change without a move");
  const charts: [ChartFacts, ...ChartFacts[]] = [await chartFacts(first, valuesFiles, settling)];
  for (const moved of rest) charts.push(await chartFacts(moved, valuesFiles, settling));
  return {
    environment: environment.name,
    charts,
    valuesFiles,
    ...(world.inspection.render && { rendered: await renderChange(change, [first, ...rest], settling) }),
    notes: change.notes,
    policy: { satisfied: satisfied(change, settling), pending: frozen(settling) },
    githubWeb: world.settings.githubWeb,
  };
}

async function fetchMoved(move: Move, { world }: Settling): Promise<MovedChart> {
  const { chart, from, to, publish } = move;
  const repository = world.settings.chartRepositories.find(({ name }) => name === publish.repository);
  const listed = repository && (await world.charts.versions(repository, chart));
  const released = listed?.ok ? listed.value : [];
  const old = released.find(({ metadata }) => metadata.version === from);
  return {
    move,
    repository,
    released,
    before: await fetchChart(repository, named(chart, from, old?.digest), world),
    after: await fetchChart(repository, named(chart, to, publish.digest), world),
  };
}

/** By its digest where that is known: then it need not be fetched for each who asks. */
function named(chart: string, version: string, digest: string | undefined): ChartName {
  return { chart, version, ...(digest !== undefined && { digest }) };
}

async function chartFacts(
  moved: MovedChart,
  valuesFiles: readonly TextFile[],
  { about, environment, world }: Settling,
): Promise<ChartFacts> {
  const { move, repository, before, after } = moved;
  const keys = keysOf(environment.name, new Set([move.chart]), about.dependents);
  const values =
    after.opened.kind === "opened" ? valuesToCheck(after.opened.archive, { keys, valuesFiles }) : undefined;
  const commits = await sourceCommits(move, world);
  return {
    chart: move.chart,
    keys,
    from: move.from,
    to: move.to,
    repositoryUrl: repository?.url ?? "",
    publish: move.publish,
    signature: await signatureOf(moved, world),
    before: before.opened,
    after: after.opened,
    between: releasedBetween(moved),
    superseded: await supersededBy(move, { about, environment, world }),
    elsewhere: elsewhere(move.chart, { about, environment, world }),
    ...(commits && { commits }),
    ...(values && { schema: await world.inspection.checkValues(values) }),
  };
}

function satisfied({ moves }: Change, { upstream }: Settling): readonly string[] {
  return moves.flatMap(({ chart, to }) => {
    const said = upstream?.satisfied(chart, to);
    if (said === undefined) return [];
    return moves.length > 1
      ? `\`${chart}\` ${to} was ${said}.`
      : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  });
}

/** What keeps the check from succeeding from the beginning; a hold comes later, and the check tells of it. */
function frozen({ environment: { freeze }, world }: Settling): readonly string[] {
  if (freeze.length === 0) return [];
  const now = world.clock();
  const until = frozenUntil(freeze, now);
  if (!until) return [];
  const reasons = freeze.filter(({ from, to }) => from <= now && now < to).map(({ reason }) => reason);
  return [`Frozen until ${until.toISOString()}: ${reasons.join(", ")}`];
}

type Here = Pick<Settling, "about" | "environment" | "world">;

/** Versions that had a pull request of their own here and are below this one. */
async function supersededBy(
  { chart, from, to }: Move,
  { about, environment, world }: Here,
): Promise<readonly string[]> {
  const records = await world.store.promotions.ofRepository(about.repository.id);
  const here = records.filter(
    (record) => record.environment === environment.name && record.chart === chart && record.pullRequest,
  );
  const publishes = await Promise.all(here.map(({ publishId }) => world.store.publishes.get(publishId)));
  const [low, high] = [parseVersion(from), parseVersion(to)];
  return publishes.flatMap((publish) => {
    const version = publish && parseVersion(publish.version);
    if (!version || !high || compareVersions(version, high) >= 0) return [];
    return low && compareVersions(version, low) <= 0 ? [] : [version.original];
  });
}

/** What the other environments that were read in the same look run now. */
function elsewhere(chart: string, { about, environment, world }: Here): ChartFacts["elsewhere"] {
  const urls = repositoryUrls(world.settings.chartRepositories);
  return [...about.answer.snapshots].flatMap(([name, { files }]) => {
    if (name === environment.name) return [];
    const texts = [...files].flatMap(([path, { text }]) =>
      text === undefined ? [] : [[path, text] as const],
    );
    const read = readUmbrella(new Map(texts), urls);
    if (!read.ok) return [];
    const versions = read.value.dependencies.flatMap((dependency, index) =>
      dependency.name === chart ? [currentVersion(read.value, index)] : [],
    );
    const version = lowest(versions);
    return version ? [{ environment: name, version: version.original }] : [];
  });
}

/** Whether somebody of the keyring signed the very bytes that are promoted. */
async function signatureOf(
  { move, repository, after }: MovedChart,
  { inspection }: World,
): Promise<Signature> {
  const keyring = repository?.keyring;
  if (!repository || !keyring) return { kind: "unasked" };
  const { chart, to: version } = move;
  if (!after.packed) return { kind: "invalid", because: "the archive could not be read" };
  const prov = await inspection.fetchProvenance(repository, { chart, version });
  if (!prov.ok) return { kind: "invalid", because: prov.problems[0]?.message ?? "it is not signed" };
  const signed = { prov: prov.value, keyring, packed: after.packed, name: chart, version };
  const verified = await inspection.verifyProvenance(signed);
  if (!verified.ok)
    return { kind: "invalid", because: verified.problems[0]?.message ?? "the signature is wrong" };
  return { kind: "valid", signer: verified.value.userIds[0] ?? verified.value.keyId };
}

/** Versions above `from` up to and including `to`. */
function releasedBetween({ move: { from, to }, released }: MovedChart): readonly ReleasedVersion[] {
  const [low, high] = [parseVersion(from), parseVersion(to)];
  if (!high) return [];
  return released.flatMap(({ metadata, created }) => {
    const version = parseVersion(metadata.version);
    const within =
      version && compareVersions(version, high) <= 0 && (!low || compareVersions(version, low) > 0);
    if (!within) return [];
    const { annotations, deprecated } = metadata;
    return [{ version: metadata.version, annotations, deprecated, ...(created && { created }) }];
  });
}

const MANIFESTS = new Set(["Chart.yaml", "requirements.yaml", "requirements.lock", "Chart.lock"]);

/** The environment's values files as the promotion leaves them. */
function valuesAfter({ edits }: Change, { environment, snapshot }: Settling): readonly TextFile[] {
  const after = new Map(edits.map((edit) => [edit.path, edit.after]));
  const paths = [...new Set([...snapshot.files.keys(), ...after.keys()])].filter(
    (path) => !MANIFESTS.has(path),
  );
  return paths.flatMap((path) => {
    const text = after.has(path) ? after.get(path) : snapshot.files.get(path)?.text;
    const full = environment.path === "" ? path : `${environment.path}/${path}`;
    return typeof text === "string" ? [{ path: full, text }] : [];
  });
}

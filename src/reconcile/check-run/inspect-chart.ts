// Gathers the facts about one dependency for the check run: its entry in the chart repository, its archive and
// signature, and its deployment in the upstream environment.

import { repointedFrom } from "../../domain/check/allowance.ts";
import type { ChartFact, EntryFacts } from "../../domain/check/facts.ts";
import type { MovedEntry } from "../../domain/check/moved-entries.ts";
import { resolveRepository } from "../../domain/model/chart/chart-repository.ts";
import type { SignatureVerdict } from "../../domain/model/chart/signature.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { EnvironmentTexts } from "../../domain/model/github/checked-pull-request.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { shownAddress } from "../../domain/model/secret/shown-address.ts";
import { judgeUpstream, type UpstreamState } from "../../domain/plan/upstream.ts";
import { sameRank } from "../../domain/versions/same-rank.ts";
import { digestIn, type FetchedVersion, fetchVersion } from "../chart/fetch-version.ts";
import { verifySignature } from "../chart/verify-signature.ts";
import type { ChartRef, Deps } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";

export interface InspectionContext {
  /** Chart repositories that the config repository may use. */
  readonly chartRepositories: readonly ChartRepository[];
  readonly environment: Environment;
  readonly texts: EnvironmentTexts;
  readonly upstream: UpstreamState;
  readonly deps: Deps;
}

/** A dependency with the facts gathered about it, and its archive if it could be fetched. */
export interface InspectedEntry {
  readonly facts: EntryFacts;
  /** The version at the head of the pull request. */
  readonly after: Packed;
  /** Name in server.yaml of the chart repository that it comes from; "" if it is none of those. */
  readonly from: string;
}

/** Looks one dependency up, fetches it, and reads its state in the upstream environment. */
export async function inspectEntry(entry: MovedEntry, context: InspectionContext): Promise<InspectedEntry> {
  const { deps } = context;
  const { dependency, to, moves } = entry;
  const repository = resolveRepository(context.chartRepositories, dependency.repository);
  if (!repository || to === undefined) return unknownEntry(entry, repository, context);
  const listed = await fetchVersion(repository, { chart: dependency.name, version: to }, deps);
  const chart = moves ? await chartFact(listed, { repository, deps }) : NOT_ASKED;
  const wait = moves ? waitFor(dependency.name, to, context) : undefined;
  const facts = { entry, chart, ...repointed(entry, context), ...(wait && { wait }) };
  return { facts, after: listed.archive, from: repository.name };
}

function repointed(
  entry: MovedEntry,
  { chartRepositories }: InspectionContext,
): Pick<EntryFacts, "repointedFrom"> {
  const from = repointedFrom(entry, chartRepositories);
  return from === undefined ? {} : { repointedFrom: from };
}

function unknownEntry(
  entry: MovedEntry,
  repository: ChartRepository | undefined,
  context: InspectionContext,
): InspectedEntry {
  const because = repository
    ? `${entry.dependency.version} is a range, and no lock says which version is meant`
    : `its repository "${shownAddress(entry.dependency.repository)}" is none of server.yaml's`;
  const facts = { entry, chart: notRequested(entry, repository), ...repointed(entry, context) };
  return { facts, after: { kind: "missing", because }, from: repository?.name ?? "" };
}

const NOT_ASKED: ChartFact = { kind: "unasked" };

function notRequested(
  { moves, repositoryBefore, isNew, to, dependency }: MovedEntry,
  known: ChartRepository | undefined,
): ChartFact {
  if (!moves) return NOT_ASKED;
  if (known)
    return {
      kind: "unasked",
      because: `${dependency.version} is a range, and no lock says which version is meant`,
    };
  const from = repositoryBefore === undefined || isNew ? "" : ` (it was ${shownAddress(repositoryBefore)})`;
  return to === undefined && dependency.repository === ""
    ? NOT_ASKED
    : {
        kind: "unasked",
        because: `its repository "${shownAddress(dependency.repository)}"${from} is none of server.yaml's`,
      };
}

interface LookUpContext {
  readonly repository: ChartRepository;
  readonly deps: Deps;
}

type Found = LookUpContext & FetchedVersion;

async function chartFact(listed: FetchedVersion, context: LookUpContext): Promise<ChartFact> {
  const about = { ...listed, ...context };
  const { repository, wanted, found } = about;
  if (found.kind === "unreachable") return found;
  if (found.kind === "missing") return { ...found, repository: repository.name };
  return {
    kind: "found",
    repository: repository.name,
    ...digestIn(found),
    ...(found.manifestDigest !== undefined && { manifestDigest: found.manifestDigest }),
    ...(wanted.digest !== undefined && { announced: wanted.digest }),
    ...(await sameRankIn(about)),
    ...unfetchedIn(listed),
    signature: await signatureIn(about),
  };
}

function unfetchedIn({ archive }: FetchedVersion): { readonly unfetched?: Problem } {
  const problem = archive.kind === "missing" ? archive.problem : undefined;
  return problem === undefined || problem.code === "chart-digest" ? {} : { unfetched: problem };
}

/** In an OCI registry: the tag itself is looked up, since another version may have the same precedence. */
async function sameRankIn({
  repository,
  wanted,
  deps,
}: Found): Promise<{ readonly sameRank?: readonly string[] }> {
  if (repository.kind === "oci") return {};
  const { chart, version } = wanted;
  const { versions } = await deps.charts.released(repository, { chart, from: version, to: version });
  return {
    sameRank: sameRank(
      version,
      versions.map(({ metadata }) => metadata.version),
    ),
  };
}

async function signatureIn({ repository, wanted, archive, deps }: Found): Promise<SignatureVerdict> {
  const verdict = await verifySignature({ repository, ...wanted, archive }, deps);
  if (verdict.kind !== "invalid" || verdict.problem.code !== "chart-digest") return verdict;
  return { kind: "invalid", problem: servesOther(repository, wanted, verdict.problem) };
}

function servesOther(
  { name }: ChartRepository,
  { chart, version }: ChartRef,
  { message, ...problem }: Problem,
): Problem {
  return {
    ...problem,
    message: `Chart repository "${name}" serves other bytes of ${chart} ${version} than it lists: ${message}`,
  };
}

function waitFor(chart: string, version: string, { upstream, deps }: InspectionContext): EntryFacts["wait"] {
  const verdict = judgeUpstream(upstream, { chart, version }, deps.clock());
  if (verdict.kind === "free") return undefined;
  const until = verdict.kind === "waits" ? verdict.until : undefined;
  const { because, kind } = verdict;
  return { because, ...(until && { until }), ...(kind === "withdrawn" && { isWithdrawn: true }) };
}

// Findings that fail a check until somebody with write access allows them. An allowance is stored in the check run of
// the commit itself: a push invalidates it, and the loss of the database does not.

import { resolveRepository } from "../model/chart/chart-repository.ts";
import { clip } from "../model/clip.ts";
import type { ChartRepository } from "../model/config/settings.ts";
import type { CheckedPullRequest, PullRequestQuery } from "../model/github/checked-pull-request.ts";
import { inRepository } from "../model/repository-path.ts";
import { isPromotionBranch, isPromotionOf } from "../plan/promotion-branch.ts";
import { parseVersion } from "../versions/version.ts";
import type { ArchiveFact, CheckFacts, EnvironmentFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { MovedEntry } from "./moved-entries.ts";

type Head = Pick<CheckedPullRequest, "byApp" | "isFork" | "headBranch" | "commits" | "commitCount" | "files">;

/** Whether the App made every commit of its promotion: trailers written by people prove nothing. */
export function isAllByApp({ byApp, isFork, headBranch, commits, commitCount }: Head): boolean {
  return (
    byApp &&
    !isFork &&
    isPromotionBranch(headBranch) &&
    commits.length === commitCount &&
    commits.every((commit) => commit.byApp)
  );
}

/**
 * Paths outside of what a promotion may change: the texts of its environment, and archives in its `charts/` that match
 * the chart repository or are removed in favour of those. The commits' author does not matter: GitHub also signs a
 * squash of the App's pull request as the App's.
 */
export function filesOfOthers(
  head: Pick<Head, "byApp" | "headBranch" | "files">,
  environments: PullRequestQuery["environments"],
  facts: readonly ArchivesOf[],
): readonly string[] {
  if (!head.byApp || !isPromotionBranch(head.headBranch)) return [];
  const own = environments.filter(({ name }) => isPromotionOf(name, head.headBranch));
  const texts = new Set(own.flatMap(({ path, files }) => files.map((file) => inRepository(path, file))));
  const promoted = facts.filter(({ environment: { name } }) => isPromotionOf(name, head.headBranch));
  return head.files.filter((file) => !texts.has(file) && !promoted.some((one) => isOwnArchive(file, one)));
}

type ArchivesOf = Pick<EnvironmentFacts, "environment" | "entries" | "archives"> & {
  /** Names of the files in `charts/` at the head. */
  readonly standing: ReadonlySet<string>;
};

function isOwnArchive(
  file: string,
  { environment: { path }, entries, archives, standing }: ArchivesOf,
): boolean {
  const archive = archives.find((one) => one.path === file);
  if (archive) return archive.verdict.kind === "same" || isPassing(archive.verdict);
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (standing.has(name) || file !== inRepository(path, `charts/${name}`)) return false;
  const stem = [".tgz", ".tgz.prov"].find((end) => name.endsWith(end));
  return (
    stem !== undefined &&
    entries.some(({ entry: { moves, dependency } }) => {
      const version = name.slice(dependency.name.length + 1, -stem.length);
      return moves && name.startsWith(`${dependency.name}-`) && parseVersion(version) !== undefined;
    })
  );
}

function isPassing(verdict: ArchiveFact["verdict"]): boolean {
  return verdict.kind === "unknown" && verdict.isPassing === true;
}

/** The `repository` text on the base, if the dependency comes from another chart repository now. */
export function repointedFrom(
  { repositoryBefore, dependency }: MovedEntry,
  repositories: readonly ChartRepository[],
): string | undefined {
  if (repositoryBefore === undefined) return undefined;
  const before = resolveRepository(repositories, repositoryBefore);
  const isSame = before !== undefined && before === resolveRepository(repositories, dependency.repository);
  return isSame ? undefined : repositoryBefore;
}

/** Maximum length of a list of paths, in characters. */
const LISTED = 300;

/** GitHub lists at most 3,000 files of a pull request, and none when the diff is too large. */
const UNLISTED =
  "GitHub does not list all the files that it changes, so that what it does beside what is judged here is not known";

export function judgeFiles({
  filesOfOthers: files,
  links,
  hasUnlisted,
  allowedBy,
}: CheckFacts): readonly Finding[] {
  const others = `It changes files that no promotion changes: ${clip(files.join(", "), LISTED)}`;
  const linked = `It puts symbolic links in the place of what is judged, or submodules, and where they lead is not read: ${clip(links.join(", "), LISTED)}`;
  return [
    ...(hasUnlisted ? [untilAllowed(UNLISTED, allowedBy)] : []),
    ...(files.length > 0 ? [untilAllowed(others, allowedBy)] : []),
    ...(links.length > 0 ? [untilAllowed(linked, allowedBy)] : []),
  ];
}

/** `what`: a sentence without its full stop. */
export function untilAllowed(what: string, allowedBy: string | undefined): Finding {
  return allowedBy === undefined
    ? { level: "failure", sentence: `${what}. If that is meant, somebody with write access comments /allow.` }
    : { level: "warning", sentence: `${what}. Allowed by ${allowedBy} for this commit.` };
}

/** Whether any finding waits for an allowance. */
export function needsAllowance({
  filesOfOthers: files,
  links,
  hasUnlisted,
  environments,
}: CheckFacts): boolean {
  return (
    hasUnlisted === true ||
    files.length > 0 ||
    links.length > 0 ||
    environments.some(
      ({ entries, archives }) =>
        entries.some((one) => one.repointedFrom !== undefined) ||
        archives.some(({ verdict: { kind } }) => kind === "differs" || kind === "unnamed"),
    )
  );
}

/**
 * An allowance is for one pull request and its base branch: another pull request with the same commit may do something
 * else.
 */
export interface Allowance {
  readonly login: string;
  readonly number: number;
  readonly baseBranch: string;
}

/** Of an `external_id`; GitHub does not document its maximum length. */
const LONGEST_ID = 250;
const LONGEST_BRANCH = 100;

/** Identifies a judgement, followed by the allowances on its commit: the newest ones, as many as fit. */
export function externalIdOf(fingerprint: string, allowances: readonly Allowance[]): string {
  let id = fingerprint;
  for (const { login, number, baseBranch } of allowances.toReversed()) {
    const longer = `${id} allowed by ${login} for #${number} into ${baseBranch.slice(0, LONGEST_BRANCH)}`;
    if (longer.length > LONGEST_ID) break;
    id = longer;
  }
  return id;
}

/** Oldest first. */
export function allowancesIn(externalId: string | undefined): readonly Allowance[] {
  const words = (externalId ?? "").split(" allowed by ").slice(1).toReversed();
  return words.flatMap((word) => {
    const [, login = "", number, baseBranch = ""] = /^(\S+) for #(\d+) into (\S+)$/.exec(word) ?? [];
    return number === undefined ? [] : [{ login, number: Number(number), baseBranch }];
  });
}

export function allowanceFor(
  allowances: readonly Allowance[],
  { number, baseBranch }: Pick<CheckedPullRequest, "number" | "baseBranch">,
): Allowance | undefined {
  const base = baseBranch.slice(0, LONGEST_BRANCH);
  return allowances.findLast((one) => one.number === number && one.baseBranch === base);
}

// What stands on the offline GitHub, in the words of the model.

import { commitsBetween, isContained } from "../../../src/sandbox/github/git/history.ts";
import { itemAt } from "../../../src/sandbox/github/git/trees.ts";
import type { Deployment, PullRequest } from "../../../src/sandbox/github/world/records.ts";
import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import type { Proposal } from "./expected.ts";
import { type Chart, type Environment, type Place, patchIn, versionLine } from "./stage.ts";

export const BOT = "chart-promoter[bot]";

export function repositoryOf(testBed: MultiTenantTestBed, { repository }: Environment): Repository {
  return testBed.github.repository(repository);
}

export function headOf(testBed: MultiTenantTestBed, { environment }: Pick<Place, "environment">): string {
  return repositoryOf(testBed, environment).branch(environment.branch) ?? "";
}

export function fileAt(repository: Repository, oid: string, path: string): string {
  const item = itemAt(repository.objects, repository.objects.mustCommit(oid).tree, path);
  return (item && repository.objects.blob(item.oid)?.toString()) ?? "";
}

/** The patch of a chart's version in an environment's manifest at a commit. */
export function patchAt(
  testBed: MultiTenantTestBed,
  { environment, chart }: { readonly environment: Environment; readonly chart: Chart },
  oid: string,
): number {
  const text = fileAt(repositoryOf(testBed, environment), oid, environment.folder + environment.manifest);
  return patchIn(versionLine(chart).exec(text)?.[2] ?? "");
}

export function patchOnBase(testBed: MultiTenantTestBed, place: Place): number {
  return patchAt(testBed, place, headOf(testBed, place));
}

/** Every pull request from a promotion branch, oldest first. */
export function proposals(testBed: MultiTenantTestBed, place: Place): readonly Proposal[] {
  const repository = repositoryOf(testBed, place.environment);
  return repository
    .pulls()
    .filter(({ head }) => head.branch === place.branch)
    .map((pull) => proposalOf(repository, pull));
}

function proposalOf(repository: Repository, pull: PullRequest): Proposal {
  const commits = commitsBetween(repository.objects, pull.base.oid, pull.head.oid).map((oid) =>
    repository.objects.mustCommit(oid),
  );
  const message = commits.findLast(({ author }) => author.name === BOT)?.message ?? "";
  const comments = [...repository.comments.values()].filter(
    ({ number, author, body }) =>
      number === pull.number && author.login === BOT && !body.includes("<!-- chart-promoter:answer"),
  );
  return {
    number: pull.number,
    state: pull.merge ? "merged" : pull.state,
    carries: patchIn(/^Chart-Version: (\S+)$/m.exec(message)?.[1] ?? ""),
    isRollback: /^Rolled-Back-From: /m.test(message),
    rolledBackFrom: patchIn(/^Rolled-Back-From: (\S+)$/m.exec(message)?.[1] ?? ""),
    hasPeoplesCommits: commits.some(({ author }) => author.name !== BOT),
    wasWithdrawn: pull.closedBy?.login === BOT && /withdrawn -->/.test(comments.at(-1)?.body ?? ""),
    head: pull.head.oid,
  };
}

/** Who a promotion branch that no pull request stands on belongs to. */
export function leftover(testBed: MultiTenantTestBed, place: Place): "nobody" | "people" {
  const repository = repositoryOf(testBed, place.environment);
  const head = repository.branch(place.branch);
  if (head === undefined) return "nobody";
  const merged = repository.pulls().some((pull) => pull.merge && pull.head.oid === head);
  const ours = repository.objects.mustCommit(head).author.name === BOT;
  return ours || merged || isContained(repository.objects, head, headOf(testBed, place))
    ? "nobody"
    : "people";
}

/** Deployments of an environment and their repeats, in the order in which GitHub got them. */
export function deploymentsIn(testBed: MultiTenantTestBed, environment: Environment): readonly Deployment[] {
  const { deployments } = repositoryOf(testBed, environment);
  return [...deployments.values()].filter((one) => one.environment === environment.name);
}

/** What merges brought to an environment, in the order of their commits on the branch. */
export function deploymentsTo(testBed: MultiTenantTestBed, environment: Environment): readonly Deployment[] {
  const repository = repositoryOf(testBed, environment);
  return deploymentsIn(testBed, environment)
    .filter(({ task }) => task === "deploy")
    .toSorted((one, other) => (isContained(repository.objects, one.oid, other.oid) ? -1 : 1));
}

/**
 * Versions that merges brought to an environment, one after the other, as far as a deployment that contains the merge is
 * known to have gone well. What was pushed past review is brought by nobody.
 */
export function broughtOut(testBed: MultiTenantTestBed, place: Place): readonly number[] {
  const out: number[] = [];
  let waiting: number | undefined;
  for (const { payload, statuses, oid } of deploymentsTo(testBed, place.environment)) {
    waiting = movedTo(payload, place.chart) ?? waiting;
    const isOut =
      !place.environment.hasDeployer ||
      statuses.some(({ state }) => state === "success") ||
      wasRedeployed(testBed, place.environment, oid);
    if (!isOut || waiting === undefined) continue;
    out.push(waiting);
    waiting = undefined;
  }
  return out;
}

/** One that nobody asked for. */
export function isOwnHeal({ task, payload }: Deployment): boolean {
  const { by }: { readonly by?: string } = Object(payload);
  return task === "heal" && by === undefined;
}

/** Tried again after it failed, and well. */
function wasRedeployed(testBed: MultiTenantTestBed, environment: Environment, oid: string): boolean {
  return deploymentsIn(testBed, environment).some(
    (one) => one.oid === oid && one.statuses.some(({ state }) => state === "success"),
  );
}

/** By what a deployment says, which is compared with the merge elsewhere. */
function movedTo(payload: unknown, chart: Chart): number | undefined {
  const written: unknown = typeof payload === "string" ? JSON.parse(payload) : payload;
  const { promotions }: { promotions: readonly { chart: string; to: string }[] } = Object(written);
  const move = promotions.find((one) => one.chart === chart);
  return move && patchIn(move.to);
}

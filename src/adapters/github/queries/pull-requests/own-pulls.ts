// The pull requests of promotion branches. GitHub also lists those from forks' branches of the same name: anybody can
// open enough of them to push the App's own out of the list, or make them too large to read.

import type { EnvironmentQuery } from "../../../../domain/model/github/observed-state.ts";
import { GitHubFailure, isTooLarge } from "../../api/failure.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import type { RawBranchPull, RawRepository } from "../raw-state.ts";
import { PULL_REQUESTS, type PullSelection, pullsQuery } from "../state-document.ts";
import { isByApp } from "./by-app.ts";
import { withClosing } from "./timeline.ts";

/** A listed pull request when only numbers were queried. */
type ListedPull = RawBranchPull | Pick<RawBranchPull, "number" | "isCrossRepository">;

interface Branch {
  readonly alias: `p${number}_${number}`;
  readonly name: string;
  readonly environment: EnvironmentQuery;
  readonly listed: readonly ListedPull[];
}

type BranchQuery = PullSelection & Pick<Branch, "alias">;

/**
 * Completes the lists with this repository's own pull requests. No request when they are complete; otherwise one for
 * each branch that may have hidden ones, and one for all of which only the numbers were read, or for each if that is
 * too large.
 */
export async function withOwnPulls(
  access: RepositoryAccess,
  found: RawRepository,
  environments: readonly EnvironmentQuery[],
): Promise<RawRepository> {
  const queries: BranchQuery[] = [];
  for (const branch of branchesIn(found, environments)) {
    const { alias, environment, listed } = branch;
    if (!isHiding(listed) && listed.every(isWhole)) continue;
    const numbers = isHiding(listed) ? await ownNumbers(access, found, branch) : own(listed);
    queries.push(...numbers.map((number) => ({ alias, environment, number })));
  }
  if (queries.length === 0) return found;
  const read = await readPulls(access, queries);
  const lists = Map.groupBy(read, ({ alias }) => alias);
  const nodes = (alias: Branch["alias"]) => (lists.get(alias) ?? []).flatMap(({ pull }) => pull ?? []);
  return { ...found, ...Object.fromEntries(queries.map(({ alias }) => [alias, { nodes: nodes(alias) }])) };
}

async function readPulls(
  access: RepositoryAccess,
  queries: readonly BranchQuery[],
): Promise<readonly (Pick<BranchQuery, "alias"> & { readonly pull: RawBranchPull | null | undefined })[]> {
  const { client, repository } = access;
  const { document, variables } = pullsQuery(repository, queries);
  try {
    const answer = await client.query<{
      readonly repository: { readonly [alias: `q${number}`]: RawBranchPull | null };
    }>("reading pull requests", document, variables);
    return queries.map(({ alias }, index) => ({ alias, pull: answer.repository[`q${index}`] }));
  } catch (error) {
    const [, at] = /^repository\.q(\d+)/.exec(gapIn(error) ?? "") ?? [];
    const alias = queries[Number(at)]?.alias;
    if (alias) throw leftOutOf(alias, error);
    if (!isTooLarge(error) || queries.length === 1) throw error;
    const each = [];
    for (const one of queries) each.push(...(await readPulls(access, [one])));
    return each;
  }
}

function branchesIn(found: RawRepository, environments: readonly EnvironmentQuery[]): readonly Branch[] {
  return environments.flatMap((environment, index) =>
    environment.branches.map((name, at) => {
      const alias = `p${index}_${at}` as const;
      return { alias, name, environment, listed: found[alias]?.nodes ?? [] };
    }),
  );
}

function isHiding(listed: readonly ListedPull[]): boolean {
  return listed.length >= PULL_REQUESTS && listed.some(({ isCrossRepository }) => isCrossRepository);
}

function isWhole(pull: ListedPull): pull is RawBranchPull {
  return "id" in pull;
}

function own(listed: readonly ListedPull[]): readonly number[] {
  return listed.flatMap(({ number, isCrossRepository }) => (isCrossRepository ? [] : [number]));
}

/** Completes each of the App's closed pull requests until it shows who closed it. */
export async function withClosings(
  access: RepositoryAccess,
  found: RawRepository,
  environments: readonly EnvironmentQuery[],
): Promise<RawRepository> {
  const slug = await access.app.slug();
  const closed = async (pull: RawBranchPull) =>
    pull.state === "CLOSED" && !pull.isCrossRepository && isByApp(pull.author, slug)
      ? withClosing(access, pull)
      : pull;
  const lists: Record<string, { readonly nodes: readonly RawBranchPull[] }> = {};
  for (const { alias } of branchesIn(found, environments))
    lists[alias] = {
      nodes: await Promise.all((found[alias]?.nodes ?? []).map(closed)).catch((error: unknown) => {
        throw gapIn(error) === undefined ? error : leftOutOf(alias, error);
      }),
    };
  return { ...found, ...lists };
}

function gapIn(error: unknown): string | undefined {
  return error instanceof GitHubFailure ? error.gap : undefined;
}

/** What is left out of a further answer about a branch counts as left out of its list in the first one. */
function leftOutOf(alias: Branch["alias"], error: unknown): GitHubFailure {
  const message = error instanceof Error ? error.message : "";
  const gap = `repository.${alias}`;
  return new GitHubFailure(message, { kind: "unavailable", status: 200, gap, cause: error });
}

/** Newest first. */
async function ownNumbers(
  { client, repository }: RepositoryAccess,
  { nameWithOwner }: Pick<RawRepository, "nameWithOwner">,
  { name }: Pick<Branch, "name">,
): Promise<readonly number[]> {
  const about = {
    activity: `listing pull requests of ${name}`,
    purpose: "promotion",
    content: false,
  } as const;
  const [owner] = nameWithOwner.split("/");
  const { data } = await client.rest(about, (octokit) =>
    octokit.rest.pulls.list({
      ...{ owner: repository.owner, repo: repository.name, head: `${owner}:${name}`, state: "all" },
      ...{ sort: "created", direction: "desc", per_page: PULL_REQUESTS },
    }),
  );
  return data.map(({ number }) => number);
}

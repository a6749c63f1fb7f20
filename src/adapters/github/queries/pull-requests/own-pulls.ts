// The pull requests of promotion branches, of which GitHub lists those of forks' branches of the same name as well: anybody can open as
// many of these as hide the App's own, or write so much there that nobody reads the list.

import type { EnvironmentQuery } from "../../../../domain/model/github/observed-state.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import type { RawBranchPull, RawRepository } from "../repository-state.ts";
import { PULL_REQUESTS, type PullsAsked, pullsQuery } from "../state-document.ts";
import { isByApp } from "./by-app.ts";
import { withClosing } from "./timeline.ts";

/** What is listed where only the numbers were asked for. */
type ListedPull = RawBranchPull | Pick<RawBranchPull, "number" | "isCrossRepository">;

interface Branch {
  readonly alias: `p${number}_${number}`;
  readonly name: string;
  readonly environment: EnvironmentQuery;
  readonly listed: readonly ListedPull[];
}

/**
 * The answer with this repository's own pull requests in its lists. No request where it has them; one for each branch of whose own some
 * may be hidden, and one for all of which no more than the numbers were read.
 */
export async function withOwnPulls(
  access: RepositoryAccess,
  found: RawRepository,
  environments: readonly EnvironmentQuery[],
): Promise<RawRepository> {
  const asked: (PullsAsked & Pick<Branch, "alias">)[] = [];
  for (const branch of branchesIn(found, environments)) {
    const { alias, environment, listed } = branch;
    if (!isHiding(listed) && listed.every(isWhole)) continue;
    const numbers = isHiding(listed) ? await ownNumbers(access, found, branch) : own(listed);
    if (numbers.length > 0) asked.push({ alias, environment, numbers });
  }
  if (asked.length === 0) return found;
  const { document, variables } = pullsQuery(access.repository, asked);
  const { repository } = await access.client.query<{
    readonly repository: { readonly [alias: `q${number}_${number}`]: RawBranchPull | null };
  }>(`reading pull requests of ${found.nameWithOwner}`, document, variables);
  const lists = asked.map(({ alias, numbers }, index) => {
    const nodes = numbers.flatMap((_number, at) => repository[`q${index}_${at}`] ?? []);
    return [alias, { nodes }] as const;
  });
  return { ...found, ...Object.fromEntries(lists) };
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

/** The answer with as much of each of the App's closed pull requests as tells who closed it. */
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
    lists[alias] = { nodes: await Promise.all((found[alias]?.nodes ?? []).map(closed)) };
  return { ...found, ...lists };
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

// Which of some commits are ancestors of others.

import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { GitHubFailure } from "../../api/failure.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

type Name = Pick<ConfigRepository, "owner" | "name">;

/** How many ancestors of each commit are read at once; for older ones the commits are compared in pairs. */
const DEPTH = 100;

/**
 * For each commit, those of the others that are its ancestors. One request, and one more for each pair of which neither
 * is among the newest hundred ancestors of the other.
 */
export async function containment(
  { client, repository }: RepositoryAccess,
  shas: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const reached = await newestOf(client, repository, shas);
  for (const [at, one] of shas.entries()) {
    for (const other of shas.slice(at + 1)) {
      if (reached.get(one)?.has(other) || reached.get(other)?.has(one)) continue;
      const order = await compare(client, repository, { base: one, head: other });
      if (order === "ahead") reached.get(other)?.add(one);
      if (order === "behind") reached.get(one)?.add(other);
    }
  }
  return reached;
}

/** Whether one commit is an ancestor of the other. One request. */
export async function contains(
  client: InstallationClient,
  repository: Name,
  { commit, other }: { readonly commit: string; readonly other: string },
): Promise<boolean> {
  const order = await compare(client, repository, { base: other, head: commit });
  return order === "ahead" || order === "identical";
}

/** Whether a branch contains all of these commits; false when the branch or a commit is gone. One request. */
export async function branchContains(
  { client, repository }: RepositoryAccess,
  { branch, commits }: { readonly branch: string; readonly commits: readonly string[] },
): Promise<boolean> {
  const variables = new Variables();
  const at = `owner: ${variables.add(repository.owner)}, name: ${variables.add(repository.name)}`;
  const ref = variables.add(`refs/heads/${branch}`);
  const parts = commits.map((oid, index) => `c${index}: compare(headRef: ${variables.add(oid)}) { aheadBy }`);
  const answer = await client.query<{
    readonly repository: {
      readonly ref: { readonly [commit: `c${number}`]: { readonly aheadBy: number } | null } | null;
    };
  }>(
    `looking for commits on ${branch}`,
    `query BranchContains(${variables.declarations()}) {
  repository(${at}) { ref(qualifiedName: ${ref}) { ${parts.join(" ")} } }
}`,
    variables.values(),
  );
  return commits.every((_oid, index) => answer.repository.ref?.[`c${index}`]?.aheadBy === 0);
}

async function newestOf(
  client: InstallationClient,
  repository: Name,
  shas: readonly string[],
): Promise<ReadonlyMap<string, Set<string>>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const histories = shas.map(
    (sha, index) =>
      `c${index}: object(oid: ${variables.add(sha, "GitObjectID")}) { ... on Commit { history(first: ${DEPTH}) { nodes { oid } } } }`,
  );
  const answer = await client.query<{
    readonly repository: Readonly<
      Record<string, { readonly history?: { readonly nodes: readonly { readonly oid: string }[] } } | null>
    >;
  }>(
    "comparing merged commits",
    `query Containment(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { ${histories.join(" ")} }
}`,
    variables.values(),
  );
  return new Map(
    shas.map((sha, index) => {
      const reached = (answer.repository[`c${index}`]?.history?.nodes ?? []).map(({ oid }) => oid);
      return [sha, new Set(reached.filter((oid) => oid !== sha && shas.includes(oid)))] as const;
    }),
  );
}

/**
 * The relation of `head` to `base`; `diverged` for a commit that GitHub does not have any more, after a forced push.
 */
async function compare(
  client: InstallationClient,
  { owner, name: repo }: Name,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<"ahead" | "behind" | "identical" | "diverged"> {
  const about = {
    activity: `comparing ${base} with ${head}`,
    purpose: "deployment",
    content: false,
  } as const;
  try {
    const { data } = await client.rest(about, (octokit) =>
      octokit.rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${base}...${head}`,
        per_page: 1,
      }),
    );
    return data.status;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return "diverged";
    throw error;
  }
}

// All commits of a branch that its base does not have, and the effect of merges by people on it.

import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { Commit, FileOnBranch, OwnCommits } from "../../../../domain/model/github/snapshot.ts";
import type { FileCommits } from "../../../../reconcile/ports/github/pull-requests.ts";
import type { InstallationClient } from "../../api/client.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import type { AppIdentity } from "../pull-requests/by-app.ts";
import type { RawCommit } from "../raw-state.ts";
import { readCommit } from "../repository-state.ts";
import { COMMIT } from "../state-document.ts";
import { changedFiles } from "./changed-files.ts";

type Name = Pick<ConfigRepository, "owner" | "name">;

const PAGE = 100;
/** Pages of commits; a branch with more is not read. */
const PAGES = 20;

export interface BranchQuery {
  /** Head commits of the base and of the branch. */
  readonly base: string;
  readonly head: string;
  /** The branch, without `refs/heads/`. */
  readonly branch: string;
}

/** One REST request and one query for each hundred commits. Oldest first. */
export async function ownCommits(
  { client, repository, app: us, seal }: RepositoryAccess,
  { base, head, branch }: BranchQuery,
): Promise<OwnCommits> {
  const app = await us.identity();
  const { oids, isComplete } = await comparedOids(client, repository, { base, head });
  const isSealed = (message: string) => seal.isSealed(message, branch);
  const commits: Commit[] = [];
  for (let at = 0; at < oids.length; at += PAGE)
    commits.push(
      ...(await commitsOf(client, repository, { oids: oids.slice(at, at + PAGE), app, isSealed })),
    );
  return { commits, isComplete: isComplete && commits.length === oids.length };
}

async function comparedOids(
  client: InstallationClient,
  { owner, name: repo }: Name,
  { base, head }: Pick<BranchQuery, "base" | "head">,
): Promise<{ readonly oids: readonly string[]; readonly isComplete: boolean }> {
  const about = { activity: `comparing ${head} with ${base}`, purpose: "promotion", content: false } as const;
  const oids = new Set<string>();
  for (let page = 1; page <= PAGES; page++) {
    const { data } = await client.rest(about, (octokit) =>
      octokit.rest.repos.compareCommitsWithBasehead({
        ...{ owner, repo, basehead: `${base}...${head}` },
        ...{ per_page: PAGE, page },
      }),
    );
    const before = oids.size;
    for (const { sha } of data.commits) oids.add(sha);
    if (oids.size >= data.total_commits) return { oids: [...oids], isComplete: true };
    if (oids.size === before) break;
  }
  return { oids: [...oids], isComplete: false };
}

async function commitsOf(
  client: InstallationClient,
  { owner, name }: Name,
  {
    oids,
    app,
    isSealed,
  }: {
    readonly oids: readonly string[];
    readonly app: AppIdentity;
    readonly isSealed: (message: string) => boolean;
  },
): Promise<readonly Commit[]> {
  const variables = new Variables();
  const at = `owner: ${variables.add(owner)}, name: ${variables.add(name)}`;
  const parts = oids.map(
    (oid, index) =>
      `c${index}: object(oid: ${variables.add(oid, "GitObjectID")}) { ... on Commit { ${COMMIT} } }`,
  );
  const { repository } = await client.query<{
    readonly repository: { readonly [commit: `c${number}`]: RawCommit | null };
  }>(
    "reading the commits of a branch",
    `query OwnCommits(${variables.declarations()}) { repository(${at}) { ${parts.join(" ")} } }`,
    variables.values(),
  );
  return oids.flatMap((_oid, index) => {
    const raw = repository[`c${index}`];
    return raw ? [readCommit(raw, app, isSealed)] : [];
  });
}

/** A branch with more changed files counts as changed by people. */
const FILES = 50;

/** Every file that a pull request changes, at these commits. One query, after those for the list of files. */
export async function filesOnBranch(
  { client, repository }: RepositoryAccess,
  { number, commits }: { readonly number: number; readonly commits: FileCommits },
): Promise<readonly FileOnBranch[] | undefined> {
  const { paths, isWhole } = await changedFiles(client, { repository, number });
  if (!isWhole || paths.length > FILES) return undefined;
  const variables = new Variables();
  const at = `owner: ${variables.add(repository.owner)}, name: ${variables.add(repository.name)}`;
  const files = paths
    .map(
      (path, index) =>
        `f${index}: file(path: ${variables.add(path)}) { oid object { ... on Blob { text } } }`,
    )
    .join(" ");
  const parts = Object.entries(commits).map(
    ([name, oid]) =>
      `${name}: object(oid: ${variables.add(oid, "GitObjectID")}) { ... on Commit { ${files} } }`,
  );
  const { repository: found } = await client.query<{ readonly repository: RawSides }>(
    `reading the files of #${number}`,
    `query FilesOnBranch(${variables.declarations()}) { repository(${at}) { ${parts.join(" ")} } }`,
    variables.values(),
  );
  return paths.map((_path, index) => {
    const state = (side: keyof FileOnBranch) => {
      const file = found[side]?.[`f${index}`];
      const text = file?.object?.text;
      return file ? { [side]: { oid: file.oid, ...(typeof text === "string" && { text }) } } : {};
    };
    return { ...state("fork"), ...state("app"), ...state("base"), ...state("head") };
  });
}

type RawSides = Readonly<
  Record<
    keyof FileOnBranch,
    {
      readonly [file: `f${number}`]: {
        readonly oid: string;
        readonly object: { readonly text?: string | null } | null;
      } | null;
    } | null
  >
>;

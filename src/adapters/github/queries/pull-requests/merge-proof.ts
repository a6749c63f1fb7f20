// The proof query: everything that decides whether a merge is deployed, and its version changes, in one response.

import { CONFIG_FILE } from "../../../../domain/model/config/config-file.ts";
import type { MergeProof, MergeQuery } from "../../../../domain/model/github/merge.ts";
import { ONBOARDING_BRANCH } from "../../../../domain/model/github/onboarding-branch.ts";
import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { contains } from "../git/containment.ts";
import { folderFields, type RawFolders, readFolders } from "../git/folders.ts";
import { isByApp, loginOf, type RawActor } from "./by-app.ts";
import { MERGE_COMMIT, type RawMergeCommit, readMergeCommit } from "./merge-commit.ts";

/** How many commits are read. GitHub rebases at most a hundred. */
const HISTORY = 100;

/** One request; one more for a merge that is further back on the branch. Throws `GitHubFailure`. */
export async function proveMerge(
  { client, repository, app }: RepositoryAccess,
  query: MergeQuery,
): Promise<MergeProof | undefined> {
  const { document, variables } = proofDocument(repository, query);
  const raw = await client.query<RawProof>(`proving the merge of #${query.number}`, document, {
    ...variables,
    number: query.number,
  });
  const { base, pullRequest: pull } = raw.repository;
  if (!pull) return undefined;
  const merge = pull.mergeCommit;
  const slug = await app.slug();
  return {
    number: query.number,
    merged: pull.merged,
    base: pull.baseRefName,
    headOid: pull.headRefOid,
    labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
    ...(pull.mergedAt !== null && { mergedAt: new Date(pull.mergedAt) }),
    ...(pull.mergedBy && { mergedBy: loginOf(pull.mergedBy) }),
    ...(merge && { mergeCommit: readMergeCommit(merge) }),
    contained: merge && base ? await reaches(base.target, merge.oid, { client, repository }) : false,
    commits: (merge?.history.nodes ?? []).map(({ oid, message, parents }) => ({
      oid,
      message,
      parents: parents.nodes.map((parent) => parent.oid),
    })),
    messages: pull.commits.totalCount > HISTORY ? [] : pull.commits.nodes.map(({ commit }) => commit.message),
    offersConfig: offersConfig(pull, slug),
    ...(merge?.config && { configOid: merge.config.oid }),
    after: readFolders(merge ?? {}, query.environments),
    before: readFolders(merge?.first.nodes[0] ?? {}, query.environments),
    deployments: readDeployments(merge, slug),
  };
}

function offersConfig({ author, headRefName, isCrossRepository, files }: RawPull, slug: string): boolean {
  const [only, second] = files?.nodes ?? [];
  const isOffer = isByApp(author, slug) && !isCrossRepository && headRefName === ONBOARDING_BRANCH;
  return isOffer && only?.path === CONFIG_FILE && second === undefined;
}

function proofDocument(
  repository: Pick<ConfigRepository, "owner" | "name">,
  { base, environments }: MergeQuery,
) {
  const variables = new Variables();
  const texts = [repository.owner, repository.name, `refs/heads/${base}`, CONFIG_FILE];
  const [owner, name, ref, config] = texts.map((text) => variables.add(text));
  const folders = folderFields(environments, variables);
  const document = `query MergeProof($number: Int!, ${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
    base: ref(qualifiedName: ${ref}) { target { oid ... on Commit { history(first: ${HISTORY}) { nodes { oid } } } } }
    pullRequest(number: $number) {
      merged mergedAt baseRefName headRefName headRefOid isCrossRepository author { login __typename } mergedBy { login __typename }
      files(first: 2) { nodes { path } }
      labels(first: 100) { nodes { name } }
      commits(last: ${HISTORY}) { totalCount nodes { commit { message } } }
      mergeCommit {
        ${MERGE_COMMIT}
        history(first: ${HISTORY}) { nodes { oid message parents(first: 2) { nodes { oid } } } }
        deployments(first: 50) { nodes { databaseId environment task creator { login __typename } } }
        ${folders}
        config: file(path: ${config}) { oid }
        first: parents(first: 1) { nodes { oid ${folders} } }
      }
    }
  }
}`;
  return { document, variables: variables.values() };
}

interface RawProof {
  readonly repository: {
    readonly base: { readonly target: RawHead } | null;
    readonly pullRequest: RawPull | null;
  };
}
interface RawHead {
  readonly oid: string;
  readonly history: { readonly nodes: readonly { readonly oid: string }[] };
}
interface RawPull {
  readonly merged: boolean;
  readonly mergedAt: string | null;
  readonly mergedBy: RawActor | null;
  readonly baseRefName: string;
  readonly headRefName: string;
  readonly isCrossRepository: boolean;
  readonly author: RawActor | null;
  readonly files: { readonly nodes: readonly { readonly path: string }[] } | null;
  readonly headRefOid: string;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly commits: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly commit: { readonly message: string } }[];
  };
  readonly mergeCommit: RawMerge | null;
}
type RawMerge = RawFolders &
  RawMergeCommit & {
    readonly history: {
      readonly nodes: readonly {
        readonly oid: string;
        readonly message: string;
        readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
      }[];
    };
    readonly deployments: { readonly nodes: readonly RawDeployment[] };
    readonly first: { readonly nodes: readonly RawFolders[] };
    readonly config: { readonly oid: string } | null;
  };
interface RawDeployment {
  readonly databaseId: number;
  readonly environment: string | null;
  readonly task: string | null;
  readonly creator: { readonly login: string; readonly __typename: string } | null;
}

/** The merge is nearly always among the newest hundred commits; otherwise GitHub compares the two. */
async function reaches(
  head: RawHead,
  oid: string,
  {
    client,
    repository,
  }: { client: InstallationClient; repository: Pick<ConfigRepository, "owner" | "name"> },
): Promise<boolean> {
  if (head.history.nodes.some((commit) => commit.oid === oid)) return true;
  return contains(client, repository, { commit: head.oid, other: oid });
}

/** Others, such as GitHub Actions, deploy to environments of the same names. */
function readDeployments(merge: RawMerge | null, slug: string): MergeProof["deployments"] {
  const own = (merge?.deployments.nodes ?? []).filter(({ creator }) => isByApp(creator, slug));
  return own.map(({ databaseId, environment, task }) => ({
    id: databaseId,
    environment: environment ?? "",
    task: task ?? "",
  }));
}

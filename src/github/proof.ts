// The proof query: everything that decides whether a merge is deployed, and from what to what, in one answer.

import type { ConfigRepository } from "../model/repository.ts";
import type { Files } from "../model/umbrella.ts";
import type { InstallationClient } from "./client.ts";
import { join } from "./look.ts";
import { Variables } from "./variables.ts";

export interface MergeAsked {
  readonly number: number;
  /** The branch it was merged into. */
  readonly base: string;
  readonly environments: readonly { readonly name: string; readonly path: string }[];
}

export interface ProofAnswer {
  readonly number: number;
  readonly merged: boolean;
  readonly base: string;
  readonly mergeCommit?: string;
  readonly contained: boolean;
  readonly files: readonly string[];
  readonly commits: readonly {
    readonly oid: string;
    readonly message: string;
    readonly parents: readonly string[];
  }[];
  readonly messages: readonly string[];
  /** Of each environment at the merge commit: manifests and locks, by path below its folder. */
  readonly after: ReadonlyMap<string, Files>;
  /** The same at the first parent of the merge commit. */
  readonly before: ReadonlyMap<string, Files>;
  /** Deployments that stand on the merge commit. */
  readonly deployments: readonly {
    readonly id: number;
    readonly environment: string;
    readonly task: string;
  }[];
}

export const MANIFESTS = ["Chart.yaml", "requirements.yaml", "requirements.lock", "Chart.lock"];
/** How far back a rebase is followed. */
const COMMITS = 30;
const FILES = 100;

/** One request; one more for each further hundred files of the pull request. Throws `GitHubFailure`. */
export async function proveMerge(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  asked: MergeAsked,
): Promise<ProofAnswer | undefined> {
  const { document, variables } = proofDocument(repository, asked);
  const raw = await client.query<RawProof>(`proving the merge of #${asked.number}`, document, {
    ...variables,
    number: asked.number,
  });
  const pull = raw.repository.pullRequest;
  if (!pull) return undefined;
  const merge = pull.mergeCommit;
  const files = await allFiles(client, { repository, pull, number: asked.number });
  return {
    number: asked.number,
    merged: pull.merged,
    base: pull.baseRefName,
    ...(merge && { mergeCommit: merge.oid }),
    contained: merge ? contains(raw, merge.oid) : false,
    files,
    commits: (merge?.history.nodes ?? []).map(({ oid, message, parents }) => ({
      oid,
      message,
      parents: parents.nodes.map((p) => p.oid),
    })),
    messages: pull.commits.nodes.map(({ commit }) => commit.message),
    after: new Map(asked.environments.map(({ name }, index) => [name, textsOf(merge ?? {}, index)])),
    before: new Map(
      asked.environments.map(({ name }, index) => [name, textsOf(merge?.first.nodes[0] ?? {}, index)]),
    ),
    deployments: (merge?.deployments.nodes ?? []).map(({ databaseId, environment, task }) => ({
      id: databaseId,
      environment: environment ?? "",
      task: task ?? "",
    })),
  };
}

function proofDocument(
  repository: Pick<ConfigRepository, "owner" | "name">,
  { base, environments }: MergeAsked,
) {
  const variables = new Variables();
  const [owner, name, ref] = [repository.owner, repository.name, `refs/heads/${base}`].map((text) =>
    variables.add(text),
  );
  const texts = environments.flatMap(({ path }, index) =>
    MANIFESTS.map(
      (file, at) =>
        `m${index}_${at}: file(path: ${variables.add(join(path, file))}) { object { ... on Blob { text } } }`,
    ),
  );
  const document = `query MergeProof($number: Int!, ${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
    base: ref(qualifiedName: ${ref}) { target { oid ... on Commit { history(first: 100) { nodes { oid } } } } }
    pullRequest(number: $number) {
      merged baseRefName
      commits(last: ${COMMITS}) { totalCount nodes { commit { message } } }
      files(first: ${FILES}) { pageInfo { hasNextPage endCursor } nodes { path } }
      mergeCommit {
        oid
        history(first: ${COMMITS}) { nodes { oid message parents(first: 2) { nodes { oid } } } }
        deployments(first: 50) { nodes { databaseId environment task } }
        ${texts.join("\n        ")}
        first: parents(first: 1) { nodes { oid ${texts.join(" ")} } }
      }
    }
  }
}`;
  return { document, variables: variables.values() };
}

type RawTexts = {
  readonly [alias: `m${number}_${number}`]: {
    readonly object: { readonly text?: string | null } | null;
  } | null;
};
interface RawProof {
  readonly repository: {
    readonly base: {
      readonly target: {
        readonly oid: string;
        readonly history: { readonly nodes: readonly { readonly oid: string }[] };
      };
    } | null;
    readonly pullRequest: RawPull | null;
  };
}
interface RawPull {
  readonly merged: boolean;
  readonly baseRefName: string;
  readonly commits: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly commit: { readonly message: string } }[];
  };
  readonly files: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: readonly { readonly path: string }[];
  } | null;
  readonly mergeCommit:
    | (RawTexts & {
        readonly oid: string;
        readonly history: {
          readonly nodes: readonly {
            readonly oid: string;
            readonly message: string;
            readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
          }[];
        };
        readonly deployments: {
          readonly nodes: readonly {
            readonly databaseId: number;
            readonly environment: string | null;
            readonly task: string | null;
          }[];
        };
        readonly first: { readonly nodes: readonly RawTexts[] };
      })
    | null;
}

/** Within the branch's newest hundred commits; a merge older than that is not new. */
function contains({ repository }: RawProof, oid: string): boolean {
  return (repository.base?.target.history.nodes ?? []).some((commit) => commit.oid === oid);
}

function textsOf(at: RawTexts, index: number): Files {
  return new Map(
    MANIFESTS.flatMap((file, which) => {
      const text = at[`m${index}_${which}`]?.object?.text;
      return typeof text === "string" ? [[file, text] as const] : [];
    }),
  );
}

async function allFiles(
  client: InstallationClient,
  about: {
    readonly repository: Pick<ConfigRepository, "owner" | "name">;
    readonly pull: RawPull;
    readonly number: number;
  },
): Promise<readonly string[]> {
  const paths = (about.pull.files?.nodes ?? []).map(({ path }) => path);
  let page = about.pull.files?.pageInfo;
  while (page?.hasNextPage && page.endCursor) {
    const { repository } = await client.query<{ repository: { pullRequest: { files: RawPull["files"] } } }>(
      `reading the files of #${about.number}`,
      `query Files($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    files(first: ${FILES}, after: $after) { pageInfo { hasNextPage endCursor } nodes { path } }
  } }
}`,
      {
        owner: about.repository.owner,
        name: about.repository.name,
        number: about.number,
        after: page.endCursor,
      },
    );
    paths.push(...(repository.pullRequest.files?.nodes ?? []).map(({ path }) => path));
    page = repository.pullRequest.files?.pageInfo;
  }
  return paths;
}

// GraphQL queries for judging a head: one reads a pull request's changes, labels and check runs, and the environments'
// texts at merge base, base and head; the other reads the texts at given commits.

import type { PullRequestQuery } from "../../../../domain/model/github/checked-pull-request.ts";
import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import { inRepository } from "../../../../domain/model/repository-path.ts";
import { Variables } from "../../api/variables.ts";
import { type RawRuns, RUNS } from "../../writes/check-runs.ts";
import { FILES_FIELD, type RawFiles } from "../git/changed-files.ts";
import type { RawCommit } from "../raw-state.ts";
import { COMMIT } from "../state-document.ts";
import { BASE_FORCES, type RawBaseForces } from "./base-forces.ts";

const COMMITS = 20;

type Environments = PullRequestQuery["environments"];

/** The document and its variables; every text from outside is a variable. */
export function headDocument(
  repository: Pick<ConfigRepository, "owner" | "name">,
  { environments, group }: PullRequestQuery,
): { readonly document: string; readonly variables: Readonly<Record<string, string>> } {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const texts = textFields(environments, variables);
  const archives = archiveFields(environments, variables);
  const commit = (sha: string, more: string) =>
    `object(oid: ${variables.add(sha, "GitObjectID")}) { ... on Commit { oid ${more} ${texts} } }`;
  const parts = group
    ? `groupHead: ${commit(group.headSha, `${RUNS} ${archives}`)} groupBase: ${commit(group.baseSha, "")}`
    : "";
  const document = `query Head($number: Int!, ${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
    pullRequest(number: $number) {
      id state isInMergeQueue baseRefName headRefName headRefOid isCrossRepository
      author { login __typename }
      labels(first: 100) { nodes { name } }
      ${FILES_FIELD}
      newest: commits(last: ${COMMITS}) {
        totalCount nodes { commit { ${COMMIT} } }
      }
      first: commits(first: 1) { nodes { commit { committedDate parents(first: 1) { nodes { oid ${texts} } } } } }
      ${BASE_FORCES}
      last: commits(last: 1) { nodes { commit { oid ${RUNS} ${archives} ${texts} } } }
      baseRef { target { oid ... on Commit { oid ${texts} } } }
    }
    ${parts}
  }
}`;
  return { document, variables: variables.values() };
}

/** Commit number n has the alias `cn`. */
export function commitsDocument(
  repository: Pick<ConfigRepository, "owner" | "name">,
  environments: Environments,
  commits: readonly string[],
): { readonly document: string; readonly variables: Readonly<Record<string, string>> } {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const fields = `${archiveFields(environments, variables)} ${textFields(environments, variables)}`;
  const parts = commits.map(
    (oid, at) =>
      `c${at}: object(oid: ${variables.add(oid, "GitObjectID")}) { ... on Commit { oid ${fields} } }`,
  );
  const document = `query HeadFiles(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) { ${parts.join(" ")} }
}`;
  return { document, variables: variables.values() };
}

function textFields(environments: Environments, variables: Variables): string {
  return environments
    .flatMap(({ path, files }, index) =>
      files.map((file, at) => {
        const full = variables.add(inRepository(path, file));
        return `e${index}_${at}: file(path: ${full}) { mode object { ... on Blob { text isTruncated } } }`;
      }),
    )
    .join(" ");
}

function archiveFields(environments: Environments, variables: Variables): string {
  return environments
    .map(({ path }, index) => {
      const charts = variables.add(inRepository(path, "charts"));
      return `a${index}: file(path: ${charts}) { mode object { ... on Tree { entries { path oid mode } } } }`;
    })
    .join(" ");
}

export type RawHeadCommit = RawRuns & { readonly oid: string } & {
  readonly [file: `e${number}_${number}`]: {
    readonly mode: number;
    readonly object: { readonly text?: string | null; readonly isTruncated?: boolean } | null;
  } | null;
} & {
  readonly [charts: `a${number}`]: {
    readonly mode: number;
    readonly object: {
      readonly entries?: readonly { readonly path: string; readonly oid: string; readonly mode: number }[];
    } | null;
  } | null;
};

export interface RawPull extends RawFiles {
  readonly id: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly isInMergeQueue: boolean;
  readonly baseRefName: string;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly isCrossRepository: boolean;
  readonly author: { readonly login: string; readonly __typename: string } | null;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly newest: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly commit: RawCommit;
    }[];
  };
  readonly first: {
    readonly nodes: readonly {
      readonly commit: {
        readonly committedDate: string;
        readonly parents: { readonly nodes: readonly RawHeadCommit[] };
      };
    }[];
  };
  readonly timelineItems: RawBaseForces;
  readonly last: { readonly nodes: readonly { readonly commit: RawHeadCommit }[] };
  readonly baseRef: { readonly target: RawHeadCommit | null } | null;
}

export interface RawHead {
  readonly repository: {
    readonly pullRequest: RawPull | null;
    readonly groupHead?: RawHeadCommit | null;
    readonly groupBase?: RawHeadCommit | null;
  };
}

// The GraphQL document of the state query: names in it are generated, and all text from outside is a variable.

import { CONFIG_FILE } from "../../../domain/model/config/config-file.ts";
import type {
  EnvironmentQuery,
  NamesQuery,
  StateQuery,
} from "../../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import { inRepository } from "../../../domain/model/repository-path.ts";
import { Variables } from "../api/variables.ts";
import { labelFields, userFields } from "./names.ts";
import { AUTHORSHIP } from "./pull-requests/by-app.ts";
import { heldPromotionsField, openPromotionsField } from "./pull-requests/open-promotions.ts";
import { TIMELINE } from "./pull-requests/timeline.ts";

/** Pull requests read of a branch: enough to see what was declined since the last merge. */
export const PULL_REQUESTS = 10;
/** Commits read of a pull request; earlier ones are queried when their author matters. */
const COMMITS = 20;

const PARENTS = "parents(first: 2) { nodes { oid } }";
const BUT_PARENTS = `oid message tree { oid } ${AUTHORSHIP}`;
/** Fields of a `Commit` that `readCommit` reads. */
export const COMMIT = `${BUT_PARENTS} ${PARENTS}`;

interface Query {
  readonly document: string;
  readonly variables: Readonly<Record<string, string>>;
}

export interface StateSelection extends StateQuery {
  /** Whether to read only the number of each pull request. */
  readonly numbersOnly?: boolean;
}

/** The document and its variables. */
export function stateQuery(
  repository: Pick<ConfigRepository, "owner" | "name">,
  { environments, openPromotions = false, heldPromotions = false, numbersOnly = false }: StateSelection,
  names: NamesQuery,
): Query {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const [users, labels] = [userFields(names, variables), labelFields(names, variables)];
  const fields = stateFields(environments, variables, { numbersOnly });
  const observed = environments.flatMap((one, index) => (one.branches.length > 0 ? [{ one, index }] : []));
  const heads = observed.map(({ one, index }) => headFragment(one, index, variables));
  const forks = numbersOnly ? [] : observed.map(({ one, index }) => forkFragment(one, index, variables));
  const lists = openPromotions ? `${COUNTS}\n    ${openPromotionsField(variables)}` : "";
  const held = heldPromotions ? heldPromotionsField(variables) : "";
  const document = `query RepositoryState(${variables.declarations()}) {
  rateLimit { cost remaining resetAt } ${users}
  repository(owner: ${owner}, name: ${name}) {
    ${fields} ${labels}
    ${lists} ${held}
  }
}
${FILE}${forks.length > 0 ? PULL_REQUEST : ""}${[...heads, ...forks].join("")}`;
  return { document, variables: variables.values() };
}

/** A pull request of one of an environment's promotion branches. */
export interface PullSelection {
  readonly environment: EnvironmentQuery;
  readonly number: number;
}

/** Each under the alias `q` and its index. */
export function pullsQuery(
  repository: Pick<ConfigRepository, "owner" | "name">,
  selections: readonly PullSelection[],
): Query {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const fields = selections.map(
    ({ number }, index) => `    q${index}: pullRequest(number: ${number}) { ${pullFields(index)} }`,
  );
  const forks = selections.map(({ environment }, index) => forkFragment(environment, index, variables));
  const document = `query PullRequests(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
${fields.join("\n")}
  }
}
${PULL_REQUEST}${forks.join("")}`;
  return { document, variables: variables.values() };
}

/** Fields of the repository that `readState` reads. */
export function stateFields(
  environments: readonly EnvironmentQuery[],
  variables: Variables,
  { numbersOnly = false }: Pick<StateSelection, "numbersOnly"> = {},
): string {
  const config = variables.add(CONFIG_FILE);
  const parts = environments.map((environment, index) => {
    const pulls = numbersOnly ? "number isCrossRepository" : pullFields(index);
    return environmentPart({ environment, index, pulls }, variables);
  });
  return `id nameWithOwner isArchived isDisabled autoMergeAllowed
    defaultBranchRef { name target { oid ... on Commit { config: file(path: ${config}) { ...File } } } }
${parts.join("\n")}`;
}

/** Counts that show whether further queries would return anything. */
export const COUNTS = `open: pullRequests(states: [OPEN], first: 1) { totalCount }
    merged: pullRequests(states: [MERGED], first: 1) { totalCount }
    issues(states: [OPEN], first: 1) { totalCount }`;

export const FILE = `fragment File on TreeEntry {
  mode object { __typename oid ... on Blob { isBinary isTruncated byteSize text } ... on Tree { entries { path } } }
}`;

const PULL_REQUEST = `
fragment Pull on PullRequest {
  id number url state title body isDraft baseRefName baseRef { name } mergedAt headRefOid isCrossRepository isInMergeQueue
  autoMergeRequest { enabledAt }
  author { login __typename }
  labels(first: 100) { nodes { name } }
  newest: commits(last: ${COMMITS}) { totalCount nodes { commit { ${BUT_PARENTS} } } }
  ${TIMELINE}
}`;

/** With the fragments `Pull` and `Fork` of that index. */
function pullFields(index: number): string {
  return `...Pull first: commits(first: 1) { nodes { commit { committedDate parents(first: 1) { nodes { oid tree { oid } ...Fork${index} } } } } }`;
}

interface Part {
  readonly environment: EnvironmentQuery;
  readonly index: number;
  /** Fields of each pull request. */
  readonly pulls: string;
}

function environmentPart({ environment, index, pulls }: Part, variables: Variables): string {
  const files = pathsOf(environment, variables)
    .map((path, at) => `f${at}: file(path: ${path}) { ...File }`)
    .join(" ");
  const charts = variables.add(inRepository(environment.path, "charts"));
  const branches = environment.branches.map((branch, at) => {
    const ref = variables.add(`refs/heads/${branch}`);
    const name = variables.add(branch);
    return `    b${index}_${at}: ref(qualifiedName: ${ref}) { target { oid ...Head${index} } }
    p${index}_${at}: pullRequests(headRefName: ${name}, first: ${PULL_REQUESTS}, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { ${pulls} }
    }`;
  });
  const base = variables.add(`refs/heads/${environment.branch}`);
  return [
    `    e${index}: ref(qualifiedName: ${base}) { target { oid ... on Commit { charts: file(path: ${charts}) { ...File } ${files} } } }`,
    ...branches,
  ].join("\n");
}

/**
 * Fields of the head of each of an environment's branches. Connections determine a query's cost: parents are read along
 * the head's history, not for each commit of each pull request.
 */
function headFragment(environment: EnvironmentQuery, index: number, variables: Variables): string {
  const heads = pathsOf(environment, variables)
    .map((path, at) => headFile(environment.files[at] ?? "", path, at))
    .join(" ");
  return `
fragment Head${index} on Commit { oid ${heads} history(first: ${COMMITS}) { nodes { oid ${PARENTS} } } }`;
}

/** Fields of the commit that each pull request started from. */
function forkFragment(environment: EnvironmentQuery, index: number, variables: Variables): string {
  const oids = pathsOf(environment, variables)
    .map((path, at) => `f${at}: file(path: ${path}) { oid }`)
    .join(" ");
  return `
fragment Fork${index} on Commit { oid ${oids} }`;
}

/** In the order of the files. */
function pathsOf({ path, files }: EnvironmentQuery, variables: Variables): readonly string[] {
  return files.map((file) => variables.add(inRepository(path, file)));
}

/** For a lock the text as well: it contains a timestamp, so two equivalent locks have different blob ids. */
function headFile(file: string, path: string, at: number): string {
  const more = LOCKS.has(file) ? " object { ... on Blob { text } }" : "";
  return `f${at}: file(path: ${path}) { oid${more} }`;
}

/** Paths relative to an environment's folder. */
export const LOCKS = new Set(["requirements.lock", "Chart.lock"]);

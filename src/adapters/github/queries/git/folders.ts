// Environments' folders at one commit: Git's tree id, and the manifests and locks.

import type { EnvironmentFolder, FolderAt, FolderEntries } from "../../../../domain/model/github/merge.ts";
import { inRepository } from "../../../../domain/model/repository-path.ts";
import { MANIFEST_FILES } from "../../../../domain/model/umbrella.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

export type RawFolders = { readonly [alias: `t${number}`]: { readonly oid: string } | null } & {
  readonly [alias: `m${number}_${number}`]: {
    readonly object: { readonly text?: string | null } | null;
  } | null;
};

/** Fields of a `Commit` that give every folder's tree id. */
export function treeFields(environments: readonly EnvironmentFolder[], variables: Variables): string {
  const fields = environments.map(({ path }, index) =>
    path === "" ? `t${index}: tree { oid }` : `t${index}: file(path: ${variables.add(path)}) { oid }`,
  );
  return fields.join(" ");
}

/** Fields of a `Commit` that `readFolders` reads. */
export function folderFields(environments: readonly EnvironmentFolder[], variables: Variables): string {
  const texts = environments.flatMap(({ path }, index) =>
    MANIFEST_FILES.map(
      (file, which) =>
        `m${index}_${which}: file(path: ${variables.add(inRepository(path, file))}) { object { ... on Blob { text } } }`,
    ),
  );
  return [treeFields(environments, variables), ...texts].join(" ");
}

/** By environment. */
export function readFolders(
  raw: RawFolders,
  environments: readonly EnvironmentFolder[],
): ReadonlyMap<string, FolderAt> {
  return new Map(
    environments.map(({ name }, index) => {
      const tree = raw[`t${index}`]?.oid;
      const files = MANIFEST_FILES.flatMap((file, which) => {
        const text = raw[`m${index}_${which}`]?.object?.text;
        return typeof text === "string" ? [[file, text] as const] : [];
      });
      return [name, { ...(tree !== undefined && { tree }), files: new Map(files) }] as const;
    }),
  );
}

/** By environment; without those that have no such folder. */
export function readTrees(
  raw: RawFolders,
  environments: readonly EnvironmentFolder[],
): ReadonlyMap<string, string> {
  return new Map(
    environments.flatMap(({ name }, index) => {
      const tree = raw[`t${index}`]?.oid;
      return tree === undefined ? [] : [[name, tree] as const];
    }),
  );
}

/** One request. */
export async function foldersAt(
  { client, repository }: RepositoryAccess,
  commit: string,
  environments: readonly EnvironmentFolder[],
): Promise<ReadonlyMap<string, FolderAt>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const oid = variables.add(commit, "GitObjectID");
  const fields = folderFields(environments, variables);
  const answer = await client.query<{ readonly repository: { readonly object: RawFolders | null } }>(
    `reading folders at ${commit}`,
    `query Folders(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { object(oid: ${oid}) { ... on Commit { ${fields} } } }
}`,
    variables.values(),
  );
  return readFolders(answer.repository.object ?? {}, environments);
}

type RawEntries = readonly { readonly name: string; readonly oid: string }[];

type RawTrees = {
  readonly [alias: `t${number}`]: {
    readonly entries?: RawEntries;
    readonly object?: { readonly entries?: RawEntries } | null;
  } | null;
};

/** By environment and name. One request. */
export async function entriesAt(
  { client, repository }: RepositoryAccess,
  commit: string,
  environments: readonly EnvironmentFolder[],
): Promise<ReadonlyMap<string, FolderEntries>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const oid = variables.add(commit, "GitObjectID");
  const fields = environments.map(({ path }, index) =>
    path === ""
      ? `t${index}: tree { entries { name oid } }`
      : `t${index}: file(path: ${variables.add(path)}) { object { ... on Tree { entries { name oid } } } }`,
  );
  const answer = await client.query<{ readonly repository: { readonly object: RawTrees | null } }>(
    `reading entries of folders at ${commit}`,
    `query Entries(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { object(oid: ${oid}) { ... on Commit { ${fields.join(" ")} } } }
}`,
    variables.values(),
  );
  return new Map(
    environments.map(({ name: environment }, index) => {
      const tree = answer.repository.object?.[`t${index}`];
      const entries = tree?.entries ?? tree?.object?.entries ?? [];
      return [environment, new Map(entries.map((entry) => [entry.name, entry.oid]))];
    }),
  );
}

interface FoldersCompared {
  readonly head: string;
  /** Commits to compare with. */
  readonly others: readonly string[];
}

/** Names of the environments whose folder at the head differs from all of the other commits. One request. */
export async function changedFolders(
  { client, repository }: RepositoryAccess,
  environments: readonly EnvironmentFolder[],
  { head, others }: FoldersCompared,
): Promise<readonly string[]> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const fields = treeFields(environments, variables);
  const commits = [head, ...others].map(
    (oid, at) => `c${at}: object(oid: ${variables.add(oid, "GitObjectID")}) { ... on Commit { ${fields} } }`,
  );
  const answer = await client.query<{ readonly repository: Readonly<Record<string, RawFolders | null>> }>(
    `comparing folders at ${head}`,
    `query ChangedFolders(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { ${commits.join(" ")} }
}`,
    variables.values(),
  );
  const treesAt = (at: number) => readTrees(answer.repository[`c${at}`] ?? {}, environments);
  const trees = treesAt(0);
  const from = others.map((_oid, at) => treesAt(at + 1));
  return environments
    .map(({ name: environment }) => environment)
    .filter((environment) => from.every((one) => one.get(environment) !== trees.get(environment)));
}

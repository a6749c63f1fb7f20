// Environments' folders as they stood at one commit: git's id of the whole folder, and the manifests and locks in it.

import type { EnvironmentFolder, FolderAt } from "../model/merge.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { join } from "./look.ts";
import { Variables } from "./variables.ts";

export type RawFolders = { readonly [alias: `t${number}`]: { readonly oid: string } | null } & {
  readonly [alias: `m${number}_${number}`]: {
    readonly object: { readonly text?: string | null } | null;
  } | null;
};

const MANIFESTS = ["Chart.yaml", "requirements.yaml", "requirements.lock", "Chart.lock"];

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
    MANIFESTS.map(
      (file, which) =>
        `m${index}_${which}: file(path: ${variables.add(join(path, file))}) { object { ... on Blob { text } } }`,
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
      const files = MANIFESTS.flatMap((file, which) => {
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
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  at: { readonly oid: string; readonly environments: readonly EnvironmentFolder[] },
): Promise<ReadonlyMap<string, FolderAt>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const oid = variables.add(at.oid, "GitObjectID");
  const fields = folderFields(at.environments, variables);
  const answer = await client.query<{ readonly repository: { readonly object: RawFolders | null } }>(
    `reading folders at ${at.oid}`,
    `query Folders(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { object(oid: ${oid}) { ... on Commit { ${fields} } } }
}`,
    variables.values(),
  );
  return readFolders(answer.repository.object ?? {}, at.environments);
}

// One file at the head of a repository's default branch.

import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

/** One request. `undefined` when the file does not exist, or is binary. */
export async function defaultFile(
  { client, repository }: RepositoryAccess,
  path: string,
): Promise<{ readonly oid: string; readonly text: string } | undefined> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const answer = await client.query<{ readonly repository: { readonly defaultBranchRef: RawRef | null } }>(
    `reading ${path} of ${repository.owner}/${repository.name}`,
    `query DefaultFile(${variables.declarations()}, $path: String!) {
  repository(owner: ${owner}, name: ${name}) {
    defaultBranchRef { target { ... on Commit { file(path: $path) { object { ... on Blob { oid text isTruncated } } } } } }
  }
}`,
    { ...variables.values(), path },
  );
  const blob = answer.repository.defaultBranchRef?.target?.file?.object;
  if (typeof blob?.oid !== "string" || typeof blob.text !== "string" || blob.isTruncated === true)
    return undefined;
  return { oid: blob.oid, text: blob.text };
}

interface RawRef {
  readonly target: {
    readonly file?: {
      readonly object: {
        readonly oid?: string;
        readonly text?: string | null;
        readonly isTruncated?: boolean;
      } | null;
    } | null;
  } | null;
}

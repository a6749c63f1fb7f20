// The merge commit of a pull request, and whether GitHub made it.

import type { MergeCommit } from "../../../../domain/model/github/merge.ts";

/** Fields of a `Commit`. Signing is optional on GitHub Enterprise Server, so the signature alone would not tell. */
export const MERGE_COMMIT = `oid committedViaWeb signature { wasSignedByGitHub }
        parents(first: 2) { nodes { oid } }`;

export interface RawMergeCommit {
  readonly oid: string;
  readonly committedViaWeb: boolean;
  readonly signature: { readonly wasSignedByGitHub: boolean } | null;
  readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
}

export function readMergeCommit(raw: RawMergeCommit): MergeCommit {
  return {
    oid: raw.oid,
    parents: raw.parents.nodes.map(({ oid }) => oid),
    byGitHub: raw.committedViaWeb || raw.signature?.wasSignedByGitHub === true,
  };
}

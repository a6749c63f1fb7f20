// A promotion as it is written to GitHub: files, commit and pull request in full.

/** One file of a commit, with its path in the repository. */
export interface FileChange {
  readonly path: string;
  /** `null` removes the file. */
  readonly contents: Uint8Array | null;
  /** Git's file mode as a number. */
  readonly mode: number;
}

/** GraphQL node ids by name; GitHub does not know a name without one. */
export interface NodeIds {
  readonly labels: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, string>;
}

export interface Draft {
  /** The promotion branch, without `refs/heads/`. */
  readonly branch: string;
  readonly base: { readonly branch: string; readonly oid: string };
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly message: { readonly headline: string; readonly body: string };
  readonly files: readonly FileChange[];
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly autoMerge: "off" | "merge" | "squash" | "rebase";
}

/** A branch left over from an earlier pull request, or from a run that opened none. */
export interface Leftover {
  /** Expected head (as with force-with-lease): the branch is moved only if it is still there. */
  readonly head: string;
  /** It has commits of the App without a visible pull request: an open one may show later (replica lag). */
  readonly mayBeProposed?: true;
}

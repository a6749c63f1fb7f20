// A promotion as it shall stand on GitHub: files, commit and pull request, complete and printable.

/** One file of a commit, with its path in the repository. */
export interface FileChange {
  readonly path: string;
  /** `null` removes the file. */
  readonly contents: Uint8Array | null;
  /** Git's file mode as a number. */
  readonly mode: number;
}

/** GraphQL node ids by name; a name without one is not known to GitHub. */
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

/** A branch left over from an earlier pull request, or from one that was not opened. */
export interface Leftover {
  /** To be moved only if it is still there. */
  readonly head: string;
  /** Commits of the App that no pull request is shown for: an open one may be shown later. */
  readonly mayBeProposed?: true;
}

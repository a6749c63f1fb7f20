// Commits made object by object, for what createCommitOnBranch cannot write: executable bits, and very large files.

import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { FileChange } from "../../../domain/model/draft.ts";
import type { InstallationClient } from "../api/client.ts";

type TreeEntry = RestEndpointMethodTypes["git"]["createTree"]["parameters"]["tree"][number];

const REGULAR = 0o100644;
/** A larger file is uploaded as a separate blob (a request of many megabytes hits GitHub's timeout of ten seconds). */
const LARGE = 512_000;

export function needsGitData(files: readonly FileChange[]): boolean {
  return files.some(
    ({ mode, contents }) => mode !== REGULAR || (contents !== null && contents.length > LARGE),
  );
}

/** Returns the new commit's id. Without author and committer, so that GitHub signs it as the App's. Moves no branch. */
export async function commitByGitData(
  client: InstallationClient,
  nameWithOwner: string,
  commit: {
    readonly files: readonly FileChange[];
    readonly parent: string;
    readonly message: { readonly headline: string; readonly body: string };
  },
): Promise<string> {
  const [owner = "", repo = ""] = nameWithOwner.split("/");
  const about = {
    activity: `writing a commit in ${nameWithOwner}`,
    purpose: "promotion",
    content: true,
  } as const;
  const parent = await client.rest({ ...about, content: false }, (octokit) =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: commit.parent }),
  );
  const entries: TreeEntry[] = [];
  for (const file of commit.files) entries.push(await treeEntry(file));
  const tree = await client.rest(about, (octokit) =>
    octokit.rest.git.createTree({ owner, repo, base_tree: parent.data.tree.sha, tree: entries }),
  );
  const made = await client.rest(about, (octokit) =>
    octokit.rest.git.createCommit({
      owner,
      repo,
      message: `${commit.message.headline}\n\n${commit.message.body}`,
      tree: tree.data.sha,
      parents: [commit.parent],
    }),
  );
  return made.data.sha;

  async function treeEntry({ path, mode, contents }: FileChange): Promise<TreeEntry> {
    const entry = { path, mode: gitMode(mode), type: "blob" } as const;
    if (contents === null) return { ...entry, sha: null };
    const blob = await client.rest(about, (octokit) =>
      octokit.rest.git.createBlob({
        owner,
        repo,
        encoding: "base64",
        content: Buffer.from(contents).toString("base64"),
      }),
    );
    return { ...entry, sha: blob.data.sha };
  }
}

function gitMode(mode: number): "100644" | "100755" {
  return mode === 0o100755 ? "100755" : "100644";
}

// GraphQL truncates a text at exactly 512,000 bytes: longer files are read again in full over REST, up to a limit for
// hand-written files.

import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { BlobFile, Snapshot } from "../../../../domain/model/github/snapshot.ts";
import type { InstallationClient } from "../../api/client.ts";

/** In bytes: a larger file has no text, like a binary one. */
const LARGEST = 1024 * 1024;

/** One request for each truncated file. */
export async function withWholeTexts(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  snapshot: Snapshot,
): Promise<Snapshot> {
  const cut = [...snapshot.files].filter(
    ([, { truncated }]) => truncated !== undefined && truncated <= LARGEST,
  );
  if (cut.length === 0) return snapshot;
  const files = new Map(snapshot.files);
  for (const [path, file] of cut) files.set(path, await whole(client, repository, file));
  return { ...snapshot, files };
}

async function whole(
  client: InstallationClient,
  { owner, name: repo }: Pick<ConfigRepository, "owner" | "name">,
  { oid, mode }: BlobFile,
): Promise<BlobFile> {
  const about = { activity: `reading blob ${oid}`, purpose: "promotion", content: false } as const;
  const { data } = await client.rest(about, (octokit) =>
    octokit.rest.git.getBlob({ owner, repo, file_sha: oid }),
  );
  const text = utf8(Buffer.from(data.content, "base64"));
  return { oid, mode, ...(text !== undefined && { text }) };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

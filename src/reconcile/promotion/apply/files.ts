// The files of a promotion's commit: the edited texts with the modes they have, and the vendored archives, fetched and
// checked.

import type { FileChange } from "../../../domain/model/draft.ts";
import type { BlobFile } from "../../../domain/model/github/snapshot.ts";
import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import { inRepository } from "../../../domain/model/repository-path.ts";
import type { ArchiveSwap } from "../../../domain/model/umbrella.ts";
import { blobOid } from "../../../domain/pull-request/blob-oid.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

const REGULAR = 0o100644;
const SYMLINK = 0o120000;

export async function commitFiles(
  change: Change,
  context: ObservedEnvironment,
): Promise<Result<readonly FileChange[]>> {
  const { environment, snapshot } = context;
  const full = (path: string) => inRepository(environment.path, path);
  const link = change.edits.find(({ path }) => snapshot.files.get(path)?.mode === SYMLINK);
  if (link) return fail(symlink(full(link.path)));
  const inexact = change.edits.find(({ path, before }) => !isExact(before, snapshot.files.get(path)));
  if (inexact) return fail(notText(full(inexact.path)));
  const texts = change.edits.map(({ path, after }) => ({
    path: full(path),
    contents: after === null ? null : new TextEncoder().encode(after),
    mode: snapshot.files.get(path)?.mode ?? REGULAR,
  }));
  const archives: FileChange[] = [];
  for (const swap of change.archives) {
    const bytes = await fetched(swap, change, context);
    if (!bytes.ok) return bytes;
    const added = { path: full(swap.add.path), contents: bytes.value.packed, mode: REGULAR };
    const removed = swap.remove
      .filter((path) => path !== swap.add.path)
      .map((path) => ({ path: full(path), contents: null, mode: REGULAR }));
    archives.push(...removed, added);
  }
  return ok([...texts, ...archives]);
}

async function fetched(
  { add }: ArchiveSwap,
  change: Change,
  { deps }: ObservedEnvironment,
): Promise<Result<{ readonly packed: Uint8Array }>> {
  const move = change.moves.find(({ chart }) => chart === add.name);
  const repository = deps.settings.chartRepositories.find(({ name }) => name === move?.publish.repository);
  if (!move || !repository) throw new Error(`${add.path} is of no chart that moves`);
  const { digest } = move.publish;
  return deps.charts.fetchArchive(repository, {
    chart: add.name,
    version: add.version,
    ...(digest !== undefined && { digest }),
  });
}

/** Whether the edited text is the file byte for byte: GitHub's APIs do not return non-UTF-8 content exactly. */
function isExact(before: string | null, file: BlobFile | undefined): boolean {
  if (before === null) return file === undefined;
  return file?.oid === blobOid(new TextEncoder().encode(before));
}

function notText(file: string): Problem {
  return {
    code: "file-unwritable",
    message: `${file} is not UTF-8 text: writing it back would change bytes that nobody meant to change.`,
    help: "Save the file as UTF-8.",
    place: { file },
  };
}

function symlink(file: string): Problem {
  return {
    code: "file-unwritable",
    message: `${file} is a symbolic link.`,
    help: "Replace the link by the file it points to: what is behind a link cannot be edited without changing another place.",
    place: { file },
  };
}

// The files of a promotion's commit: the edited texts with the modes they have, and the vendored archives, fetched and checked.

import type { FileChange } from "../model/draft.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Change } from "../model/promotion.ts";
import type { ArchiveSwap } from "../model/umbrella.ts";
import type { Settling } from "./agenda.ts";

const REGULAR = 0o100644;
const SYMLINK = 0o120000;

export async function filesOf(change: Change, settling: Settling): Promise<Result<readonly FileChange[]>> {
  const { environment, snapshot } = settling;
  const inRepository = (path: string) => (environment.path === "" ? path : `${environment.path}/${path}`);
  const link = change.edits.find(({ path }) => snapshot.files.get(path)?.mode === SYMLINK);
  if (link) return fail(symlink(inRepository(link.path)));
  const texts = change.edits.map(({ path, after }) => ({
    path: inRepository(path),
    contents: after === null ? null : new TextEncoder().encode(after),
    mode: snapshot.files.get(path)?.mode ?? REGULAR,
  }));
  const archives: FileChange[] = [];
  for (const swap of change.archives) {
    const bytes = await fetched(swap, change, settling);
    if (!bytes.ok) return bytes;
    const added = { path: inRepository(swap.add.path), contents: bytes.value.packed, mode: REGULAR };
    const removed = swap.remove
      .filter((path) => path !== swap.add.path)
      .map((path) => ({ path: inRepository(path), contents: null, mode: REGULAR }));
    archives.push(...removed, added);
  }
  return ok([...texts, ...archives]);
}

async function fetched(
  { add }: ArchiveSwap,
  change: Change,
  { world }: Settling,
): Promise<Result<{ readonly packed: Uint8Array }>> {
  const move = change.moves.find(({ chart }) => chart === add.name);
  const repository = world.settings.chartRepositories.find(({ name }) => name === move?.publish.repository);
  if (!move || !repository) throw new Error(`${add.path} is of no chart that moves`);
  const { digest } = move.publish;
  return world.charts.fetchArchive(repository, {
    chart: add.name,
    version: add.version,
    ...(digest !== undefined && { digest }),
  });
}

function symlink(file: string): Problem {
  return {
    code: "file-unwritable",
    message: `${file} is a symbolic link.`,
    help: "Replace the link by the file it points to: what is behind a link cannot be edited without changing another place.",
    place: { file },
  };
}

// Programs that take minutes to build, kept for the next run and for other checkouts: below XDG_CACHE_HOME (default
// ~/.cache), as the XDG base directory specification has it.

import { access, chmod, constants, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./program.ts";

const FOLDER = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "chart-promoter");

/**
 * The path of the program `name` (it names its version), built by `build` when it is not kept yet. `build` gets an empty
 * folder to work in and leaves the program at `target`. Renamed into place when it is whole, so that two runs may build at once.
 */
export async function cachedProgram(
  name: string,
  build: (folder: string, target: string) => Promise<void>,
): Promise<string> {
  const kept = join(FOLDER, name);
  if (await isExecutable(kept)) return kept;
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const draft = join(FOLDER, `${name}.${process.pid}`);
  try {
    await build(folder, draft);
    await chmod(draft, 0o755);
    await rename(draft, kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(draft, { force: true });
  }
  return kept;
}

export function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The folder that Go unpacked the module into. Rejects with what Go said where the module proxy does not have it. */
export async function downloadModule(module: string): Promise<string> {
  const { stdout } = await run("go", ["mod", "download", "-json", module], { cwd: tmpdir() }).catch(
    (error: unknown) => {
      throw new Error(`${module}: ${Object(error).stdout || String(error)}`);
    },
  );
  const { Dir: folder }: { Dir: string } = JSON.parse(stdout);
  return folder;
}

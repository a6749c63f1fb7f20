// Where a server of the sandbox keeps its database.

import { existsSync, statfsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** Containers are given 64 MiB of it. */
const ENOUGH_BYTES = 1024 ** 3;

/** In memory, where there is room: whatever ends here, the disk outlives it, and waiting for one is most of the time. */
export function newDataFolder(name: string): Promise<string> {
  return mkdtemp(join(hasRoom() ? MEMORY : tmpdir(), `${name}-`));
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES;
}

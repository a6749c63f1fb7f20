// Data folder of a sandbox server.

import { existsSync, statfsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
/** Containers have 64 MiB of shared memory by default. */
const ENOUGH_BYTES = 1024 ** 3;

/**
 * In a memory file system if there is room: it survives a killed process as a disk does, and most of a test's time
 * would be waiting for the disk.
 */
export function newDataFolder(name: string): Promise<string> {
  return mkdtemp(join(hasRoom() ? MEMORY : tmpdir(), `${name}-`));
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES;
}

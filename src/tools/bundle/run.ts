// `npm run bundle`: writes bundle/chart-promoter.mjs and its checksum, which the server hands out under /cli.

import { mkdir, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

const FOLDER = new URL("../../../bundle/", import.meta.url);
const DRAFTS = new URL("../../../.cache/", import.meta.url);
const { code, checksum } = await bundle();
await mkdir(FOLDER, { recursive: true });
await mkdir(DRAFTS, { recursive: true });
await replace("chart-promoter.mjs", code, 0o755);
await replace("chart-promoter.mjs.sha256", checksum, 0o644);
process.stdout.write(`${fileURLToPath(new URL("chart-promoter.mjs", FOLDER))}: ${code.length} bytes\n`);

/** Replaced atomically: a server may be serving the file, or a package may be built from the folder. */
async function replace(name: string, content: string | Uint8Array, mode: number): Promise<void> {
  const draft = new URL(`${name}.${process.pid}`, DRAFTS);
  await writeFile(draft, content, { mode });
  await rename(draft, new URL(name, FOLDER));
}

// `npm run bundle`: writes bundle/chart-promoter.mjs and its checksum, which the server hands out under /cli.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

const FOLDER = new URL("../../../bundle/", import.meta.url);
const { code, checksum } = await bundle();
await mkdir(FOLDER, { recursive: true });
const file = new URL("chart-promoter.mjs", FOLDER);
await writeFile(file, code, { mode: 0o755 });
await writeFile(new URL("chart-promoter.mjs.sha256", FOLDER), checksum);
process.stdout.write(`${fileURLToPath(file)}: ${code.length} bytes\n`);

// `npm run build`: rebuilds dist/.

import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildProgram } from "./program.ts";

const FOLDER = fileURLToPath(new URL("../../../dist", import.meta.url));
await rm(FOLDER, { recursive: true, force: true });
await buildProgram(FOLDER);

// The command line as a single JavaScript file for Node 20 that needs no installation, and its checksum.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENTRY = fileURLToPath(new URL("../../cli/bundle/main.ts", import.meta.url));

export interface Bundle {
  readonly code: Uint8Array;
  /** In the format of `sha256sum`. */
  readonly checksum: string;
}

/** Bundled CommonJS modules load Node's built-in modules with `require`, which ES modules do not have. */
const BANNER = `#!/usr/bin/env node
import{createRequire}from"node:module";const require=createRequire(import.meta.url);`;

export async function bundle(): Promise<Bundle> {
  const { outputFiles } = await build({
    ...{ entryPoints: [ENTRY], bundle: true, minify: true, write: false, legalComments: "none" },
    ...{ platform: "node", format: "esm", target: "node20", charset: "utf8", banner: { js: BANNER } },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote nothing");
  const hex = createHash("sha256").update(file.contents).digest("hex");
  return { code: file.contents, checksum: `${hex}  chart-promoter.mjs\n` };
}

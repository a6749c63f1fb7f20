// What a package brings as dist/: the command line, the modules that its threads run, and the chunks they share, with the
// libraries in them. A few files start several times as fast as a thousand, and less of them stays in memory.

import { globSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * `import … from "node:http"` reads everything that the module has, and so loads `fetch` and all that it stands on; asked for as
 * here, Node loads what is used.
 */
const builtins: Plugin = {
  name: "builtins",
  setup: (made) => {
    made.onResolve({ filter: /^(node:)?[a-z0-9_/]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^(node:)?/, "node:"), namespace: "builtin" } : undefined,
    );
    made.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Into `folder`, which must be in a package's folder beside its package.json. */
export async function buildProgram(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    // Side by side, as `moduleBeside` finds them.
    ...{ entryPoints: ["src/cli/chart-promoter.ts", ...globSync("src/**/*-worker.ts", { cwd: ROOT })] },
    ...{ outdir: folder, entryNames: "[name]", chunkNames: "[name]-[hash]", splitting: true },
    ...{ bundle: true, platform: "node", format: "esm", target: "node24", charset: "ascii" },
    // Fastify tells plugins, and logs tell errors, by their names.
    ...{ minifyWhitespace: true, minifySyntax: true, keepNames: true, legalComments: "eof" },
    plugins: [builtins],
    logLevel: "warning",
  });
}

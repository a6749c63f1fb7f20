// Reports usage errors: on standard error, or as a JSON document with `--json`.

import type { OutputConfiguration } from "commander";

/** For commander's `configureOutput`, before commands are added. `argv`: as of `process.argv`. */
export function wrongUse(argv: readonly string[]): OutputConfiguration {
  if (!argv.includes("--json")) return {};
  return {
    outputError: (text) => {
      const message = text.replace(/^error: /, "").trim();
      const problem = { code: "malformed", message, help: "See --help." };
      process.stdout.write(`${JSON.stringify({ problems: [problem] }, null, 2)}\n`);
    },
  };
}

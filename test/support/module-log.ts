// Loaded into a process with `--import`: notes in the file MODULE_LOG which modules of OpenTelemetry the process resolves.

import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const { MODULE_LOG = "" } = process.env;
    if (found.url.includes("/@opentelemetry/")) appendFileSync(MODULE_LOG, `${found.url}\n`);
    return found;
  },
});

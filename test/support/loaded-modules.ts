// For `node --import`: when the process ends, tells on standard error which packages were loaded, and whether `fetch` was.

import { registerHooks } from "node:module";

const loaded = new Set<string>();
let files = 0;

registerHooks({
  load: (url, context, next) => {
    if (url.startsWith("file:")) files += 1;
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});

process.on("exit", () => {
  const list: unknown = Reflect.get(process, "moduleLoadList");
  const fetches = Array.isArray(list) && list.some((one) => String(one).includes("undici"));
  process.stderr.write(`\nloaded: ${JSON.stringify({ files, packages: [...loaded].sort(), fetches })}\n`);
});

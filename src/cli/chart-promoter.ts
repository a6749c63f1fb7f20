#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Loads only the module of the command, from Node's compile cache, so that
// a command in a pipeline starts fast.

import { keepCompiled } from "./compile-cache.ts";

keepCompiled(process.env);
(await import("./proxies.ts")).installProxies();
const { runCommandLine } = await import("./program.ts");
await runCommandLine(process.argv.slice(2));

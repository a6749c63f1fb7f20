#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Only the module of the named command is loaded, from compiled code that Node
// keeps between runs, so that a command in a pipeline starts at once.

import { keepCompiled } from "./compile-cache.ts";

keepCompiled(process.env);
(await import("./proxies.ts")).installProxies();
const { runCommandLine } = await import("./program.ts");
await runCommandLine(process.argv.slice(2));

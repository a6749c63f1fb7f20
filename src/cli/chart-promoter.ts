#!/usr/bin/env node
// The command line: `chart-promoter COMMAND`. Only the module of the named command is loaded, from compiled code that Node
// keeps between runs, so that a command in a pipeline starts at once.

import { enableCompileCache } from "node:module";
import { runCommandLine } from "./program.ts";
import { heedProxies } from "./proxies.ts";

enableCompileCache();
heedProxies();
await runCommandLine(process.argv.slice(2));

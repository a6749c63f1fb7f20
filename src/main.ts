// `npm start`; what stands behind `--` is given on.

import { enableCompileCache } from "node:module";

enableCompileCache();
(await import("./cli/proxies.ts")).heedProxies();
const { Command } = await import("commander");
const { addServe } = await import("./cli/serve/serve.ts");
const program = new Command("npm start --");
addServe(program);
await program.parseAsync(["serve", ...process.argv.slice(2)], { from: "user" });

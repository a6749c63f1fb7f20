// `npm start`; arguments after `--` are passed on.

import { keepCompiled } from "./cli/compile-cache.ts";

keepCompiled(process.env);
(await import("./cli/proxies.ts")).installProxies();
const { Command } = await import("commander");
const { addServe } = await import("./cli/serve/serve.ts");
const program = new Command("npm start --");
addServe(program);
await program.parseAsync(["serve", ...process.argv.slice(2)], { from: "user" });

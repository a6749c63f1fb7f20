// `serve`: the command that `npm start` runs.

import type { Command } from "commander";
import type { ServeOptions } from "./run-server.ts";

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("run the server until SIGTERM or SIGINT")
    .option(
      "--smee <url>",
      "for a trial: fetch webhooks from this channel of smee.io, or of a server like it",
    )
    .action(async (options: ServeOptions) => (await import("./run-server.ts")).runServer(options));
}

// The examples at the end of each command's `--help`.

import type { Command } from "commander";

const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, does: string])[]>> = {
  serve: [
    ["PORT=8080 chart-promoter serve", "on another port"],
    ["chart-promoter serve --smee https://smee.io/CHANNEL", "where GitHub cannot reach it"],
  ],
  bump: [
    ["chart-promoter bump dev xposer 1.0.1", "shows the difference"],
    ["chart-promoter bump dev xposer 1.0.1 --set image.tag=1.0.1 --write", "writes it, and a value with it"],
  ],
  plan: [
    [
      "chart-promoter plan --config-repository . --chart xposer --version 1.0.1",
      "what a publish of it would propose",
    ],
  ],
  review: [
    [
      "chart-promoter review xposer-1.0.0.tgz xposer-1.0.1.tgz --environment dev",
      "what the pull request and its check would say",
    ],
  ],
  publish: [
    [
      "chart-promoter publish --server https://chart-promoter.example.com --publisher xposer-pipeline --archive xposer-1.0.1.tgz --wait 10m",
      "with the secret in PUBLISH_SECRET",
    ],
  ],
  check: [
    ["chart-promoter check", "in a checkout of a config repository"],
    [
      "chart-promoter check --server-config server.yaml --repository acme/config",
      "with what the operator lets it use",
    ],
    ["chart-promoter check ../config --deployer config-jenkins", "a server that has this deployer only"],
  ],
  init: [
    ["chart-promoter init", "in a checkout without a config file"],
    ["chart-promoter init --server https://chart-promoter.example.com", "with the schema for editors"],
  ],
  sync: [["chart-promoter sync", "where the server runs, with its DATA_DIR"]],
  status: [["DATA_DIR=/var/lib/chart-promoter chart-promoter status --json", "for a program"]],
  publishes: [["chart-promoter publishes --chart xposer --limit 5", "the newest five of one chart"]],
  replay: [["chart-promoter replay chart:stakater/xposer", "a key that `status` shows as given up"]],
  redeploy: [["chart-promoter redeploy acme/config prod", "what was deployed there last"]],
  report: [
    ["chart-promoter report --since 30d", "per chart and environment"],
    ["chart-promoter report --since 2026-11-01T00:00:00Z --csv", "for a spreadsheet"],
  ],
  audit: [["chart-promoter audit --since 7d --json", "all of it, for a program"]],
  completion: [
    ["chart-promoter completion bash > /etc/bash_completion.d/chart-promoter", "for every user of bash"],
    ['chart-promoter completion zsh > "$' + '{fpath[1]}/_chart-promoter"', "for zsh"],
  ],
};

/** For the commands added so far. */
export function addExamples(program: Command): void {
  for (const command of program.commands) {
    const examples = EXAMPLES[command.name()] ?? [];
    const lines = examples.map(([line, does]) => `  $ ${line}\n      ${does}\n`);
    if (lines.length > 0) command.addHelpText("after", `\nExamples:\n${lines.join("")}`);
  }
}

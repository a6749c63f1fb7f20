// The module of each command, in the order of `--help`.

import type { Command } from "commander";

interface CommandModule {
  /** Empty for the module that describes all commands: it is loaded together with all others. */
  readonly commands: readonly string[];
  readonly load: () => Promise<(program: Command) => void>;
}

const MODULES: readonly CommandModule[] = [
  { commands: ["serve"], load: async () => (await import("./serve/serve.ts")).addServe },
  { commands: ["bump"], load: async () => (await import("./bump.ts")).addBump },
  { commands: ["plan"], load: async () => (await import("./plan/plan.ts")).addPlan },
  { commands: ["review"], load: async () => (await import("./review.ts")).addReview },
  { commands: ["publish"], load: async () => (await import("./publish/command.ts")).addPublish },
  { commands: ["check"], load: async () => (await import("./check.ts")).addCheck },
  { commands: ["init"], load: async () => (await import("./init.ts")).addInit },
  {
    commands: ["sync", "status", "publishes", "replay", "redeploy"],
    load: async () => (await import("./operator/operator.ts")).addOperatorCommands,
  },
  {
    commands: ["report", "audit"],
    load: async () => (await import("./operator/history.ts")).addHistoryCommands,
  },
  { commands: [], load: async () => (await import("./completion.ts")).addCompletion },
];

/** Adds the command of this name, or all of them when no module has it. */
export async function addCommands(program: Command, name: string): Promise<void> {
  const named = MODULES.filter(({ commands }) => commands.includes(name));
  for (const { load } of named.length > 0 ? named : MODULES) (await load())(program);
}

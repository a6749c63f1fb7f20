// Runs one command; a refusal by GitHub becomes the command's reply and stops nothing else.

import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { CommandReply } from "./command-context.ts";

export async function carryOut(run: () => Promise<CommandReply>): Promise<CommandReply> {
  try {
    return await run();
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    return {
      kind: "refused",
      because: `GitHub refuses it: ${error.message}.`,
      help: "Try again when that is mended.",
    };
  }
}

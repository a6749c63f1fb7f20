// Commands on the onboarding pull request, which is not a promotion, before or after its merge.

import { ONBOARDING_BRANCH } from "../../domain/model/github/onboarding-branch.ts";
import type { Command } from "../../domain/slash-command/parse-commands.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";

/** The refusal of a command there; `undefined` for commands that are allowed anywhere. */
export function refusedOnOffer(
  { kind }: Command,
  { head, config }: Pick<PullRequestContext, "head" | "config">,
): CommandReply | undefined {
  if (!head.byApp || head.isFork || head.headBranch !== ONBOARDING_BRANCH) return undefined;
  if (kind === "help" || kind === "unclear") return undefined;
  const isMerged = config.environments.length > 0;
  if (kind === "promote" && isMerged) return undefined;
  return {
    kind: "refused",
    because: "This pull request adds the config file: it is no promotion, and merging it deploys nothing.",
    help: isMerged
      ? "Comment on a pull request whose title begins with Promote."
      : "Merge it to have versions proposed, or close it: it is not opened again.",
  };
}

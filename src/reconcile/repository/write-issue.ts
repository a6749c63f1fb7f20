// Writes an issue of a config repository; if GitHub refuses, logs it.

import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";

/** False when GitHub refuses, such as without the permission for issues. */
export async function writeIssue(
  issue: IssueText,
  repository: ConfigRepository,
  { github, log }: Pick<Deps, "github" | "log">,
): Promise<boolean> {
  try {
    await github.in(repository).upsertIssue(issue);
    return true;
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    log.warn({ repository: nameWithOwner(repository), err: error, issue }, "GitHub takes no issue");
    return false;
  }
}

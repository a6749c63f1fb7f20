// Records that the config issue is due before writing it: after a lost answer or a crash, the old text is not taken for
// the new one.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";
import { changeIndex } from "./index/change-index.ts";
import { writeIssue } from "./write-issue.ts";

/** False when GitHub refuses. The caller clears `issueDue` when it records the content. */
export async function writeConfigIssue(
  issue: IssueText,
  repository: ConfigRepository,
  deps: Pick<Deps, "github" | "log" | "store">,
): Promise<boolean> {
  await changeIndex(repository, { issueDue: true }, deps);
  return writeIssue(issue, repository, deps);
}

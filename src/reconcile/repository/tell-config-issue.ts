// The config issue is on record as due before it is written: where the answer is lost, or the process is killed, nobody takes it for
// what was written before.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";
import { changeIndex } from "./index/change-index.ts";
import { tellIssue } from "./tell-issue.ts";

/** False where GitHub refuses it. Whoever keeps what it tells takes `issueDue` back with that. */
export async function tellConfigIssue(
  issue: IssueText,
  repository: ConfigRepository,
  deps: Pick<Deps, "github" | "log" | "store">,
): Promise<boolean> {
  await changeIndex(repository, { issueDue: true }, deps);
  return tellIssue(issue, repository, deps);
}

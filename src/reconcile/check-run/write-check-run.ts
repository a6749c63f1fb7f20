// Writes the check run `chart-promoter` of a head commit, unless the newest one says the same.

import { createHash } from "node:crypto";
import { type Allowance, externalIdOf } from "../../domain/check/allowance.ts";
import type { Judgement } from "../../domain/check/judge-pull-request.ts";
import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { notePermission } from "../repository/permissions.ts";
import { ofBase } from "./judged-base.ts";

export interface CheckToWrite {
  readonly head: CheckedPullRequest;
  readonly write: "when-changed" | "always";
  /** Allowances given on this commit. */
  readonly allowances: readonly Allowance[];
}

/** Completes a pending run; a completed one is left as it is, and a new run is created beside it. */
export async function writeCheckRun(
  judgement: Judgement,
  { head, write, allowances }: CheckToWrite,
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<void> {
  const content = fingerprint(judgement);
  const externalId = externalIdOf(ofBase(content, head.baseBranch), allowances);
  const newest = deps.writtenChecks.newest(repository.id, head.headSha, head.check);
  const same = [externalId, externalIdOf(content, allowances)];
  if (write === "when-changed" && newest && same.includes(newest.externalId)) return;
  const { conclusion, title, summary, annotations } = judgement;
  const id = await deps.github.in(repository).writeCheckRun({
    ...{ headSha: head.headSha, externalId, conclusion, title, summary, annotations },
    ...(head.check && !head.check.completed && { continues: head.check.id }),
  });
  const about = {
    repository: nameWithOwner(repository),
    number: head.number,
    head: head.headSha,
    conclusion,
  };
  if (id !== undefined) {
    deps.writtenChecks.add(repository.id, head.headSha, { id, externalId });
    await notePermission("checks", "given", { repository, deps });
    deps.log.info(about, "checked");
  } else deps.log.warn(about, "GitHub takes no check for this head");
}

/** Identifies a judgement: conclusion, title, annotations and notes. The summary is not part of it. */
function fingerprint({ conclusion, title, annotations, notes = [] }: Judgement): string {
  const content = JSON.stringify([conclusion, title, annotations, ...notes]);
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

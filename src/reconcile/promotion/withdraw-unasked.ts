// Closes open promotions that the config no longer asks for, with the reason and before any replacement is opened: at
// no moment are two open for one folder and chart.

import type { Config } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { OpenPromotion } from "../../domain/model/github/open-promotion.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { ObservedBranch } from "../../domain/model/github/snapshot.ts";
import { isBelow } from "../../domain/model/repository-path.ts";
import { sealedMessage } from "../../domain/plan/history.ts";
import { placeOfBranch } from "../../domain/plan/promotion-branch.ts";
import {
  type DesiredState,
  recordsUnasked,
  type Withdrawal,
  withdrawals,
} from "../../domain/plan/withdrawals.ts";
import type { Deps } from "../context.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";
import { withdrawal } from "./comments.ts";

export interface UnaskedContext {
  readonly repository: ConfigRepository;
  readonly observed: ObservedState;
  readonly desired: DesiredState;
  /** Branches whose pull request was closed in an earlier round of this run. If it is still open, GitHub refused. */
  readonly withdrawn: Set<string>;
}

/** By environment, why nothing can be proposed: a promotion that has to be closed there is still open. */
export type Blocked = ReadonlyMap<string, string>;

/** `undefined` when anything was closed: the observed state is then outdated. */
export async function withdrawUnasked(context: UnaskedContext, deps: Deps): Promise<Blocked | undefined> {
  const { repository, observed, desired, withdrawn } = context;
  if (observed.archived) return new Map();
  const all = withdrawals(observed.openPromotions ?? openIn(observed), desired);
  const fresh = all.filter(({ promotion }) => !withdrawn.has(promotion.branch));
  for (const { promotion, because } of fresh) {
    const close = () => deps.github.in(repository).closePullRequest(promotion.id, withdrawal(because));
    await unlessRefused(close, deps);
    withdrawn.add(promotion.branch);
    deps.log.info({ repository: nameWithOwner(repository), number: promotion.number, because }, "withdrawn");
  }
  if (fresh.length > 0) return undefined;
  const records = await deps.store.promotions.ofRepository(repository.id);
  await deps.store.promotions.record(recordsUnasked(records, desired));
  return blockedBy(all, desired.config);
}

/** Limited to the environments that were read. */
function openIn({ snapshots }: ObservedState): readonly OpenPromotion[] {
  return [...snapshots.values()].flatMap(({ branches }) => [...branches.values()].flatMap(openFrom));
}

function openFrom({ name: branch, pullRequests }: ObservedBranch): readonly OpenPromotion[] {
  return pullRequests
    .filter(({ state }) => state === "open")
    .map((pullRequest) => {
      const { id, number, baseBranch, byApp } = pullRequest;
      const message = sealedMessage(pullRequest);
      return { id, number, branch, baseBranch, byApp, files: [], ...(message !== undefined && { message }) };
    });
}

function blockedBy(left: readonly Withdrawal[], { environments }: Config): Blocked {
  const blocked = left.flatMap(({ promotion, because }) => {
    const { environment } = placeOfBranch(promotion.branch);
    const concerned = environments.filter(
      ({ name, path }) => name === environment || promotion.files.some((file) => isBelow(file, path)),
    );
    const why = `waits until #${promotion.number} is closed, which GitHub does not let the App do: ${because}`;
    return concerned.map(({ name }) => [name, why] as const);
  });
  return new Map(blocked);
}

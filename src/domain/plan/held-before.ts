// A person's hold survives the App's own closing: a promotion that replaces a withdrawn one under hold is held as well.

import type { Environment } from "../model/config/config.ts";
import { HOLD_LABEL } from "../model/github/guarded-labels.ts";
import type { ClosedPromotion } from "../model/github/open-promotion.ts";
import type { ObservedBranch } from "../model/github/snapshot.ts";
import { isBelow } from "../model/repository-path.ts";
import { isWithdrawn, sealedMessage } from "./history.ts";
import { isPromotionOf } from "./promotion-branch.ts";
import { readTrailers } from "./trailers.ts";

type Place = Pick<Environment, "name" | "branch" | "path"> & {
  /** The name that the environment had in an earlier config. */
  readonly formerName?: string;
};

/**
 * Numbers of the withdrawn promotions under hold that a promotion of these charts replaces, oldest first. `listed`:
 * withdrawn promotions of any branch, as far as they were read.
 */
export function heldBefore(
  charts: readonly string[],
  environment: Place,
  { branch, listed }: { readonly branch: ObservedBranch; readonly listed: readonly ClosedPromotion[] },
): readonly number[] {
  const found = [...heldOn(branch), ...listed].filter(
    (one) =>
      one.byApp &&
      isWithdrawn(one) &&
      isOf(environment, one) &&
      readTrailers(one.message ?? "").some(
        ({ chart, rolledBackFrom }) => rolledBackFrom === undefined && charts.includes(chart),
      ),
  );
  return [...new Set(found.map(({ number }) => number))].sort((a, b) => a - b);
}

function heldOn({ name, pullRequests }: ObservedBranch): readonly ClosedPromotion[] {
  return pullRequests
    .filter(({ state, labels }) => state === "closed" && labels.includes(HOLD_LABEL))
    .map((pull) => {
      const message = sealedMessage(pull);
      return { ...pull, branch: name, files: [], ...(message !== undefined && { message }) };
    });
}

/** For the environment of the same or its former name, or for the same folder of the same branch. */
function isOf({ name, formerName, branch, path }: Place, held: ClosedPromotion): boolean {
  if (isPromotionOf(name, held.branch)) return true;
  if (formerName !== undefined && isPromotionOf(formerName, held.branch)) return true;
  return held.baseBranch === branch && held.files.some((file) => isBelow(file, path));
}

// The model: which version of a chart an environment's promotion must propose once everything has come to rest.
// Pure, and written from the rules that users are told.

export interface Proposal {
  readonly number: number;
  readonly state: "open" | "closed" | "merged";
  /** Patch of the version that the App's newest commit there names. */
  readonly carries: number;
  readonly isRollback: boolean;
  readonly rolledBackFrom: number;
  readonly hasPeoplesCommits: boolean;
  /** Closed by the App because the environment before took the version back. */
  readonly wasWithdrawn: boolean;
  readonly head: string;
}

/** The environment before, for the same chart. */
export interface Upstream {
  /** Deployed there, in order. */
  readonly out: readonly number[];
  readonly base: number;
  readonly proposals: readonly Proposal[];
}

export interface Situation {
  /** On the base branch now. */
  readonly base: number;
  /** Announced, as far as the database can know. */
  readonly known: ReadonlySet<number>;
  /** Oldest first. */
  readonly proposals: readonly Proposal[];
  /** Whose the promotion branch is while no pull request is open. */
  readonly leftover: "nobody" | "people";
  readonly upstream?: Upstream;
}

/** The patch to be proposed; `undefined` when nothing may be open. */
export function expectedProposal(situation: Situation): number | undefined {
  const { base, known, proposals, leftover } = situation;
  const open = openOf(proposals);
  if (open?.isRollback) return open.carries;
  const standing = open && !isTakenBack(open.carries, situation) ? open : undefined;
  const declined = declinedUpTo(proposals);
  const best = Math.max(
    ...[...known].filter(
      (patch) =>
        patch > base &&
        (patch > declined || patch === standing?.carries) &&
        isOut(patch, situation) &&
        !isTakenBack(patch, situation),
    ),
  );
  if (!standing) return Number.isFinite(best) && leftover === "nobody" ? best : undefined;
  if (standing.hasPeoplesCommits && (best > base || standing.carries > base)) return standing.carries;
  if (best > standing.carries) return best;
  return standing.carries > base ? standing.carries : undefined;
}

export function openOf(proposals: readonly Proposal[]): Proposal | undefined {
  return proposals.find(({ state }) => state === "open");
}

/** Closing a pull request declines its version and those older; so does a rollback, until something newer is merged. */
export function declinedUpTo(proposals: readonly Proposal[]): number {
  const closed = proposals.filter(
    ({ state, wasWithdrawn, isRollback }) => state === "closed" && !wasWithdrawn && !isRollback,
  );
  const merged = proposals.findLast(({ state }) => state === "merged");
  const rolledBack = merged?.isRollback ? [merged.rolledBackFrom] : [];
  return Math.max(...closed.map(({ carries }) => carries), ...rolledBack);
}

function isOut(patch: number, { upstream }: Situation): boolean {
  return upstream === undefined || upstream.out.includes(patch);
}

/** Something older was deployed after it, or it was declined in the environment before. */
function isTakenBack(patch: number, { upstream, known }: Situation): boolean {
  if (!upstream) return false;
  const since = upstream.out.lastIndexOf(patch);
  if (since >= 0 && upstream.out.slice(since).some((later) => later < patch)) return true;
  const isDeclined = patch > upstream.base && patch <= declinedUpTo(upstream.proposals);
  return isDeclined && known.has(patch) && openOf(upstream.proposals)?.carries !== patch;
}

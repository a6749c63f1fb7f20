// When a reconciler wants to run again by itself.

/** As controller-runtime's `Result.RequeueAfter`, but an instant; `undefined`: not before its key is enqueued. */
export type ReconcileResult = { readonly requeueAt?: Date } | undefined;

export function requeueAtEarliest(dates: readonly (Date | undefined)[]): ReconcileResult {
  const known = dates.filter((date) => date !== undefined);
  return known.length === 0
    ? undefined
    : { requeueAt: new Date(Math.min(...known.map((date) => date.getTime()))) };
}

// When repositories are to be reconciled again without an event. The queue keeps one time for a key, and reconciling what
// an event concerns knows nothing of a requeue that is pending: it would be forgotten with that time.

export class PendingRequeues {
  /** By repository id. */
  readonly #due = new Map<number, Date>();

  /** The earlier of `found` and what is pending already; a resync (`isResync`) has found all there is to wait for. */
  earliest(repositoryId: number, found: Date | undefined, isResync: boolean): Date | undefined {
    const pending = isResync ? undefined : this.#due.get(repositoryId);
    const due = pending === undefined || (found && found < pending) ? found : pending;
    if (due === undefined) this.#due.delete(repositoryId);
    else this.#due.set(repositoryId, due);
    return due;
  }
}

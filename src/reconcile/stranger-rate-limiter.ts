// Limits the work that outsiders can cause by forks and comments: it uses the App's rate limit at GitHub, which the
// repository's own people need.

const HOUR_MS = 60 * 60_000;
/** Events per repository and hour. */
const MOST = 60;

export class StrangerRateLimiter {
  /** By repository, the times of the events that were let through, oldest first. */
  readonly #admitted = new Map<number, readonly Date[]>();

  /** False when the repository's share of the hour is used up. */
  take(repositoryId: number, now: Date): boolean {
    const since = now.getTime() - HOUR_MS;
    const within = (this.#admitted.get(repositoryId) ?? []).filter((at) => at.getTime() > since);
    const isLeft = within.length < MOST;
    this.#admitted.set(repositoryId, isLeft ? [...within, now] : within);
    return isLeft;
  }
}

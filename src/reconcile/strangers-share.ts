// How much of what strangers cause is looked at: forks and comments of anybody cost requests of the App's share at GitHub, of
// which the repository's own people need the rest.

const HOUR_MS = 60 * 60_000;
/** Of one repository and hour. */
const MOST = 60;

export class StrangersShare {
  /** By repository, the times of what was looked at, oldest first. */
  readonly #looked = new Map<number, readonly Date[]>();

  /** False when the repository's share of the hour is used up. */
  take(repositoryId: number, now: Date): boolean {
    const since = now.getTime() - HOUR_MS;
    const within = (this.#looked.get(repositoryId) ?? []).filter((at) => at.getTime() > since);
    const isLeft = within.length < MOST;
    this.#looked.set(repositoryId, isLeft ? [...within, now] : within);
    return isLeft;
  }
}

// The work of a simulation and when it was done: publishes, pending promotions, merges, and the sweep.

export interface Terms {
  readonly seed: number;
  readonly replicas: number;
  readonly installations: number;
  readonly repositoriesOfEach: number;
  readonly minutes: number;
  /** Promotions pending at the start, each of its own repository. */
  readonly burst: number;
  readonly publishesAnHour: number;
  /** Repositories per publish that depend on its chart, all of one installation. */
  readonly dependents: number;
  /** Whether the repositories are swept hourly, each installation at its own minute. */
  readonly isSwept: boolean;
}

export class World {
  readonly terms: Terms;
  readonly #now: () => number;
  /** Publish times of the pending promotions, by repository. */
  readonly #waiting = new Map<number, number[]>();
  readonly #merges = new Map<number, number>();
  readonly #rendered = new Set<number>();
  readonly #toLookAt = new Set<number>();
  swept = 0;
  /** Times in milliseconds since the start, as everywhere here. */
  readonly pullRequests: number[] = [];
  readonly checkRuns: number[] = [];
  /** Milliseconds from publish to pull request. */
  readonly waits: number[] = [];
  deployments = 0;

  constructor(terms: Terms, now: () => number) {
    this.terms = terms;
    this.#now = now;
  }

  installationOf(repository: number): number {
    return Math.floor(repository / this.terms.repositoriesOfEach);
  }

  repositoriesOf(installation: number): readonly number[] {
    const { repositoriesOfEach } = this.terms;
    return Array.from({ length: repositoriesOfEach }, (_, n) => installation * repositoriesOfEach + n);
  }

  promotionOf(repository: number): void {
    this.#waiting.set(repository, [...(this.#waiting.get(repository) ?? []), this.#now()]);
  }

  isWaiting(repository: number): boolean {
    return (this.#waiting.get(repository)?.length ?? 0) > 0;
  }

  isToBeRendered(repository: number): boolean {
    const isNew = !this.#rendered.has(repository);
    this.#rendered.add(repository);
    return isNew;
  }

  opened(repository: number): void {
    const [since = this.#now(), ...others] = this.#waiting.get(repository) ?? [];
    this.#waiting.set(repository, others);
    this.#rendered.delete(repository);
    this.pullRequests.push(this.#now());
    this.waits.push(this.#now() - since);
  }

  checked(): void {
    this.checkRuns.push(this.#now());
  }

  merged(repository: number): void {
    this.#merges.set(repository, (this.#merges.get(repository) ?? 0) + 1);
  }

  hasMerge(repository: number): boolean {
    return (this.#merges.get(repository) ?? 0) > 0;
  }

  deployed(repository: number): void {
    this.#merges.set(repository, (this.#merges.get(repository) ?? 0) - 1);
    this.deployments += 1;
  }

  glancedAt(repository: number, found: "quiet" | "changed"): void {
    if (found === "quiet") this.swept += 1;
    else this.#toLookAt.add(repository);
  }

  isToBeLookedAt(repository: number): boolean {
    return this.#toLookAt.has(repository);
  }

  lookedAt(repository: number): void {
    if (this.#toLookAt.delete(repository)) this.swept += 1;
  }
}

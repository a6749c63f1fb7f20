// Jenkins' state: the queue with its quiet period, coalescing and left items, and the builds.

export type BuildResult = "SUCCESS" | "UNSTABLE" | "FAILURE" | "ABORTED" | "NOT_BUILT";

export type ParameterKind = "Boolean" | "File" | "Password" | "Run" | "Text";

export interface JobDefinition {
  /** With its folders: `deploy`, `platform/deploy`. */
  readonly name: string;
  /** Declared parameters and their defaults; absent for a job without parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of those that are choices: what they offer. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Of those that are neither strings nor choices: their kind. */
  readonly kinds?: Readonly<Record<string, ParameterKind>>;
  readonly disabled?: boolean;
  /** A plugin keeps its builds out of the queue (hudson.model.Queue.QueueDecisionHandler). */
  readonly refused?: boolean;
  /** Pipeline option disableConcurrentBuilds: a build waits in the queue while another one runs. */
  readonly oneAtATime?: boolean;
  /** The work of a build. Without it a build runs until `finish` or `abort`. */
  readonly run?: (build: Build, signal: AbortSignal) => Promise<{ result: BuildResult; log?: string }>;
}

type Parameters = ReadonlyMap<string, string>;

export interface Build {
  readonly job: string;
  readonly number: number;
  readonly queueId: number;
  readonly parameters: Parameters;
  readonly startedAt: Date;
  readonly result: BuildResult | null;
  readonly log: string;
}

export interface QueueItem {
  readonly id: number;
  readonly job: string;
  readonly parameters: Parameters;
  readonly since: Date;
  /** A left item is cancelled, or became a build. */
  readonly state: "quiet" | "waiting" | "cancelled" | "left";
  readonly build?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Controller {
  readonly #jobs: Map<string, JobDefinition>;
  readonly #keepItemsMs: number;
  readonly #items = new Map<number, Mutable<QueueItem>>();
  readonly #builds = new Map<string, Mutable<Build>[]>();
  readonly #aborts = new Map<Build, AbortController>();
  readonly #lastBuilds = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #lastItem = 0;

  constructor(jobs: readonly JobDefinition[], keepItemsMs: number) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#keepItemsMs = keepItemsMs;
  }

  get jobs(): ReadonlyMap<string, JobDefinition> {
    return this.#jobs;
  }

  /** Redefines a job; existing builds keep their parameters. */
  define(job: JobDefinition): void {
    this.#jobs.set(job.name, job);
  }

  /** Cancels what waits for it. A job made anew under its name counts its builds from 1. */
  remove(name: string): void {
    for (const { id } of this.queue.filter(({ job }) => job === name)) this.cancel(id);
    this.#jobs.delete(name);
    this.#builds.delete(name);
    this.#lastBuilds.delete(name);
  }

  /** Its builds move along, and the old name is free. */
  rename(from: string, to: string): void {
    const job = this.#jobs.get(from);
    if (job === undefined) throw new Error(`There is no job ${from}`);
    this.#jobs.delete(from);
    this.define({ ...job, name: to });
    this.#builds.set(
      to,
      (this.#builds.get(from) ?? []).map((build) => Object.assign(build, { job: to })),
    );
    this.#builds.delete(from);
    this.#lastBuilds.set(to, this.#lastBuilds.get(from) ?? 0);
  }

  /** Those not left yet, oldest first. */
  get queue(): readonly QueueItem[] {
    return [...this.#items.values()].filter(({ state }) => state === "quiet" || state === "waiting");
  }

  item(id: number): QueueItem | undefined {
    return this.#items.get(id);
  }

  /** Newest first. */
  builds(job: string): readonly Build[] {
    return (this.#builds.get(job) ?? []).toReversed();
  }

  /** Numbers are never reused, even after a build was deleted. */
  nextBuildNumber(job: string): number {
    return (this.#lastBuilds.get(job) ?? 0) + 1;
  }

  build(job: string, number: number): Build | undefined {
    return this.#builds.get(job)?.find((one) => one.number === number);
  }

  /**
   * Coalesces with an equal build in the queue: both get the same item. Drops undeclared parameters, and those that are
   * files, since the request uploads none.
   */
  enqueue(job: JobDefinition, given: ReadonlyMap<string, string>, quietMs: number): QueueItem {
    const parameters = new Map(
      Object.entries(job.parameters ?? {}).flatMap(([name, usual]) => {
        const kind = job.kinds?.[name] ?? "String";
        const value = given.get(name) ?? usual;
        if (kind === "File") return [];
        return [[name, kind === "Boolean" ? String(/^true$/i.test(value)) : value] as const];
      }),
    );
    const equal = this.queue.find((one) => one.job === job.name && isEqual(one.parameters, parameters));
    return equal ?? this.#add(job.name, parameters, quietMs);
  }

  #add(job: string, parameters: Parameters, quietMs: number): QueueItem {
    this.#lastItem += 1;
    const item: Mutable<QueueItem> = {
      id: this.#lastItem,
      job,
      parameters,
      since: new Date(),
      state: "quiet",
    };
    this.#items.set(item.id, item);
    this.#later(quietMs, () => {
      if (item.state === "quiet") item.state = "waiting";
      this.#startWaiting();
    });
    return item;
  }

  cancel(id: number): boolean {
    const item = this.#items.get(id);
    if (item === undefined || (item.state !== "quiet" && item.state !== "waiting")) return false;
    item.state = "cancelled";
    this.#forgetLater(item);
    return true;
  }

  /**
   * `queue`: as after a crash, which loses the queue; `left`: as after some time, which deletes items that became
   * builds.
   */
  forget(which: "queue" | "left"): void {
    for (const item of this.#items.values())
      if ((which === "queue") === (item.state === "quiet" || item.state === "waiting"))
        this.#items.delete(item.id);
  }

  /** A crash before the queue was ever saved: it is lost, and ids are given out from 1 again. */
  crash(): void {
    this.#items.clear();
    this.#lastItem = 0;
  }

  /** The button Rebuild: another build with the same parameters, including those no longer declared. */
  rebuild(name: string, number: number): void {
    const job = this.jobs.get(name);
    const build = this.build(name, number);
    if (job === undefined || build === undefined) throw new Error(`There is no build ${number} of ${name}`);
    this.#add(job.name, build.parameters, 0);
  }

  finish(job: string, number: number, result: BuildResult): void {
    const build = this.#builds.get(job)?.find((one) => one.number === number);
    if (build === undefined) throw new Error(`There is no build ${number} of ${job}`);
    this.#end(build, { result });
  }

  abort(job: string, number: number): void {
    const build = this.build(job, number);
    if (build !== undefined) this.#aborts.get(build)?.abort();
    this.finish(job, number, "ABORTED");
  }

  deleteBuild(job: string, number: number): void {
    this.#builds.set(
      job,
      (this.#builds.get(job) ?? []).filter((one) => one.number !== number),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const abort of this.#aborts.values()) abort.abort();
  }

  #startWaiting(): void {
    for (const item of this.#items.values()) {
      const job = this.jobs.get(item.job);
      const busy = job?.oneAtATime === true && this.builds(item.job).some(({ result }) => result === null);
      if (item.state === "waiting" && job !== undefined && !busy) this.#start(item, job);
    }
  }

  #start(item: Mutable<QueueItem>, job: JobDefinition): void {
    const builds = this.#builds.get(job.name) ?? [];
    const build: Mutable<Build> = {
      job: job.name,
      number: this.nextBuildNumber(job.name),
      queueId: item.id,
      parameters: item.parameters,
      startedAt: new Date(),
      result: null,
      log: "",
    };
    this.#builds.set(job.name, [...builds, build]);
    this.#lastBuilds.set(job.name, build.number);
    item.state = "left";
    item.build = build.number;
    this.#forgetLater(item);
    if (job.run !== undefined) void this.#run(build, job.run);
  }

  async #run(build: Mutable<Build>, run: NonNullable<JobDefinition["run"]>): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(build, abort);
    const end = await run(build, abort.signal).catch((error: unknown) => ({
      result: "FAILURE" as const,
      log: String(error),
    }));
    this.#aborts.delete(build);
    this.#end(build, end);
  }

  #end(build: Mutable<Build>, { result, log = "" }: { result: BuildResult; log?: string }): void {
    if (build.result !== null) return;
    build.result = result;
    build.log += log;
    this.#startWaiting();
  }

  #forgetLater({ id }: QueueItem): void {
    this.#later(this.#keepItemsMs, () => this.#items.delete(id));
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

function isEqual(one: Parameters, other: Parameters): boolean {
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}

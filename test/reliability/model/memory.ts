// What is remembered of a story beside the truth on GitHub: what people and pipelines did, and how much the server can know.

import type { Chart, LeftOut, Place } from "./stage.ts";
import { ENVIRONMENTS, NOTHING_LEFT_OUT, nameOf } from "./stage.ts";

/** A pull request that a person merged. */
export interface Merge {
  readonly repository: string;
  readonly number: number;
  readonly branch: string;
  /** Head of the base before it. */
  readonly before: string;
  /** The commit that it became. */
  readonly oid: string;
  /** It happened before a database was lost that had not come to it yet, or the config left its environments out. */
  isHistory: boolean;
}

export interface DirectPush {
  readonly repository: string;
  readonly branch: string;
  readonly before: string;
  readonly oid: string;
  /** Its webhook may have been lost: nobody has to know of it. */
  mayBeUnheard: boolean;
}

export interface Commented {
  readonly repository: string;
  readonly id: number;
  readonly by: "alice" | "bob";
  mayBeUnheard: boolean;
}

export class Memory {
  /** Patches announced since the database was new. */
  known: ReadonlyMap<Chart, Set<number>> = none();
  /** Answered with 202 or 200 since the database was new. */
  announced: { readonly id: string; readonly chart: Chart; readonly patch: number }[] = [];
  /** Asked for by name, so that having been declined does not keep it out: `<place> <patch>`. */
  readonly insisted = new Set<string>();
  readonly merges: Merge[] = [];
  readonly pushes: DirectPush[] = [];
  readonly comments: Commented[] = [];
  /** On promotion branches, to be kept until people let go of them. */
  peoplesCommits: { readonly place: Place; readonly oid: string }[] = [];
  /** Heads that base branches had, oldest first: `<repository> <branch>`. */
  readonly heads = new Map<string, string[]>();
  /** Patch that each promotion carried last: `<repository>#<number>`. */
  readonly carried = new Map<string, number>();
  /** What the config of the first repository leaves out now, and what it ever left out. */
  leftOut: LeftOut = NOTHING_LEFT_OUT;
  readonly everLeftOut = new Set<string>();
  /** Environments that the config freezes. */
  readonly frozen = new Set<string>();
  /** Of those that the server knows to be frozen: the deployments that stood there when it was sure to know. */
  readonly frozenAt = new Map<string, ReadonlySet<number>>();
  /** Of environments that are left alone: the same. */
  readonly keptAt = new Map<string, ReadonlySet<number>>();
  /** Repeats of deployments that were made while a freeze held their environment. */
  readonly madeFrozen = new Set<number>();
  /** Heals that the App made by itself while people had asked for it to be left alone. */
  readonly madeKept = new Set<number>();
  /** The config cannot be read, or is not there. */
  isConfigGone = false;
  /** The database was lost at least once. */
  isDiskLost = false;
  isUp = true;
  /** Webhooks are, or are going to be, kept back, lost or out of order. */
  isHeldBack = false;
  /** Everything that happened was told of, or looked at since. */
  isTold = true;
  /** Webhook deliveries that were looked through. */
  received = 0;

  /** The server can know everything, and has nothing to wait for. */
  get isSure(): boolean {
    return this.isUp && this.isTold && !this.isHeldBack && !this.isConfigGone;
  }

  /** What is to come may be missed for good, or until everything is looked at: a read may lag by any time here. */
  doubt(): void {
    this.isHeldBack = true;
    this.isTold = false;
    this.frozenAt.clear();
    this.keptAt.clear();
  }

  knows(chart: Chart): Set<number> {
    return this.known.get(chart) ?? new Set();
  }

  insist(place: Place, patch: number): void {
    this.insisted.add(`${nameOf(place)} ${patch}`);
    this.knows(place.chart).add(patch);
  }

  /** Whether the config asks for promotions of this chart there. */
  asksFor({ environment, chart }: Place): boolean {
    const { environments, charts } = this.leftOut;
    return !environments.has(environment.name) && !charts.has(`${environment.name} ${chart}`);
  }

  leaveOut(leftOut: LeftOut): void {
    this.leftOut = leftOut;
    this.keptAt.clear();
    for (const name of [...leftOut.environments, ...leftOut.charts]) this.everLeftOut.add(name);
    // What was on its way may be dealt with by the config as it is then.
    for (const about of [...this.comments, ...this.pushes]) about.mayBeUnheard = true;
    if (this.isHeldBack || !this.isUp)
      for (const merge of this.merges) merge.isHistory ||= this.leavesOut(merge.repository, merge.branch);
  }

  /** Every environment of a branch. */
  leavesOut(repository: string, branch: string): boolean {
    const here = ENVIRONMENTS.filter((one) => one.repository === repository && one.branch === branch);
    return here.every(({ name }) => this.leftOut.environments.has(name));
  }

  letGoOf(place: Place): void {
    this.peoplesCommits = this.peoplesCommits.filter(({ place: { branch } }) => branch !== place.branch);
  }

  /** The database is new. */
  forget(): void {
    this.isDiskLost = true;
    this.keptAt.clear();
    this.known = none();
    this.announced = [];
  }
}

function none(): ReadonlyMap<Chart, Set<number>> {
  return new Map([
    ["app", new Set()],
    ["db", new Set()],
  ]);
}

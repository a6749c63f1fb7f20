// The result format of all benches: the measured cost as a ratio to a baseline that runs next to it, round by round.

export interface Row {
  readonly what: string;
  readonly against: string;
  /** The measured cost divided by that of the baseline in the same round. */
  readonly ratio: Spread;
  /** The measured cost itself, for the order of magnitude: it depends on the machine. */
  readonly median: number;
  readonly unit: Unit;
  readonly rounds: number;
  /** Growth of `median` each time the size doubled: 2 is linear, 4 quadratic. Empty when no size was doubled. */
  readonly growth: readonly number[];
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** All are costs: less is better. */
export type Unit = "ms" | "MB" | "requests";

/** Runs one round and returns its cost. */
type Round = () => number | Promise<number>;

export interface Comparison {
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly rounds: number;
  readonly measured: Round;
  readonly beside: Round;
}

/** Alternates the two, after one warm-up round of each that is not counted. */
export async function compare(comparison: Comparison): Promise<Row> {
  const { measured, beside, rounds } = comparison;
  await beside();
  await measured();
  const pairs: (readonly [measured: number, beside: number])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const yardstick = await beside();
    pairs.push([await measured(), yardstick]);
  }
  return rowOf(comparison, pairs);
}

/** For measurements that cannot be repeated for each round. */
export function rowOf(
  { what, against, unit }: Pick<Comparison, "what" | "against" | "unit">,
  pairs: readonly (readonly [measured: number, beside: number])[],
): Row {
  const ratio = spreadOf(pairs.map(([measured, beside]) => measured / beside));
  const { median } = spreadOf(pairs.map(([measured]) => measured));
  return { what, against, ratio, median, unit, rounds: pairs.length, growth: [] };
}

/** Measures at size `first` and at each doubling up to `last`. Returns the rows of the last one, each with its growth. */
export async function doubling(
  { first, last }: { readonly first: number; readonly last: number },
  at: (size: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  let rows = await at(first);
  for (let size = 2 * first; size <= last; size *= 2) {
    const next = await at(size);
    rows = next.map((row, index) => grownFrom(rows[index], row));
  }
  return rows;
}

function grownFrom(smaller: Row | undefined, row: Row): Row {
  return smaller ? { ...row, growth: [...smaller.growth, row.median / smaller.median] } : row;
}

/** Wall-clock milliseconds. */
export async function elapsedMs(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Processor time of this process in milliseconds: other load on the machine hardly matters. */
export async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((one, other) => one - other);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

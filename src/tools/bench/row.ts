// The form that every bench answers in: what is measured, as a ratio to something that was run beside it, round by round.

export interface Row {
  readonly what: string;
  readonly against: string;
  /** What is measured, divided by what was run beside it in the same round. */
  readonly ratio: Spread;
  /** What is measured, for a feeling of the size: it depends on the machine. */
  readonly median: number;
  readonly unit: Unit;
  readonly rounds: number;
  /** By how much `median` grew each time the size doubled: 2 is linear, 4 quadratic. Empty where no size is doubled. */
  readonly growth: readonly number[];
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A cost in all of them: less is better. */
export type Unit = "ms" | "MB" | "requests";

/** One round: what it cost. */
type Round = () => number | Promise<number>;

export interface Comparison {
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly rounds: number;
  readonly measured: Round;
  readonly beside: Round;
}

/** The two take turns, after one round of each that warms up and does not count. */
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

/** For what cannot be run again for each round. */
export function rowOf(
  { what, against, unit }: Pick<Comparison, "what" | "against" | "unit">,
  pairs: readonly (readonly [measured: number, beside: number])[],
): Row {
  const ratio = spreadOf(pairs.map(([measured, beside]) => measured / beside));
  const { median } = spreadOf(pairs.map(([measured]) => measured));
  return { what, against, ratio, median, unit, rounds: pairs.length, growth: [] };
}

/** Measured at the size `first`, and each time that it doubles up to `last`: the row of the last one, with its growth. */
export async function doubling(
  { first, last }: { readonly first: number; readonly last: number },
  at: (size: number) => Promise<Row>,
): Promise<Row> {
  let row = await at(first);
  const growth: number[] = [];
  for (let size = 2 * first; size <= last; size *= 2) {
    const next = await at(size);
    growth.push(next.median / row.median);
    row = next;
  }
  return { ...row, growth };
}

/** Milliseconds on the clock. */
export async function elapsedMs(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Milliseconds of processor time of this process: what others do on the machine matters little. */
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

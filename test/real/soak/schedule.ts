// What is announced and in which order, and how long processes live: all of it from one seed.

import fc from "fast-check";

export interface Announcement {
  readonly chart: string;
  readonly version: string;
}

export const CHARTS = [
  "accounts",
  "basket",
  "billing",
  "catalog",
  "delivery",
  "invoices",
  "payments",
  "pricing",
  "search",
  "stock",
] as const;

export interface Announcements {
  /** About one in ten comes after newer versions of its chart, and about one in ten is said again later. */
  readonly first: readonly Announcement[];
  /** The newest version of each chart. */
  readonly last: readonly Announcement[];
}

const BASE_PATCH = 0;
/** What every environment has at the start. */
export const BASE_VERSION = version(BASE_PATCH);

const one = fc.noBias(
  fc.record({
    chart: fc.constantFrom(...CHARTS),
    late: fc.nat(9).map((n) => n === 0),
    repeated: fc.nat(9).map((n) => n === 0),
    by: fc.integer({ min: 20, max: 80 }),
  }),
);

/** `count` different versions, spread over the charts. */
export function announcementsOf(seed: number, count: number): Announcements {
  const patches = new Map<string, number>();
  const next = (chart: string): Announcement => {
    const patch = (patches.get(chart) ?? BASE_PATCH) + 1;
    patches.set(chart, patch);
    return { chart, version: version(patch) };
  };
  const placed = fc
    .sample(one, { seed, numRuns: count - CHARTS.length })
    .flatMap(({ chart, late, repeated, by }, place) => {
      const announcement = next(chart);
      const at = late ? place + by : place;
      return [{ at, announcement }, ...(repeated ? [{ at: at + by, announcement }] : [])];
    });
  return {
    first: placed.toSorted((a, b) => a.at - b.at).map(({ announcement }) => announcement),
    last: CHARTS.map(next),
  };
}

function version(patch: number): string {
  return `1.0.${patch}`;
}

/** Whole numbers without end, each as likely as any other. `stream` tells streams of one seed apart. */
export function* numbers(
  { seed, stream }: { readonly seed: number; readonly stream: string },
  { min, max }: { readonly min: number; readonly max: number },
): Generator<number, never> {
  const many = fc.noBias(fc.array(fc.integer({ min, max }), { minLength: 1000, maxLength: 1000 }));
  for (let page = 0; ; page++) {
    const [some = []] = fc.sample(many, { seed: hash(`${seed} ${stream} ${page}`), numRuns: 1 });
    yield* some;
  }
}

function hash(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) | 0, 7);
}

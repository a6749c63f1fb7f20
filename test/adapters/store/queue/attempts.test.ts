// How long a failing key waits.

import { describe, expect, it } from "@jest/globals";
import { delayMs } from "../../../../src/adapters/store/queue/attempts.ts";

const BACKOFF = { firstMs: 100, factor: 2, maxMs: 1500, giveUpAfterMs: 60_000 };

describe("the delay before another try", () => {
  it.each([
    { tries: 1, ceiling: 100 },
    { tries: 2, ceiling: 200 },
    { tries: 4, ceiling: 800 },
    { tries: 5, ceiling: 1500 },
    { tries: 5000, ceiling: 1500 },
  ])("is spread from nothing to $ceiling ms after $tries failures", ({ tries, ceiling }) => {
    const delays = Array.from({ length: 2000 }, () => delayMs(BACKOFF, tries));
    expect(Math.max(...delays)).toBeLessThanOrEqual(ceiling);
    expect(Math.max(...delays)).toBeGreaterThan(ceiling * 0.9);
    expect(Math.min(...delays)).toBeLessThan(ceiling * 0.1);
    expect(Math.min(...delays)).toBeGreaterThan(0);
  });
});

// Metrics that are open to everybody may be asked for without end.

import { expect, test } from "@jest/globals";
import { createMetrics } from "../../../src/adapters/http/metrics.ts";

test("fifty who ask at once are answered with one reading, and who asks afterwards with another", async () => {
  const metrics = createMetrics();
  let readings = 0;
  metrics.readQueueFrom(async () => {
    readings += 1;
    await new Promise(setImmediate);
    return { due: readings, later: 0, running: 0, dead: 0 };
  });
  const texts = await Promise.all(Array.from({ length: 50 }, () => metrics.text()));
  expect(readings).toBe(1);
  expect(new Set(texts).size).toBe(1);
  expect(await metrics.text()).toContain('chart_promoter_queue_depth{state="due"} 2');
});

test("a reading that failed is made anew", async () => {
  const metrics = createMetrics();
  let isBroken = true;
  metrics.readQueueFrom(async () => {
    if (isBroken) throw new Error("no database");
    return { due: 7, later: 0, running: 0, dead: 0 };
  });
  await expect(metrics.text()).rejects.toThrow("no database");
  isBroken = false;
  expect(await metrics.text()).toContain('chart_promoter_queue_depth{state="due"} 7');
});

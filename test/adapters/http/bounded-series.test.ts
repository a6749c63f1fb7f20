// What one repository or installation may add to everybody's Prometheus, and what is said of the rest.

import { expect, test } from "@jest/globals";
import { createMetrics } from "../../../src/adapters/http/metrics.ts";

const metrics = createMetrics();

async function samplesOf(metric: string): Promise<readonly string[]> {
  return (await metrics.text()).match(new RegExp(`^chart_promoter_${metric}\\{.*$`, "gm")) ?? [];
}

test("each repository has 200 rows, however many it could have, and the next scrape says how many are left out", async () => {
  const charts = Array.from({ length: 250 }, (_, n) => ({ repository: "crowded", chart: `c${n}` }));
  metrics.readFailingPollsFrom(async () => [...charts, { repository: "other" }]);
  const samples = await samplesOf("poll_failing");
  expect(samples).toHaveLength(201);
  expect(samples).toContain('chart_promoter_poll_failing{repository="other"} 1');
  expect(await samplesOf("metric_rows_omitted")).toContain(
    'chart_promoter_metric_rows_omitted{metric="poll_failing"} 50',
  );
});

test("of more than 5,000 limits of installations, those with the least left are there", async () => {
  const limits = Array.from({ length: 6_000 }, (_, n) => ({
    ...{ installation: n, resource: "core", remaining: 6_000 - n },
  }));
  metrics.readBudgetsFrom(() => limits);
  const samples = await samplesOf("github_rate_limit_remaining");
  expect(samples).toHaveLength(5_000);
  expect(samples[0]).toBe(
    'chart_promoter_github_rate_limit_remaining{installation="5999",resource="core"} 1',
  );
  expect(await samplesOf("metric_rows_omitted")).toContain(
    'chart_promoter_metric_rows_omitted{metric="github_rate_limit_remaining"} 1000',
  );
});

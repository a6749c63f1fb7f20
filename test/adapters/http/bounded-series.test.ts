// Series of the metrics whose labels come from repositories: as many as there is room for, and of none so many that others have none.

import { expect, test } from "@jest/globals";
import { createMetrics } from "../../../src/adapters/http/metrics.ts";

function watched(repository: string, environments: number) {
  return Array.from({ length: environments }, (_, n) => ({
    ...{ repository, environment: `e${n}` },
    ...{ resources: n, reportAgeSeconds: 1 },
  }));
}

async function seriesOf(rows: readonly ReturnType<typeof watched>[number][]): Promise<readonly string[]> {
  const metrics = createMetrics();
  metrics.readDriftFrom(async () => ({ watched: rows, healed: [] }));
  const text = await metrics.text();
  return text.split("\n").filter((line) => line.startsWith("chart_promoter_drifted_resources{"));
}

test("a repository has two hundred, and all together five thousand", async () => {
  expect(await seriesOf([...watched("mallory/config", 500), ...watched("alice/config", 3)])).toHaveLength(
    203,
  );
  const many = Array.from({ length: 100 }, (_, n) => watched(`acme/config-${n}`, 100)).flat();
  expect(await seriesOf(many)).toHaveLength(5_000);
});

// A chart that brings a mistake of this program to light: its text says that it could not be compared, and comes.

import { expect, test } from "@jest/globals";
import { chartReviewer } from "../../src/chart-tools/chart-reviewer.ts";
import type { ReviewRequest } from "../../src/reconcile/ports/chart-review.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";

const packed = (version: string) => ({ kind: "packed", bytes: packChart({ name: "web", version }) }) as const;

const REQUEST: ReviewRequest = {
  facts: {
    environment: "dev",
    cluster: { apiVersions: [], namespace: "dev", release: "dev" },
    umbrella: "umbrella",
    charts: [
      {
        ...{
          chart: "web",
          keys: ["web"],
          from: "1.0.0",
          to: "1.0.1",
          repositoryUrl: "https://charts.example.com",
        },
        ...{ signature: { kind: "unasked" }, before: packed("1.0.0"), after: packed("1.0.1") },
        ...{ between: [], superseded: [], elsewhere: [] },
      },
    ],
    ...{
      valuesFiles: [],
      notes: [],
      policy: { satisfied: [], pending: [] },
      githubWeb: "https://github.com",
    },
  },
  toRender: { kind: "not-rendered", why: "impossible", because: "nobody asked for it" },
};

test("it is told, and the text is made without the archives", async () => {
  const mistakes: unknown[] = [];
  const reviewer = chartReviewer(undefined, {
    script: new URL("./failing-review-worker.ts", import.meta.url),
    onMistake: (error) => mistakes.push(error),
  });
  const { body } = await reviewer.review(REQUEST);
  await reviewer.close();
  expect(body).toContain("**`web`** `1.0.0` → `1.0.1` in **`dev`**");
  expect(body).toContain("could not be compared: this program makes a mistake with it");
  expect(new Set(mistakes.map(String))).toEqual(new Set(["TypeError: x is undefined"]));
}, 120_000);

// What of the open promotions the config no longer asks for.

import { expect, test } from "@jest/globals";
import { parseConfig } from "../../../src/domain/config/parse.ts";
import type { OpenPromotion } from "../../../src/domain/model/github/open-promotion.ts";
import type { PromotionRecord } from "../../../src/domain/model/publish.ts";
import { type DesiredState, recordsUnasked, withdrawals } from "../../../src/domain/plan/withdrawals.ts";

const CONFIG = `environments:
  dev: { path: dev, charts: ["*"] }
  all-in-one: { path: one, pullRequests: environment }
  live: { path: live, branch: release }
`;

function desired(unread: readonly string[] = []): DesiredState {
  const context = { defaultBranch: "main", deployers: [], repository: "acme/config", file: "config.yml" };
  const config = parseConfig(CONFIG, context);
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  const places = [
    ["dev", "app"],
    ["dev", "all"],
    ["all-in-one", "app"],
    ["all-in-one", "db"],
    ["live", "app"],
  ] as const;
  const dependents = places.map(([environment, chart]) => ({
    ...{ repositoryId: 1, environment, chart, key: chart, chartRepository: "stakater" },
  }));
  return { config: config.value, dependents, unreadEnvironments: new Set(unread) };
}

function promotion(
  branch: string,
  more: Partial<OpenPromotion> & { carries?: string[] } = {},
): OpenPromotion {
  const { carries = [], ...rest } = more;
  const trailers = carries.flatMap((chart) => [`Chart: ${chart}`, "Chart-Version: 1.0.0"]);
  const message = carries.length > 0 ? { message: `Promote\n\n${trailers.join("\n")}` } : {};
  return { id: "id", number: 1, branch, baseBranch: "main", byApp: true, files: [], ...message, ...rest };
}

test.each<[string, OpenPromotion, RegExp | undefined]>([
  ["what is asked for", promotion("promote/dev/app", { carries: ["app"] }), undefined],
  ["a chart that is called all", promotion("promote/dev/all", { carries: ["all"] }), undefined],
  ["one for all charts", promotion("promote/all-in-one/all", { carries: ["app", "db"] }), undefined],
  ["one of which nothing was read", promotion("promote/all-in-one/all"), undefined],
  ["a person's", promotion("promote/gone/app", { byApp: false }), undefined],
  ["of an environment that is gone", promotion("promote/gone/app"), /no environment gone/],
  [
    "of a chart that is gone",
    promotion("promote/dev/old", { carries: ["old"] }),
    /old is no dependency of dev/,
  ],
  ["for all, where each has its own", promotion("promote/dev/all", { carries: ["app"] }), /for each chart/],
  [
    "for one, where all have one",
    promotion("promote/all-in-one/app", { carries: ["app"] }),
    /for all charts/,
  ],
  [
    "with a chart that is gone",
    promotion("promote/all-in-one/all", { carries: ["app", "old"] }),
    /old is no/,
  ],
  ["to another branch", promotion("promote/live/app", { carries: ["app"] }), /leads to main, .* on release/],
  ["elsewhere", promotion("promote/dev/app", { files: ["old/Chart.yaml"] }), /folder dev now/],
  ["also elsewhere", promotion("promote/dev/app", { files: ["a.md", "dev/Chart.yaml"] }), undefined],
])("%s", (_what, open, because) => {
  const found = withdrawals([open], desired()).map((one) => one.because);
  expect(found).toEqual(because === undefined ? [] : [expect.stringMatching(because)]);
});

test("nothing is said of the charts of an umbrella chart that was not read", () => {
  expect(withdrawals([promotion("promote/dev/old", { carries: ["old"] })], desired(["dev"]))).toEqual([]);
});

test("records that are still due say why, once; what is past stays", () => {
  const of = (environment: string, chart: string, state: PromotionRecord["state"]): PromotionRecord => ({
    ...{ publishId: `${chart} ${state}`, repositoryId: 1, environment, chart, state, because: "so" },
    pullRequest: { number: 1, url: "u" },
  });
  const records = [
    of("gone", "app", "proposed"),
    of("gone", "app", "deployed"),
    of("dev", "old", "unchanged"),
    of("dev", "app", "proposed"),
  ];
  const changed = recordsUnasked(records, desired());
  expect(changed).toEqual([
    {
      ...of("gone", "app", "proposed"),
      state: "refused",
      because: expect.stringContaining("gone"),
      pullRequest: undefined,
    },
    {
      ...of("dev", "old", "unchanged"),
      state: "refused",
      because: expect.stringContaining("old"),
      pullRequest: undefined,
    },
  ]);
  expect(recordsUnasked(changed, desired())).toEqual([]);
});

// A publish that its chart repository has no more as it was: what the text says, and whether a text says it.

import { expect, test } from "@jest/globals";
import type { ChartChange, Publish } from "../../../src/domain/model/publish.ts";
import { inMarkers } from "../../../src/domain/pull-request-body/markdown/markers.ts";
import {
  changedChartRisks,
  tellsChanges,
} from "../../../src/domain/pull-request-body/risks/changed-chart.ts";

function publish(changedSince?: ChartChange): Publish {
  return {
    ...{ id: "p", chart: "web", version: "1.0.0", repository: "stakater", values: {}, source: {} },
    ...{ publisher: "pipeline", at: new Date(0), state: "verified", digest: "sha256:a" },
    ...(changedSince && { changedSince }),
  };
}

const REMOVED = publish({ kind: "removed" });
const REPLACED = publish({ kind: "replaced", digest: "sha256:b" });

function body(...publishes: readonly Publish[]): string {
  const lines = publishes
    .flatMap((one) => changedChartRisks({ publish: one }))
    .map(({ text }) => `> - ${text}.`);
  const alert = lines.length === 0 ? [] : ["> [!CAUTION]", ...lines, ""];
  return `Words of a person.\n\n${inMarkers(["**`web`** `0.9.0` → `1.0.0`", "", ...alert, "More."].join("\n"))}`;
}

test("nothing is said of one that is there as it was", () => {
  expect(changedChartRisks({ publish: publish() })).toEqual([]);
});

test("both digests are told of one that was replaced", () => {
  expect(changedChartRisks({ publish: REPLACED })).toEqual([
    {
      level: "danger",
      text: "`1.0.0` of `web` was replaced in the chart repository after it was published: it has the digest `sha256:b` now, and was published with `sha256:a`",
    },
  ]);
});

test.each<[string, string, Publish, boolean]>([
  ["nothing, of nothing", body(), publish(), true],
  ["nothing, of one that is gone", body(), REMOVED, false],
  ["that it is gone, of one that is", body(REMOVED), REMOVED, true],
  ["that it is gone, of one that is back", body(REMOVED), publish(), false],
  ["that it is gone, of one that was replaced", body(REMOVED), REPLACED, false],
  ["another replacement", body(REPLACED), publish({ kind: "replaced", digest: "sha256:c" }), false],
  [
    "in a chart's own words, of one that is there",
    `${inMarkers("x\n\n- `1.0.0` of `web` is in the chart repository no more: Helm cannot download it.\n")}`,
    publish(),
    true,
  ],
])("a text that tells %s", (...[, text, known, expected]) => {
  expect(tellsChanges(text, [known])).toBe(expected);
});

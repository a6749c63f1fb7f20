// Which chart versions the checks of open pull requests rest on.

import { describe, expect, it } from "@jest/globals";
import type { JudgedChart } from "../../../../src/reconcile/ports/store/checks.ts";
import type { Current } from "./contract.ts";

const ONE = { repositoryId: 1, number: 7 };
const TWO = { repositoryId: 1, number: 8 };
const ELSEWHERE = { repositoryId: 2, number: 7 };
const FOUND: JudgedChart = {
  repository: "stakater",
  chart: "a",
  version: "1.0.0",
  digest: "sha256:a",
  isThere: true,
};
const IN_REGISTRY: JudgedChart = { ...FOUND, manifestDigest: "sha256:m" };
const MISSING: JudgedChart = { repository: "stakater", chart: "b", version: "2.0.0", isThere: false };

export function describeJudgedCharts(store: Current): void {
  describe("judged charts", () => {
    it("are kept for each pull request, the last ones in the place of those before", async () => {
      const { judgedCharts } = store();
      await judgedCharts.put(ONE, [FOUND, MISSING]);
      await judgedCharts.put(TWO, [IN_REGISTRY]);
      await judgedCharts.put(ELSEWHERE, [{ ...FOUND, repository: "other" }]);
      const unconfirmed = { isConfirmed: false };
      expect(await judgedCharts.of("stakater")).toEqual([
        { ...ONE, ...FOUND, ...unconfirmed },
        { ...ONE, ...MISSING, ...unconfirmed },
        { ...TWO, ...IN_REGISTRY, ...unconfirmed },
      ]);
      await judgedCharts.put(ONE, [MISSING]);
      await judgedCharts.put(TWO, []);
      expect(await judgedCharts.of("stakater")).toEqual([{ ...ONE, ...MISSING, ...unconfirmed }]);
      expect(await judgedCharts.of("nobody's")).toEqual([]);
    });

    it("are confirmed until something else is put down, or a listing says so", async () => {
      const { judgedCharts } = store();
      await judgedCharts.put(ONE, [FOUND, MISSING]);
      const read = await judgedCharts.of("stakater");
      await judgedCharts.confirm(read);
      await judgedCharts.put(ONE, [MISSING, FOUND]);
      expect((await judgedCharts.of("stakater")).map(({ isConfirmed }) => isConfirmed)).toEqual([true, true]);
      await judgedCharts.put(ONE, [{ ...FOUND, digest: "sha256:b" }, MISSING]);
      await judgedCharts.confirm(read);
      const confirmed = async () =>
        (await judgedCharts.of("stakater")).map(({ chart, isConfirmed }) => [chart, isConfirmed]);
      expect(await confirmed()).toEqual([
        ["a", false],
        ["b", true],
      ]);
      await judgedCharts.doubt(await judgedCharts.of("stakater"));
      expect(await confirmed()).toEqual([
        ["a", false],
        ["b", false],
      ]);
    });

    it("go with the pull requests that are open no more", async () => {
      const { judgedCharts } = store();
      for (const pullRequest of [ONE, TWO, ELSEWHERE]) await judgedCharts.put(pullRequest, [FOUND]);
      await judgedCharts.keepOnly(1, [8, 9]);
      expect(
        (await judgedCharts.of("stakater")).map(({ repositoryId, number }) => [repositoryId, number]),
      ).toEqual([
        [1, 8],
        [2, 7],
      ]);
      await judgedCharts.keepOnly(1, []);
      expect(await judgedCharts.of("stakater")).toHaveLength(1);
    });
  });
}

// Reports of drift, what is kept of watching, and wishes to deploy again.

import { describe, expect, it } from "@jest/globals";
import type { DriftReport } from "../../../../src/domain/model/drift.ts";
import { minute, repository } from "../words.ts";
import type { Current } from "./contract.ts";

const dev = { repositoryId: 77, environment: "dev" };
const prod = { repositoryId: 77, environment: "prod" };

function report(change: Partial<DriftReport> = {}): DriftReport {
  const web = { kind: "Deployment", namespace: "dev", name: "web", change: "changed" } as const;
  return {
    deployer: "config-jenkins",
    deploymentId: 9_007_199_254_740_000,
    resources: [{ ...web, fields: ["spec.replicas"], manager: "kubectl", since: minute(1), seen: 2 }],
    reportedAt: minute(3),
    countedAt: minute(2),
    ...change,
  };
}

export function describeDrift(store: Current): void {
  describe("drift", () => {
    it("keeps the newest report of each deployer, and gives it back as it was", async () => {
      const { drift } = store();
      expect(await drift.replaceReport(dev, 0, report())).toBe(true);
      expect(await drift.replaceReport(dev, 0, report({ deployer: "another" }))).toBe(true);
      expect(await drift.replaceReport(dev, 1, report({ resources: [] }))).toBe(true);
      expect(await drift.reports(dev)).toEqual([
        { version: 1, report: report({ deployer: "another" }) },
        { version: 2, report: report({ resources: [] }) },
      ]);
      expect(await drift.reports(prod)).toEqual([]);
    });

    it("lets one of several who know the same version put theirs", async () => {
      const { drift } = store();
      for (const known of [0, 1]) {
        const put = [1, 2, 3, 4].map((n) =>
          drift.replaceReport(dev, known, report({ reportedAt: minute(n) })),
        );
        expect((await Promise.all(put)).filter(Boolean)).toHaveLength(1);
      }
      expect(await drift.replaceReport(dev, 1, report())).toBe(false);
    });

    it("keeps what is known of watching until it is forgotten", async () => {
      const { drift } = store();
      expect(await drift.watch(dev)).toBeUndefined();
      await drift.setWatch(prod, { since: minute(1) });
      await drift.setWatch(dev, { since: minute(1) });
      const issue = { tells: "much", at: minute(2) };
      const keep = { until: minute(9), by: "alice" };
      await drift.keep(dev, keep);
      const latest = { resources: 2, isWatched: true, reportedAt: minute(2) };
      await drift.setWatch(dev, { since: minute(1), issue, latest });
      expect(await drift.watch(dev)).toEqual({ since: minute(1), issue, latest, keep });
      expect(await drift.watches()).toEqual([
        { ...dev, watch: { since: minute(1), issue, latest, keep } },
        { ...prod, watch: { since: minute(1) } },
      ]);
      await drift.replaceReport(dev, 0, report());
      await drift.forget(dev);
      expect([await drift.watch(dev), await drift.reports(dev)]).toEqual([undefined, []]);
      expect(await drift.watches()).toMatchObject([prod]);
    });

    it("keeps a wish once, until it is answered", async () => {
      const { drift } = store();
      const first = { task: "heal", intent: "comment:1", by: "alice", at: minute(1) } as const;
      const second = { task: "redeploy", intent: "comment:2", by: "bob", at: minute(2) } as const;
      for (const one of [second, first, first]) await drift.keepRequest(dev, one);
      expect(await drift.requests(dev)).toEqual([first, second]);
      expect(await drift.waiting()).toEqual([dev]);
      await drift.answered(dev, "comment:1");
      expect(await drift.requests(dev)).toEqual([second]);
    });

    it("forgets all of it with the repository", async () => {
      const { drift, repositories } = store();
      await repositories.put(repository());
      await drift.replaceReport(dev, 0, report());
      await drift.setWatch(dev, { since: minute(1) });
      await drift.keepRequest(dev, { task: "heal", intent: "comment:1", by: "alice", at: minute(1) });
      await repositories.remove(repository(), []);
      expect(await drift.reports(dev)).toEqual([]);
      expect([await drift.watches(), await drift.waiting()]).toEqual([[], []]);
    });
  });
}

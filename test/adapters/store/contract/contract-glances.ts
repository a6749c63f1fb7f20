// What both stores say of repositories that were glanced at.

import { describe, expect, it } from "@jest/globals";
import type { Store } from "../../../../src/reconcile/ports/store/store.ts";
import { announcement, delivery, minute, repository } from "../words.ts";

export function describeGlances(store: () => Store): void {
  describe("glances", () => {
    it("are of one digest since it was seen first, and lose their look with it", async () => {
      const { glances } = store();
      expect(await glances.of([])).toEqual(new Map());
      await glances.see(77, "a", minute(1));
      await glances.resynced(77, minute(2));
      await glances.see(77, "a", minute(3));
      await glances.resynced(78, minute(3));
      expect(await glances.of([77, 78])).toEqual(
        new Map([[77, { digest: "a", seenAt: minute(1), lookedAt: minute(2) }]]),
      );
      await glances.see(77, "b", minute(4));
      expect(await glances.of([77])).toEqual(new Map([[77, { digest: "b", seenAt: minute(4) }]]));
      await glances.forget();
      expect(await glances.of([77])).toEqual(new Map());
    });

    it("are forgotten with their repository", async () => {
      const { glances, repositories } = store();
      await repositories.put(repository());
      await glances.see(77, "a", minute(1));
      await repositories.remove(repository(), []);
      expect(await glances.of([77])).toEqual(new Map());
    });

    it("do not show what waits, was refused, has not passed, or is lacking", async () => {
      const { glances, deliveries, publishes, promotions, checks, permissions } = store();
      expect(await glances.unsettled([])).toEqual(new Set());
      expect(await glances.unsettled([1, 2, 3, 4, 5, 6])).toEqual(new Set());
      await deliveries.keep({ id: "d", repositoryId: 1, event: { kind: "resync" }, receivedAt: minute(1) });
      await publishes.accept(announcement(), { id: "p1", at: minute(1) });
      await publishes.route(["p1"], [2]);
      const record = { publishId: "p1", environment: "dev", chart: "xposer", because: "it says so" } as const;
      await promotions.record([
        { ...record, repositoryId: 3, state: "refused" },
        { ...record, repositoryId: 6, state: "proposed" },
      ]);
      const check = { title: "Checked", isHeld: false } as const;
      await checks.put({ repositoryId: 4, number: 1 }, { ...check, conclusion: "failure" });
      await checks.put({ repositoryId: 6, number: 1 }, { ...check, conclusion: "success" });
      await permissions.note(
        { repositoryId: 5, permission: "checks", isLacking: true },
        { delivery: delivery({ id: "r5", repositoryId: 5 }), work: { key: "repository:5" } },
      );
      await deliveries.done(["r5"]);
      expect(await glances.unsettled([1, 2, 3, 4, 5, 6])).toEqual(new Set([1, 2, 3, 4, 5]));
      await deliveries.done(["d"]);
      expect(await glances.unsettled([1])).toEqual(new Set());
    });
  });
}

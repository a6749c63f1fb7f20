// Webhook deliveries.

import { describe, expect, it } from "@jest/globals";
import { delivery, minute } from "../words.ts";
import type { Current } from "./contract.ts";

export function describeDeliveries(store: Current): void {
  describe("deliveries", () => {
    it("keeps each delivery once, also after it was dealt with", async () => {
      const { deliveries } = store();
      expect(await deliveries.keep(delivery())).toBe("kept");
      expect(await deliveries.keep(delivery())).toBe("repeat");
      await deliveries.done(["d1"]);
      expect(await deliveries.keep(delivery())).toBe("repeat");
      expect(await deliveries.undone(77)).toEqual([]);
    });

    it("keeps deliveries with the work that they are a reason for, both or none", async () => {
      const { deliveries, queue } = store();
      const work = { key: "repository:77", priority: 1 };
      await deliveries.keepAndEnqueue([delivery(), delivery({ id: "d2" })], work);
      expect((await deliveries.undone(77)).map(({ id }) => id)).toEqual(["d1", "d2"]);
      expect((await queue.depth()).due).toBe(1);
      const unstorable = delivery({ id: "d4", receivedAt: new Date(Number.NaN) });
      await expect(deliveries.keepAndEnqueue([delivery({ id: "d3" }), unstorable], work)).rejects.toThrow();
      expect(await deliveries.isKnown("d3")).toBe(false);
    });

    it("knows a delivery, also after it was dealt with, until it is forgotten", async () => {
      const { deliveries } = store();
      expect(await deliveries.isKnown("d1")).toBe(false);
      await deliveries.keep(delivery());
      await deliveries.done(["d1"]);
      expect(await deliveries.isKnown("d1")).toBe(true);
      await deliveries.prune(minute(10_000_000));
      expect(await deliveries.isKnown("d1")).toBe(false);
    });

    it("hands out what is undone, oldest first", async () => {
      const { deliveries } = store();
      const late = delivery({ id: "d2", receivedAt: minute(5) });
      await deliveries.keep(late);
      await deliveries.keep(delivery());
      await deliveries.keep(delivery({ id: "d3", repositoryId: 78 }));
      expect(await deliveries.undone(77)).toEqual([delivery(), late]);
      expect(await deliveries.waiting()).toEqual([77, 78]);
      await deliveries.done(["d1", "d2"]);
      await deliveries.done([]);
      expect(await deliveries.waiting()).toEqual([78]);
    });

    it("hands out what was received since an instant, dealt with or not, oldest first", async () => {
      const { deliveries } = store();
      const late = delivery({ id: "d2", receivedAt: minute(5) });
      const later = delivery({ id: "d3", receivedAt: minute(6) });
      for (const one of [later, late, delivery(), delivery({ id: "d4", repositoryId: 78 })])
        await deliveries.keep(one);
      await deliveries.done(["d2"]);
      expect(await deliveries.since(77, minute(5))).toEqual([late, later]);
    });

    it("forgets only what was dealt with before", async () => {
      const { deliveries } = store();
      await deliveries.keep(delivery());
      await deliveries.keep(delivery({ id: "d2" }));
      await deliveries.done(["d1"]);
      await deliveries.prune(new Date(Date.now() - 60_000));
      expect(await deliveries.keep(delivery())).toBe("repeat");
      await deliveries.prune(new Date(Date.now() + 60_000));
      expect(await deliveries.keep(delivery())).toBe("kept");
      expect(await deliveries.keep(delivery({ id: "d2" }))).toBe("repeat");
    });
  });
}

// What both stores say of permissions that the App was found to lack.

import { describe, expect, it } from "@jest/globals";
import type { NeededPermission } from "../../../../src/domain/model/github/repository.ts";
import type { Store } from "../../../../src/reconcile/ports/store/store.ts";
import { delivery, repository } from "../words.ts";

function noted(permission: NeededPermission, isLacking: boolean) {
  return { repositoryId: 77, permission, isLacking };
}

function because(id: string) {
  return { delivery: delivery({ id, event: { kind: "resync" } }), work: { key: "repository:77" } };
}

export function describePermissions(store: () => Store): void {
  describe("permissions", () => {
    it("are given unless noted otherwise, and only news is news, and a reason on record", async () => {
      const { permissions, deliveries, queue } = store();
      expect(await permissions.note(noted("checks", false), because("r1"))).toBe(false);
      expect([await deliveries.waiting(), (await queue.depth()).due]).toEqual([[], 0]);
      expect(await permissions.note(noted("deployments", true), because("r2"))).toBe(true);
      expect((await deliveries.undone(77)).map(({ id }) => id)).toEqual(["r2"]);
      expect((await queue.depth()).due).toBe(1);
      expect(await permissions.note(noted("checks", true), because("r3"))).toBe(true);
      expect(await permissions.note(noted("checks", true), because("r4"))).toBe(false);
      expect((await deliveries.undone(77)).map(({ id }) => id)).toEqual(["r2", "r3"]);
      expect(await permissions.lacking(77)).toEqual(["checks", "deployments"]);
      expect(await permissions.lacking(78)).toEqual([]);
      expect(await permissions.note(noted("checks", false), because("r5"))).toBe(true);
      expect(await permissions.lacking(77)).toEqual(["deployments"]);
    });

    it("are forgotten with their repository", async () => {
      const { permissions, repositories } = store();
      await repositories.put(repository());
      await permissions.note(noted("checks", true), because("r1"));
      await repositories.remove(repository(), []);
      expect(await permissions.lacking(77)).toEqual([]);
    });
  });
}

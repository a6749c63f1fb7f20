// What both stores say of permissions that the App was found to lack.

import { describe, expect, it } from "@jest/globals";
import type { Store } from "../../../../src/reconcile/ports/store.ts";
import { repository } from "../words.ts";

export function describePermissions(store: () => Store): void {
  describe("permissions", () => {
    it("are given unless noted otherwise, and only news is news", async () => {
      const { permissions } = store();
      expect(await permissions.note(77, "checks", false)).toBe(false);
      expect(await permissions.note(77, "deployments", true)).toBe(true);
      expect(await permissions.note(77, "checks", true)).toBe(true);
      expect(await permissions.note(77, "checks", true)).toBe(false);
      expect(await permissions.lacking(77)).toEqual(["checks", "deployments"]);
      expect(await permissions.lacking(78)).toEqual([]);
      expect(await permissions.note(77, "checks", false)).toBe(true);
      expect(await permissions.lacking(77)).toEqual(["deployments"]);
    });

    it("are forgotten with their repository", async () => {
      const { permissions, repositories } = store();
      await repositories.put(repository());
      await permissions.note(77, "checks", true);
      await repositories.remove(repository(), []);
      expect(await permissions.lacking(77)).toEqual([]);
    });
  });
}

// What both stores say of dashboard issues.

import { describe, expect, it } from "@jest/globals";
import type { TickOutcome } from "../../../../src/domain/model/github/tick-box.ts";
import type { Store } from "../../../../src/reconcile/ports/store/store.ts";
import { repository } from "../words.ts";

const AT = new Date("2026-03-01T12:00:00Z");
const OUTCOME: TickOutcome = {
  ...{ id: "ticked-1", at: AT, person: "alice", said: "" },
  result: "done",
  action: { kind: "redeploy", environment: "dev" },
};

export function describeDashboardIssues(store: () => Store): void {
  describe("dashboard issues", () => {
    it("begin once, and what is told, edited and answered does not mix", async () => {
      const { dashboardIssues } = store();
      expect(await dashboardIssues.get(77)).toBeUndefined();
      await dashboardIssues.begin(77, 4);
      await dashboardIssues.begin(77, 9);
      await dashboardIssues.edited(77);
      await dashboardIssues.noteWritten(77, { number: 5, tells: "text", writtenAt: AT, seenEdits: 1 });
      await dashboardIssues.answered(77, OUTCOME);
      await dashboardIssues.edited(77);
      expect(await dashboardIssues.get(77)).toEqual({
        ...{ number: 5, tells: "text", writtenAt: AT, seenEdits: 1, edits: 2, round: 5 },
        outcomes: [OUTCOME],
      });
    });

    it("answer each tick once, and remember the newest", async () => {
      const { dashboardIssues } = store();
      await dashboardIssues.begin(77, 0);
      for (let n = 0; n < 12; n += 1) await dashboardIssues.answered(77, { ...OUTCOME, id: `ticked-${n}` });
      await dashboardIssues.answered(77, { ...OUTCOME, id: "ticked-11" });
      const known = await dashboardIssues.get(77);
      expect(known?.round).toBe(12);
      expect(known?.outcomes.map(({ id }) => id)[0]).toBe("ticked-11");
      expect(known?.outcomes).toHaveLength(10);
    });

    it("are forgotten, also with their repository", async () => {
      const { dashboardIssues, repositories } = store();
      await dashboardIssues.begin(77, 0);
      await dashboardIssues.forget(77);
      expect(await dashboardIssues.get(77)).toBeUndefined();
      await repositories.put(repository());
      await dashboardIssues.begin(repository().id, 0);
      await repositories.remove(repository(), []);
      expect(await dashboardIssues.get(repository().id)).toBeUndefined();
    });
  });
}

// What polls saw.

import { describe, expect, it } from "@jest/globals";
import type { Current } from "./contract.ts";

export function describePolls(store: Current): void {
  describe("polls", () => {
    it("has seen nothing before the first poll, and something after an empty one", async () => {
      const { polls } = store();
      await polls.setValidator("stakater", '"etag"');
      expect(await polls.seen("stakater")).toBeUndefined();
      await polls.add("stakater", new Map());
      expect(await polls.seen("stakater")).toEqual(new Map());
      expect(await polls.validator("stakater")).toBe('"etag"');
      expect(await polls.validator("other")).toBeUndefined();
    });

    it("never forgets a version", async () => {
      const { polls } = store();
      await polls.add("stakater", new Map([["a", ["1.0.0", "1.1.0"]]]));
      await polls.add(
        "stakater",
        new Map([
          ["a", ["1.1.0", "2.0.0"]],
          ["b", ["1.0.0"]],
        ]),
      );
      await polls.add("other", new Map([["a", ["9.0.0"]]]));
      expect(await polls.seen("stakater")).toEqual(
        new Map([
          ["a", new Set(["1.0.0", "1.1.0", "2.0.0"])],
          ["b", new Set(["1.0.0"])],
        ]),
      );
    });

    it("tells what was seen of some charts", async () => {
      const { polls } = store();
      expect(await polls.seen("stakater", ["a"])).toBeUndefined();
      await polls.add("stakater", new Map(["a", "b", "c"].map((chart) => [chart, [`1.0.0-${chart}`]])));
      await polls.add("other", new Map([["a", ["9.0.0"]]]));
      expect(await polls.seen("stakater", ["a", "c", "d"])).toEqual(
        new Map([
          ["a", new Set(["1.0.0-a"])],
          ["c", new Set(["1.0.0-c"])],
        ]),
      );
      expect(await polls.seen("stakater", [])).toEqual(new Map());
    });

    it("knows which polls fail, since when, and that they do no longer", async () => {
      const { polls } = store();
      const problem = {
        code: "chart-repository-unreachable",
        message: "It is down.",
        help: "Wait.",
      } as const;
      const [first, second] = [new Date("2026-01-02T03:04:05Z"), new Date("2026-01-02T04:04:05Z")];
      expect(await polls.failing()).toEqual([]);
      expect(await polls.recover("stakater")).toBe(false);
      await polls.add("stakater", new Map([["a", ["1.0.0"]]]));
      await polls.setValidator("stakater", "x");
      await polls.fail("stakater", { ...problem, message: "It is slow." }, first);
      await polls.fail("stakater", problem, second);
      await polls.fail("other", problem, second);
      expect(await polls.failing()).toEqual([
        { repository: "other", problem, since: second },
        { repository: "stakater", problem, since: first },
      ]);
      expect(await polls.seen("other")).toBeUndefined();
      expect(await polls.recover("stakater")).toBe(true);
      expect(await polls.failing()).toMatchObject([{ repository: "other" }]);
      expect(await polls.validator("stakater")).toBe("x");
      expect((await polls.seen("stakater"))?.size).toBe(1);
    });

    it("takes a large index", async () => {
      const versions = Array.from({ length: 5000 }, (_, n) => `1.0.${n}`);
      await store().polls.add("stakater", new Map([["a", versions]]));
      expect((await store().polls.seen("stakater"))?.get("a")?.size).toBe(5000);
    });
  });

  it("answers a ping", async () => {
    await store().ping();
  });
}

// What polls saw.

import { describe, expect, it } from "@jest/globals";
import type { Current } from "./contract.ts";

const STAKATER = { repository: "stakater" };
const OTHER = { repository: "other" };

export function describePolls(store: Current): void {
  describe("polls", () => {
    it("has seen nothing before the first poll, and something after an empty one", async () => {
      const { polls } = store();
      await polls.setValidator(STAKATER, '"etag"');
      expect(await polls.isPolled(STAKATER)).toBe(false);
      await polls.add(STAKATER, new Map());
      expect(await polls.isPolled(STAKATER)).toBe(true);
      expect(await polls.isPolled(OTHER)).toBe(false);
      expect(await polls.seen("stakater")).toEqual(new Map());
      expect(await polls.validator(STAKATER)).toBe('"etag"');
      expect(await polls.validator(OTHER)).toBeUndefined();
    });

    it("never forgets a version", async () => {
      const { polls } = store();
      await polls.add(STAKATER, new Map([["a", ["1.0.0", "1.1.0"]]]));
      await polls.add(
        STAKATER,
        new Map([
          ["a", ["1.1.0", "2.0.0"]],
          ["b", ["1.0.0"]],
        ]),
      );
      await polls.add(OTHER, new Map([["a", ["9.0.0"]]]));
      expect(await polls.seen("stakater")).toEqual(
        new Map([
          ["a", new Set(["1.0.0", "1.1.0", "2.0.0"])],
          ["b", new Set(["1.0.0"])],
        ]),
      );
    });

    it("tells what was seen of some charts", async () => {
      const { polls } = store();
      expect(await polls.seen("stakater", ["a"])).toEqual(new Map());
      await polls.add(STAKATER, new Map(["a", "b", "c"].map((chart) => [chart, [`1.0.0-${chart}`]])));
      await polls.add(OTHER, new Map([["a", ["9.0.0"]]]));
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
      expect(await polls.recover(STAKATER)).toBe(false);
      await polls.add(STAKATER, new Map([["a", ["1.0.0"]]]));
      await polls.setValidator(STAKATER, "x");
      await polls.fail(STAKATER, { ...problem, message: "It is slow." }, first);
      await polls.fail(STAKATER, problem, second);
      await polls.fail(OTHER, problem, second);
      expect(await polls.failing()).toEqual([
        { repository: "other", problem, since: second },
        { repository: "stakater", problem, since: first },
      ]);
      expect(await polls.isPolled(OTHER)).toBe(false);
      expect(await polls.recover(STAKATER)).toBe(true);
      expect(await polls.failing()).toMatchObject([{ repository: "other" }]);
      expect(await polls.validator(STAKATER)).toBe("x");
      expect((await polls.seen("stakater"))?.size).toBe(1);
    });

    it("keeps what it knows of one chart of a repository apart from the others'", async () => {
      const { polls } = store();
      const [a, b] = [
        { repository: "stakater", chart: "a" },
        { repository: "stakater", chart: "b" },
      ];
      const at = new Date("2026-01-02T03:04:05Z");
      const problem = { code: "chart-repository-unreachable", message: "No.", help: "Wait." } as const;
      await polls.add(a, new Map([["a", ["1.0.0"]]]));
      await polls.setValidator(a, "x");
      expect([await polls.isPolled(a), await polls.isPolled(b), await polls.isPolled(STAKATER)]).toEqual([
        true,
        false,
        false,
      ]);
      expect([await polls.validator(a), await polls.validator(b)]).toEqual(["x", undefined]);
      for (const key of [STAKATER, a, b, { ...OTHER, chart: "a" }]) await polls.fail(key, problem, at);
      expect(await polls.recover(a)).toBe(true);
      expect(await polls.recover(a)).toBe(false);
      expect(await polls.failing()).toMatchObject([
        { repository: "other", chart: "a" },
        { repository: "stakater" },
        { repository: "stakater", chart: "b" },
      ]);
      await polls.fail(a, problem, at);
      await polls.keepFailing("stakater", ["b", "c"]);
      expect(await polls.failing()).toMatchObject([
        { repository: "other", chart: "a" },
        { repository: "stakater", chart: "b" },
      ]);
      await polls.keepFailing("stakater", []);
      expect(await polls.failing()).toMatchObject([{ repository: "other" }]);
      expect([await polls.isPolled(a), await polls.validator(a)]).toEqual([true, "x"]);
    });

    it("takes a large index", async () => {
      const versions = Array.from({ length: 5000 }, (_, n) => `1.0.${n}`);
      await store().polls.add(STAKATER, new Map([["a", versions]]));
      expect((await store().polls.seen("stakater"))?.get("a")?.size).toBe(5000);
    });
  });

  it("answers a ping", async () => {
    await store().ping();
  });
}

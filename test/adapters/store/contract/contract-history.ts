// What is remembered of each change, once, and what of it is still to be told.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent } from "../../../../src/domain/model/history.ts";
import { announcement, deployment, minute, promotion, unreachable } from "../words.ts";
import type { Current } from "./contract.ts";

const BEGINNING = new Date(0);

export function describeHistory(store: Current): void {
  const ids = async () => (await store().history.since(BEGINNING, 100)).map(({ id }) => id).toSorted();
  const event = (id: string, n: number): HistoryEvent => ({
    ...{ id, kind: "drifted", at: minute(n), repositoryId: 77, environment: "dev" },
    facts: { because: "1 resource differs." },
  });

  describe("the history", () => {
    it("remembers a publish, its promotions and its deployment with the changes themselves, each once", async () => {
      const { publishes, promotions, deployments, history } = store();
      await publishes.accept(announcement(), { id: "p1", at: minute(1) });
      await publishes.accept(announcement(), { id: "p2", at: minute(2) });
      for (const _ of [1, 2]) await publishes.verify("p1", {});
      const pullRequest = { number: 4, url: "https://github.com/acme/config/pull/4" };
      for (const _ of [1, 2]) await promotions.record([promotion({ pullRequest })]);
      await promotions.record([promotion({ environment: "prod", state: "unchanged" })]);
      const { sha } = deployment();
      for (const _ of [1, 2]) await deployments.begin(deployment());
      await deployments.created({ repositoryId: 77, environment: "dev", sha }, 9);
      for (const state of ["in_progress", "failure", "success"] as const)
        for (const _ of [1, 2]) await deployments.update(9, { state, changedAt: minute(3) });
      expect(await ids()).toEqual([
        "deployed/9",
        "failed/9",
        `merged/77/dev/${sha}`,
        "proposed/p1/77/dev",
        "published/p1",
        "verified/p1",
      ]);
      expect(await history.ofPublish("p1")).toMatchObject([
        { kind: "published", at: minute(1), facts: { by: "publisher xposer-pipeline" } },
        { kind: "verified" },
        { kind: "proposed", facts: { chart: "xposer", version: "1.0.0", pullRequest: 4 } },
      ]);
    });

    it("tells what happened to a publish within a millisecond in the order in which it happens", async () => {
      const { history } = store();
      const kinds = ["deployed", "proposed", "merged", "verified", "published"] as const;
      const facts = { publishId: "p1", chart: "xposer", version: "1.0.0" };
      await history.note(kinds.map((kind) => ({ id: `${kind}/p1`, kind, at: minute(1), facts })));
      const events = await history.ofPublish("p1");
      expect(events.map(({ kind }) => kind)).toEqual([
        "published",
        "verified",
        "proposed",
        "merged",
        "deployed",
      ]);
    });

    it("remembers why a publish was rejected", async () => {
      const { publishes, history } = store();
      await publishes.accept(announcement(), { id: "p1", at: minute(1) });
      await publishes.reject("p1", unreachable);
      const [, rejected] = await history.ofPublish("p1");
      expect(rejected?.facts.because).toBe(`${unreachable.message} ${unreachable.help}`);
    });

    it("remembers a heal as one, and no deployment that nobody was told of", async () => {
      const { deployments } = store();
      const heal = { task: "heal", of: 1, intent: "one" } as const;
      const [heals, unattended] = [deployment({ repeats: heal }), deployment({ sha: "d", deployers: [] })];
      for (const [index, one] of [heals, unattended].entries()) {
        await deployments.begin(one);
        await deployments.created(one, index + 1);
        await deployments.update(index + 1, { state: "success" });
      }
      expect(await ids()).toEqual(["healed/1", "merged/77/dev/d"]);
    });

    it("hands each event on once, to those who are to be told", async () => {
      const { history } = store();
      await history.note([event("b", 2), event("a", 1)]);
      await history.note([{ ...event("a", 9), facts: {} }]);
      expect(await history.undecided(10)).toEqual([event("a", 1), event("b", 2)]);
      await history.handOn([
        { id: "a", recipients: ["team", "other"] },
        { id: "b", recipients: ["team"] },
      ]);
      expect(await history.undecided(10)).toEqual([]);
      expect(await history.recipients()).toEqual(expect.arrayContaining(["team", "other"]));
      const toTeam = async () => (await history.notices("team", 10)).map((one) => one.event.id);
      expect(await toTeam()).toEqual(["a", "b"]);
      await history.delivered("team", "a");
      expect(await toTeam()).toEqual(["b"]);
      expect(await history.notices("other", 10)).toEqual([{ recipient: "other", event: event("a", 1) }]);
    });

    it("tells the newest of many, oldest first", async () => {
      const { history } = store();
      const many = Array.from({ length: 1_100 }, (_, n) =>
        event(`e${String(n).padStart(4, "0")}`, Math.floor(n / 7)),
      );
      await history.note(many.toReversed());
      const idsOf = async (limit: number) => (await history.since(minute(50), limit)).map(({ id }) => id);
      expect(await idsOf(10_000)).toEqual(many.slice(350).map(({ id }) => id));
      expect(await idsOf(600)).toEqual(many.slice(500).map(({ id }) => id));
      expect(await idsOf(500)).toEqual(many.slice(600).map(({ id }) => id));
    });

    it("forgets what happened before, and what was still to be told of it", async () => {
      const { history } = store();
      await history.note([event("a", 1), event("b", 2)]);
      await history.handOn([{ id: "a", recipients: ["team"] }]);
      await history.prune(minute(2));
      expect(await ids()).toEqual(["b"]);
      expect(await history.notices("team", 10)).toEqual([]);
    });
  });

  describe("checks", () => {
    it("keeps what each said last, until its pull request is open no more", async () => {
      const { checks } = store();
      const [one, other] = [4, 5].map((number) => ({ repositoryId: 77, number }));
      if (!one || !other) throw new Error("two pull requests");
      const waits = { conclusion: "pending", title: "dev is frozen", isHeld: false } as const;
      const passes = { conclusion: "success", title: "Good to merge", isHeld: false } as const;
      for (const check of [waits, passes, passes]) await checks.put(one, check);
      await checks.put(other, { ...waits, isHeld: true });
      const all = async () => (await checks.all()).toSorted((a, b) => a.number - b.number);
      expect(await all()).toEqual([
        { ...one, ...passes },
        { ...other, ...waits, isHeld: true },
      ]);
      expect(await checks.of(other)).toEqual({ ...waits, isHeld: true });
      expect(await checks.of({ ...other, repositoryId: 78 })).toBeUndefined();
      for (const _ of [1, 2]) await checks.put(one, undefined);
      expect(await all()).toEqual([{ ...other, ...waits, isHeld: true }]);
    });
  });
}

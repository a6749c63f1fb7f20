// Publishes, their routes and what became of them.

import { describe, expect, it } from "@jest/globals";
import { bytesOf } from "../../../../src/domain/model/publish.ts";
import type { Accepted } from "../../../../src/reconcile/ports/store/publishes.ts";
import {
  announcement,
  DIGEST,
  MUSEUM,
  minute,
  OTHER_DIGEST,
  promotion,
  repository,
  unreachable,
} from "../words.ts";
import type { Current } from "./contract.ts";

const NOBODY = { routes: [], work: [] };
const XPOSER = { repository: MUSEUM, chart: "xposer" };

export function describePublishes(store: Current): void {
  const accept = (id: string, change = {}, webhookId?: string) =>
    store().publishes.accept(announcement(change), {
      id,
      at: minute(Number(id.slice(1))),
      ...(webhookId !== undefined && { webhookId }),
    });

  describe("publishes", () => {
    it("enqueues what is to be done about it in the same transaction, or keeps neither", async () => {
      const about = { id: "p1", at: minute(1) };
      const workFor = ({ publish: { id } }: Accepted) => ({ key: `publish:${id}`, priority: 1 });
      const fails = () => {
        throw new Error("no work");
      };
      const { publishes, queue } = store();
      await expect(publishes.accept(announcement(), { ...about, workFor: fails })).rejects.toThrow("no work");
      expect(await publishes.get("p1")).toBeUndefined();
      await publishes.accept(announcement(), { ...about, workFor });
      expect(await queue.depth()).toMatchObject({ due: 1 });
      await publishes.accept(announcement(), { ...about, id: "p2", workFor: () => undefined });
      expect(await queue.depth()).toMatchObject({ due: 1 });
    });

    it("keeps what became of a verified one in its chart repository, until it is verified again", async () => {
      const { publishes, queue } = store();
      await accept("p1");
      await publishes.verify("p1", { digest: DIGEST });
      const change = { kind: "replaced", digest: "sha256:other" } as const;
      await publishes.noteChange("p1", change, { routes: [7], work: [{ key: "repository:7" }] });
      expect(await publishes.get("p1")).toMatchObject({
        state: "verified",
        digest: DIGEST,
        changedSince: change,
      });
      expect(await publishes.routesOf(7)).toEqual(["p1"]);
      expect(await queue.depth()).toMatchObject({ due: 1 });
      await publishes.noteChange("p1", { kind: "removed" }, NOBODY);
      expect((await publishes.get("p1"))?.changedSince).toEqual({ kind: "removed" });
      await publishes.noteChange("p1", undefined, NOBODY);
      expect(await publishes.get("p1")).not.toHaveProperty("changedSince");
      await publishes.noteChange("p1", change, NOBODY);
      await publishes.verify("p1", { digest: DIGEST });
      expect(await publishes.get("p1")).not.toHaveProperty("changedSince");
    });

    it("keeps an announcement whole", async () => {
      const change = {
        digest: DIGEST,
        values: { image: { tag: "{appVersion}", ports: [80, 443], on: true, none: null } },
        source: { repository: "acme/xposer", revision: "abc", build: "17" },
      };
      const { kind, publish } = await accept("p1", change);
      expect(kind).toBe("accepted");
      expect(publish).toEqual({ ...announcement(change), id: "p1", at: minute(1), state: "accepted" });
      expect(await store().publishes.get("p1")).toEqual(publish);
      expect(await store().publishes.find(XPOSER, "1.0.0")).toEqual(publish);
    });

    it("answers a repeat with the publish that stands", async () => {
      await accept("p1");
      expect(await accept("p2")).toMatchObject({ kind: "repeat", publish: { id: "p1", at: minute(1) } });
      expect(await store().publishes.get("p2")).toBeUndefined();
    });

    it("fills in what the first announcement lacked and changes nothing it had", async () => {
      await accept("p1", { source: { revision: "abc" } });
      await accept("p2", { digest: DIGEST, values: { a: 1 }, source: { revision: "other", build: "17" } });
      await accept("p3", { values: { a: 2 } });
      expect(await store().publishes.get("p1")).toMatchObject({
        digest: DIGEST,
        values: { a: 1 },
        source: { revision: "abc", build: "17" },
      });
    });

    it.each([
      { first: "poll:stakater", later: "xposer-pipeline", publisher: "xposer-pipeline" },
      { first: "xposer-pipeline", later: "poll:stakater", publisher: "xposer-pipeline" },
      { first: "xposer-pipeline", later: "other", publisher: "xposer-pipeline" },
      { first: "museum:jenkins", later: "poll:stakater", publisher: "museum:jenkins" },
    ])(
      "belongs to $publisher when announced by $first and then by $later",
      async ({ first, later, publisher }) => {
        await accept("p1", { publisher: first });
        expect(await accept("p2", { publisher: later })).toMatchObject({
          kind: "repeat",
          publish: { publisher },
        });
      },
    );

    it("leaves a verified publish as it is when a repeat adds nothing", async () => {
      await accept("p1", { source: { repository: "acme/xposer", revision: "abc" }, values: { a: 1 } });
      await store().publishes.verify("p1", { digest: DIGEST });
      await accept("p2", { source: { revision: "abc" }, publisher: "poll:stakater" });
      expect(await store().publishes.get("p1")).toMatchObject({ state: "verified" });
      expect(await store().publishes.pendingRoutes("p1")).toEqual([]);
    });

    it("keeps a verified publish verified when a repeat adds something, and routes it once more", async () => {
      const { id } = repository();
      await store().repositories.put(repository());
      const dependent = { repositoryId: id, environment: "dev", chart: "xposer", key: "xposer" };
      const dependents = [{ ...dependent, chartRepository: MUSEUM }];
      await store().repositories.setIndex(id, { problems: [], dependents });
      await accept("p1", { source: { revision: "abc" } });
      await store().publishes.verify("p1", { digest: DIGEST });
      const { publish } = await accept("p2", { source: { build: "17" } });
      expect(publish).toMatchObject({
        id: "p1",
        state: "verified",
        source: { revision: "abc", build: "17" },
      });
      expect(await store().publishes.pendingRoutes("p1")).toEqual([id]);
    });

    it("calls another digest a conflict and changes nothing", async () => {
      await accept("p1", { digest: DIGEST });
      const answer = await accept("p2", { digest: OTHER_DIGEST, values: { a: 1 } }, "w1");
      expect(answer).toMatchObject({ kind: "conflict", publish: { id: "p1", digest: DIGEST } });
      expect(await store().publishes.get("p1")).toMatchObject({ digest: DIGEST, values: {} });
      expect(await accept("p3", { digest: OTHER_DIGEST }, "w1")).toMatchObject({ kind: "conflict" });
    });

    it("takes a rejected publish back, with the digest announced now", async () => {
      await accept("p1", { digest: OTHER_DIGEST });
      await store().publishes.reject("p1", unreachable);
      expect(await store().publishes.get("p1")).toMatchObject({ state: "rejected", problem: unreachable });
      const { kind, publish } = await accept("p2", { digest: DIGEST });
      expect(kind).toBe("repeat");
      expect(publish).toMatchObject({ id: "p1", state: "accepted", digest: DIGEST });
      expect(publish.problem).toBeUndefined();
    });

    it("leaves rejected what was rejected for other bytes", async () => {
      const otherBytes = { code: "chart-digest", message: "Other bytes.", help: "Look." } as const;
      await accept("p1", { digest: OTHER_DIGEST });
      await store().publishes.reject("p1", otherBytes);
      const kept = { id: "p1", state: "rejected", problem: otherBytes, digest: OTHER_DIGEST };
      expect(await accept("p2", { digest: DIGEST })).toMatchObject({ kind: "conflict", publish: kept });
      expect(await accept("p3", { digest: OTHER_DIGEST })).toMatchObject({ kind: "repeat", publish: kept });
      expect(await accept("p4")).toMatchObject({ kind: "repeat", publish: kept });
    });

    it("answers a known webhook id with the publish it first stood for", async () => {
      await accept("p1", {}, "w1");
      expect(await accept("p2", { version: "2.0.0" }, "w1")).toMatchObject({
        kind: "repeat",
        publish: { id: "p1" },
      });
      expect(await store().publishes.find(XPOSER, "2.0.0")).toBeUndefined();
      const elsewhere = await accept("p3", { version: "2.0.0", publisher: "other" }, "w1");
      expect(elsewhere).toMatchObject({ kind: "accepted", publish: { id: "p3" } });
    });

    it("counts what waits to be verified, of each publisher", async () => {
      const { publishes } = store();
      const values = { a: "ä".repeat(1_000) };
      await accept("p1", { values });
      await accept("p2", { version: "2.0.0" });
      await accept("p3", { version: "3.0.0", publisher: "other" });
      const { publisher } = announcement();
      const [large, small] = [bytesOf(announcement({ values })), bytesOf(announcement())];
      expect(await publishes.waitingOf(publisher)).toEqual({ count: 2, bytes: large + small });
      await publishes.verify("p1", {});
      expect(await publishes.waitingOf(publisher)).toEqual({ count: 1, bytes: small });
      await accept("p4", { version: "2.0.0", values });
      expect(await publishes.waitingOf(publisher)).toEqual({ count: 1, bytes: large });
      await publishes.reject("p2", unreachable);
      expect(await publishes.waitingOf(publisher)).toEqual({ count: 0, bytes: 0 });
    });

    it("accepts a repeat alone where no more may wait", async () => {
      const { publishes } = store();
      const repeat = (change = {}, webhookId?: string) =>
        publishes.acceptRepeat(announcement(change), {
          ...{ id: "p9", at: minute(9) },
          ...(webhookId !== undefined && { webhookId }),
        });
      await accept("p1", { digest: DIGEST }, "w1");
      expect(await repeat({ version: "2.0.0" })).toBeUndefined();
      expect(await publishes.find(XPOSER, "2.0.0")).toBeUndefined();
      expect(await repeat({ version: "2.0.0" }, "w1")).toMatchObject({
        kind: "repeat",
        publish: { id: "p1" },
      });
      expect(await repeat({ digest: DIGEST })).toMatchObject({ kind: "repeat", publish: { id: "p1" } });
      expect(await repeat({ digest: OTHER_DIGEST })).toMatchObject({ kind: "conflict" });
      expect(await repeat({ values: { a: 1 } })).toBeUndefined();
      expect(await publishes.get("p1")).toMatchObject({ values: {} });
      await publishes.verify("p1", {});
      expect(await repeat({ values: { a: 1 } })).toMatchObject({ kind: "repeat" });
      expect(await publishes.get("p1")).toMatchObject({ state: "verified", values: { a: 1 } });
      await accept("p2", { version: "2.0.0" });
      await publishes.reject("p2", unreachable);
      expect(await repeat({ version: "2.0.0" })).toBeUndefined();
      expect(await publishes.get("p2")).toMatchObject({ state: "rejected" });
    });

    it("accepts one of many simultaneous announcements of a version", async () => {
      const ids = Array.from({ length: 20 }, (_, n) => `p${n}`);
      const answers = await Promise.all(ids.map((id) => accept(id, { digest: DIGEST })));
      expect(answers.filter(({ kind }) => kind === "accepted")).toHaveLength(1);
      expect(new Set(answers.map(({ publish }) => publish.id)).size).toBe(1);
    });

    it("keeps many at once, each with its own end, work and event", async () => {
      const { publishes, queue, history } = store();
      await accept("p1", { version: "1.0.0", digest: DIGEST });
      const versions = [
        { id: "new", version: "2.0.0" },
        { id: "same", version: "2.0.0", values: { a: 1 } },
        { id: "repeat", version: "1.0.0" },
        { id: "other", version: "1.0.0", digest: OTHER_DIGEST },
        { id: "broken", version: "3.0.0" },
        { id: "last", version: "4.0.0" },
      ];
      const workFor = ({ kind, publish }: Accepted) => {
        if (publish.id === "broken") throw new Error("no work");
        return kind === "conflict" ? undefined : { key: `bench:${publish.version}` };
      };
      const ends = await Promise.allSettled(
        versions.map(({ id, ...one }) => publishes.accept(announcement(one), { id, at: minute(2), workFor })),
      );
      expect(
        ends.map((end) => (end.status === "fulfilled" ? [end.value.kind, end.value.publish.id] : "failed")),
      ).toEqual([
        ["accepted", "new"],
        ["repeat", "new"],
        ["repeat", "p1"],
        ["conflict", "p1"],
        "failed",
        ["accepted", "last"],
      ]);
      expect(await publishes.get("new")).toMatchObject({ values: { a: 1 } });
      expect(await publishes.get("broken")).toBeUndefined();
      expect(await queue.depth()).toMatchObject({ due: 3 });
      const events = await history.undecided(100);
      expect(events.map(({ id }) => id).sort()).toEqual(["published/last", "published/new", "published/p1"]);
    });

    it("keeps the chart repository's digest only when the announcement had none", async () => {
      await accept("p1");
      await accept("p2", { version: "2.0.0", digest: OTHER_DIGEST });
      for (const id of ["p1", "p2"]) await store().publishes.verify(id, { digest: DIGEST, appVersion: "v7" });
      expect(await store().publishes.get("p1")).toMatchObject({
        state: "verified",
        digest: DIGEST,
        appVersion: "v7",
      });
      expect(await store().publishes.get("p2")).toMatchObject({ digest: OTHER_DIGEST });
    });

    it("notes why an accepted publish waits until it waits no more", async () => {
      await accept("p1");
      const wait = (missingSince?: Date) =>
        store().publishes.keepSightings(
          [
            {
              ...{ id: "p1", kind: "waiting", problem: unreachable, lookedAt: minute(4) },
              ...(missingSince && { missingSince }),
            },
          ],
          [],
        );
      await wait(minute(3));
      const waiting = await store().publishes.get("p1");
      expect(waiting).toMatchObject({ state: "accepted", problem: unreachable, missingSince: minute(3) });
      await wait();
      expect(await store().publishes.get("p1")).not.toHaveProperty("missingSince");
      await store().publishes.verify("p1", {});
      await wait();
      expect(await store().publishes.get("p1")).not.toHaveProperty("problem");
    });

    it("keeps what came of looking for many, all at once", async () => {
      const { publishes } = store();
      const ids = Array.from({ length: 1_500 }, (_, n) => `p${n}`);
      for (const id of ids.slice(0, 4)) await accept(id, { version: id });
      await publishes.verify("p0", { digest: DIGEST });
      const [p0, p1, p2, p3, ...unknown] = ids.map((id) => ({ id }));
      await publishes.keepSightings(
        [
          ...[p0, p1, ...unknown].map((one) => ({
            ...{ id: "", kind: "verified" as const, digest: OTHER_DIGEST, appVersion: "v\u00007" },
            ...one,
          })),
          { id: "", kind: "rejected", problem: unreachable, ...p2 },
          { id: "", kind: "waiting", problem: unreachable, lookedAt: minute(4), ...p3 },
        ],
        [77, 78],
      );
      expect(await publishes.get("p0")).toMatchObject({ state: "verified", digest: DIGEST });
      expect(await publishes.get("p1")).toMatchObject({ digest: OTHER_DIGEST, appVersion: "v7" });
      expect(await publishes.get("p2")).toMatchObject({ state: "rejected", problem: unreachable });
      expect(await publishes.get("p3")).toMatchObject({ state: "accepted", problem: unreachable });
      expect(await publishes.pendingRoutes("p1")).toEqual([77, 78]);
      expect(await publishes.pendingRoutes("p2")).toEqual([]);
      expect((await publishes.pendingFor(78, 1)).map(({ id }) => id)).toEqual(["p1"]);
      expect(await publishes.routedFrom(XPOSER)).toEqual([77, 78]);
      expect(await publishes.routedFrom({ ...XPOSER, chart: "other" })).toEqual([]);
    });

    it("gives those to be looked for that nobody looked for, the newest first, then those looked for longest ago", async () => {
      const { publishes } = store();
      for (const n of [1, 2, 3, 4]) await accept(`p${n}`, { version: `${n}.0.0` });
      await accept("p5", { chart: "other", publisher: "second" });
      await accept("p6", { version: "6.0.0" });
      await publishes.verify("p6", {});
      const looked = (id: string, lookedAt: Date) =>
        publishes.keepSightings([{ id, kind: "waiting", problem: unreachable, lookedAt }], []);
      await looked("p4", minute(5));
      await looked("p1", minute(6));
      const ids = async (limit: number) => (await publishes.unverified(XPOSER, limit)).map(({ id }) => id);
      expect(await ids(9)).toEqual(["p3", "p2", "p4", "p1"]);
      expect(await ids(1)).toEqual(["p3"]);
      expect(await publishes.unverifiedCharts()).toEqual(
        expect.arrayContaining([
          { ...XPOSER, publisher: "xposer-pipeline" },
          { repository: MUSEUM, chart: "other", publisher: "second" },
        ]),
      );
      expect(await publishes.unverifiedCharts()).toHaveLength(2);
    });

    it("lists the newest first, by state and chart", async () => {
      for (const n of [1, 3, 2]) await accept(`p${n}`, { version: `${n}.0.0` });
      await accept("p4", { chart: "other" });
      await store().publishes.reject("p2", unreachable);
      const ids = async (filter: Parameters<ReturnType<Current>["publishes"]["list"]>[0]) =>
        (await store().publishes.list(filter)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(["p4", "p3", "p2", "p1"]);
      expect(await ids({ limit: 1, chart: "xposer" })).toEqual(["p3"]);
      expect(await ids({ limit: 10, state: "accepted", chart: "xposer" })).toEqual(["p3", "p1"]);
    });

    it("finds the newest verified publishes of each chart", async () => {
      for (const n of [1, 2, 3]) await accept(`p${n}`, { version: `${n}.0.0` });
      await accept("p4", { chart: "other" });
      await accept("p5", { repository: "elsewhere" });
      for (const id of ["p1", "p2", "p4", "p5"]) await store().publishes.verify(id, {});
      const other = { repository: MUSEUM, chart: "other" };
      const found = await store().publishes.verifiedOf([XPOSER, other, XPOSER], 1);
      expect(found.map(({ id }) => id)).toEqual(["p4", "p2"]);
    });

    it("keeps routes until they are taken", async () => {
      const { publishes } = store();
      await publishes.route(["p1"], [2, 1]);
      await publishes.route(["p1"], [2, 3]);
      await publishes.route(["p2"], [2]);
      expect(await publishes.pendingRoutes("p1")).toEqual([1, 2, 3]);
      expect(await publishes.routesOf(2)).toEqual(["p1", "p2"]);
      expect(await publishes.routesOf(2, 1)).toEqual(["p1"]);
      await publishes.routed(["p1", "p9"], 2);
      expect(await publishes.allPendingRoutes()).toEqual([
        { publishId: "p1", repositoryId: 1 },
        { publishId: "p1", repositoryId: 3 },
        { publishId: "p2", repositoryId: 2 },
      ]);
    });

    it("keeps a route that was made once more since it was read", async () => {
      const { publishes } = store();
      const values = { replicas: 3 };
      for (const n of [1, 2, 3]) await accept(`p${n}`, { version: `${n}.0.0` });
      for (const id of ["p1", "p2", "p3"]) await publishes.verify(id, { routes: [77, 78] });
      const read = await publishes.pendingFor(77, 10);
      expect(read.map(({ id }) => id)).toEqual(["p3", "p2", "p1"]);
      await publishes.noteChange("p2", { kind: "removed" }, { routes: [77], work: [] });
      await publishes.route(["p3"], [78]);
      await publishes.planned(read, 77);
      expect(await publishes.routesOf(77)).toEqual(["p2"]);
      expect(await publishes.routesOf(78)).toEqual(["p1", "p2", "p3"]);
      const [second, ...others] = await publishes.pendingFor(77, 10);
      expect([second?.changedSince, others]).toEqual([{ kind: "removed" }, []]);
      await publishes.planned(second ? [second] : [], 77);
      expect(await publishes.routesOf(77)).toEqual([]);
      const dependent = { repositoryId: 77, environment: "dev", chart: "xposer", key: "xposer" };
      await store().repositories.put(repository());
      await store().repositories.setIndex(77, {
        problems: [],
        dependents: [{ ...dependent, chartRepository: MUSEUM }],
      });
      await publishes.route(["p1"], [77]);
      const before = await publishes.pendingFor(77, 10);
      await accept("p9", { version: "1.0.0", values });
      await publishes.planned(before, 77);
      expect((await publishes.pendingFor(77, 10)).map((one) => [one.id, one.values])).toEqual([
        ["p1", values],
      ]);
    });
  });

  describe("promotions", () => {
    it("keeps the last record of each publish, repository and environment", async () => {
      const pullRequest = { number: 8, url: "https://github.com/acme/config/pull/8" };
      await store().promotions.record([promotion(), promotion({ environment: "prod" })]);
      await store().promotions.record([
        promotion({ state: "superseded" }),
        promotion({ state: "merged", pullRequest, because: "merged\0 by ann" }),
      ]);
      expect(await store().promotions.ofPublish("p1")).toEqual([
        promotion({ state: "merged", pullRequest, because: "merged by ann" }),
        promotion({ environment: "prod" }),
      ]);
    });

    it("finds records by repository, by environment and by chart version", async () => {
      await accept("p1");
      await accept("p2", { version: "2.0.0" });
      const records = [promotion(), promotion({ repositoryId: 78 }), promotion({ publishId: "p2" })];
      await store().promotions.record(records);
      await store().promotions.record([]);
      expect(await store().promotions.ofRepository(77)).toEqual([records[0], records[2]]);
      const { environment } = promotion();
      const inEnvironment = (repositoryId: number, name = environment) =>
        store().promotions.ofEnvironment({ repositoryId, environment: name });
      expect(await inEnvironment(77)).toEqual([records[0], records[2]]);
      expect(await inEnvironment(78)).toEqual([records[1]]);
      expect(await inEnvironment(77, "elsewhere")).toEqual([]);
      expect(await store().promotions.ofVersion(XPOSER, "1.0.0")).toEqual([records[0], records[1]]);
    });

    it("finds those that wait or are refused, the newest announced first", async () => {
      await accept("p1");
      await accept("p2", { version: "2.0.0" });
      const waiting = promotion({ state: "waiting", because: "waits until 1.0.0 is deployed in dev" });
      const refused = promotion({ publishId: "p2", state: "refused", because: "policy" });
      await store().promotions.record([waiting, refused, promotion({ environment: "prod" })]);
      const found = [
        { ...refused, version: "2.0.0" },
        { ...waiting, version: "1.0.0" },
      ];
      expect(await store().promotions.held(10)).toEqual(found);
      expect(await store().promotions.held(1)).toEqual(found.slice(0, 1));
    });
  });
}

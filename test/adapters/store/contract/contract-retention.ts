// What is forgotten, and what never is.

import { describe, expect, it } from "@jest/globals";
import type { PromotionState } from "../../../../src/domain/model/publish.ts";
import type { PublishTerms } from "../../../../src/reconcile/ports/store/retention.ts";
import { announcement, deployment, MUSEUM, minute, promotion, repository, unreachable } from "../words.ts";
import type { Current } from "./contract.ts";

const TERMS: PublishTerms = {
  ofChart: 2,
  ofPublisher: 1_000,
  deployed: 2,
  rejectedSince: minute(0),
  otherBytesSince: minute(0),
};

export function describeRetention(store: Current): void {
  /** Verified in the n-th minute, as version 1.0.n. */
  const verified = async (n: number, change = {}) => {
    const announced = announcement({ version: `1.0.${n}`, ...change });
    await store().publishes.accept(announced, { id: `p${n}`, at: minute(n), webhookId: `w${n}` });
    await store().publishes.verify(`p${n}`, {});
  };
  const rejected = async (n: number, code: "chart-missing" | "chart-digest") => {
    await store().publishes.accept(announcement({ version: `1.0.${n}` }), { id: `p${n}`, at: minute(n) });
    await store().publishes.reject(`p${n}`, { ...unreachable, code, message: `not "code":"chart-digest"` });
  };
  const recorded = (n: number, state: PromotionState, environment = "dev") =>
    store().promotions.record([promotion({ publishId: `p${n}`, state, environment })]);
  const kept = async () => (await store().publishes.list({ limit: 1_000 })).map(({ id }) => id).sort();
  const forgetPublishes = (terms: Partial<PublishTerms> = {}) =>
    store().retention.forgetPublishes({ ...TERMS, ...terms });

  describe("retention", () => {
    it("forgets the verified publishes of a chart that newer ones overtook, and what became of them", async () => {
      for (const n of [1, 2, 3, 4]) await verified(n);
      await verified(5, { chart: "other" });
      for (const n of [1, 2, 3, 4]) await recorded(n, "superseded");
      expect(await forgetPublishes()).toBe(2);
      expect(await kept()).toEqual(["p3", "p4", "p5"]);
      expect((await store().promotions.ofRepository(77)).map(({ publishId }) => publishId)).toEqual([
        "p3",
        "p4",
      ]);
      expect(await forgetPublishes()).toBe(0);
    });

    it("never forgets what has to be verified or reconciled, or is under way", async () => {
      for (const n of [1, 2, 3, 4, 5, 6, 7]) await verified(n);
      await store().publishes.accept(announcement({ version: "0.9.0" }), { id: "p0", at: minute(0) });
      await store().publishes.route(["p1"], [77]);
      await recorded(2, "proposed");
      await recorded(3, "merged");
      await recorded(4, "deploying");
      await recorded(5, "declined");
      await forgetPublishes();
      expect(await kept()).toEqual(["p0", "p1", "p2", "p3", "p4", "p6", "p7"]);
    });

    it("keeps the versions that each environment had last", async () => {
      for (const n of [1, 2, 3, 4, 5, 6]) await verified(n);
      for (const n of [1, 2, 3]) await recorded(n, n === 2 ? "failed" : "deployed");
      await recorded(1, "deployed", "prod");
      await forgetPublishes();
      expect(await kept()).toEqual(["p1", "p2", "p3", "p5", "p6"]);
      await recorded(1, "superseded", "prod");
      await forgetPublishes();
      expect(await kept()).toEqual(["p2", "p3", "p5", "p6"]);
    });

    it("forgets what was rejected long ago, later where other bytes were found", async () => {
      await rejected(1, "chart-missing");
      await rejected(2, "chart-digest");
      await rejected(3, "chart-missing");
      await forgetPublishes({ rejectedSince: minute(3) });
      expect(await kept()).toEqual(["p2", "p3"]);
      await forgetPublishes({ rejectedSince: minute(3), otherBytesSince: minute(3) });
      expect(await kept()).toEqual(["p3"]);
    });

    it("keeps the newest of each publisher where nobody depends on the chart", async () => {
      await store().repositories.put(repository());
      await store().repositories.setIndex(77, {
        problems: [],
        dependents: [
          { repositoryId: 77, environment: "dev", chart: "used", key: "used", chartRepository: MUSEUM },
        ],
      });
      for (const n of [1, 2]) await verified(n, { chart: "used" });
      for (const n of [3, 4, 5, 6]) await verified(n, { chart: `unused-${n}` });
      await verified(7, { chart: "unused", publisher: "another" });
      await rejected(8, "chart-digest");
      await forgetPublishes({ ofPublisher: 2 });
      expect(await kept()).toEqual(["p1", "p2", "p6", "p7", "p8"]);
    });

    it("lets a forgotten version be announced anew, also under the same webhook id", async () => {
      for (const n of [1, 2, 3]) await verified(n);
      await forgetPublishes();
      const second = await store().publishes.accept(announcement({ version: "1.0.1" }), {
        ...{ id: "p9", at: minute(9), webhookId: "w1" },
      });
      expect(second.kind).toBe("accepted");
      const repeat = await store().publishes.accept(announcement({ version: "1.0.1" }), {
        ...{ id: "p10", at: minute(10), webhookId: "w1" },
      });
      expect(repeat).toMatchObject({ kind: "repeat", publish: { id: "p9" } });
    });

    it("forgets webhook ids that are older than an instant", async () => {
      for (const n of [1, 2]) await verified(n);
      expect(await store().retention.forgetWebhookIds(minute(2))).toBe(1);
      const next = (n: number) =>
        store().publishes.accept(announcement({ version: "2.0.0" }), {
          ...{ id: `p${n}0`, at: minute(n), webhookId: `w${n}` },
        });
      expect((await next(1)).kind).toBe("accepted");
      expect(await next(2)).toMatchObject({ kind: "repeat", publish: { id: "p2" } });
    });

    it("forgets thousands", async () => {
      for (let n = 1; n <= 1_003; n += 1) await verified(n);
      expect(await forgetPublishes()).toBe(1_001);
      expect(await store().retention.forgetWebhookIds(minute(2_000))).toBe(1_003);
    }, 60_000);
  });

  describe("retention of deployments", () => {
    const ended = async (n: number, change = {}) => {
      const sha = n.toString(16).padStart(40, "0");
      const at = { createdAt: minute(n), changedAt: minute(n) };
      await store().deployments.begin(
        deployment({ sha, ...at, githubId: 100 + n, state: "success", ...change }),
      );
      await store().deployments.plan(100 + n, ["config-jenkins"]);
    };
    const forgetDeployments = (since: Date) =>
      store().retention.forgetDeployments({ ofEnvironment: 2, since });
    const left = async (environment = "dev") =>
      (await store().deployments.ofEnvironment(77, environment, 100)).map(({ githubId }) => githubId);

    it("forgets those beyond the newest of an environment, once they are old, with their calls", async () => {
      for (const n of [1, 2, 3, 4, 5]) await ended(n);
      await ended(6, { environment: "prod" });
      expect(await forgetDeployments(minute(2))).toBe(1);
      expect(await left()).toEqual([105, 104, 103, 102]);
      expect(await forgetDeployments(minute(60))).toBe(2);
      expect(await left()).toEqual([105, 104]);
      expect(await left("prod")).toEqual([106]);
      expect(await store().deployments.calls(101)).toEqual([]);
      expect(await store().deployments.calls(104)).toHaveLength(1);
    });

    it("never forgets one that has not ended", async () => {
      await ended(1, { state: "held", heldUntil: minute(90) });
      await ended(2, { state: "in_progress" });
      for (const n of [3, 4, 5]) await ended(n);
      await forgetDeployments(minute(60));
      expect(await left()).toEqual([105, 104, 102, 101]);
    });

    it("counts forgotten heals on", async () => {
      for (const n of [1, 2, 3, 4])
        await ended(n, { repeats: { task: n === 3 ? "redeploy" : "heal", of: 100, intent: `heal-${n}` } });
      const count = [{ repositoryId: 77, environment: "dev", count: 3 }];
      expect(await store().deployments.heals()).toEqual(count);
      await forgetDeployments(minute(60));
      expect(await left()).toEqual([104, 103]);
      expect(await store().deployments.heals()).toEqual(count);
    });

    it("forgets keys that were given up long ago, unless they wait to be tried again", async () => {
      const { queue } = store();
      await queue.enqueue("a:1");
      const buried = Promise.withResolvers<void>();
      await queue.work({
        concurrency: 1,
        reconcile: () => Promise.reject(new Error("no")),
        onFailure: (_key, _error, outcome) => outcome === "dead" && buried.resolve(),
        backoff: { firstMs: 1, factor: 1, maxMs: 1, giveUpAfterMs: 0 },
      });
      await buried.promise;
      expect(await store().retention.forgetDead(minute(0))).toBe(0);
      expect(await queue.dead()).toHaveLength(1);
      expect(await store().retention.forgetDead(new Date(Date.now() + 60_000))).toBe(1);
      expect(await queue.dead()).toEqual([]);
    });
  });
}

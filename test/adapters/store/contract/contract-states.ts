// Who is told of changes of state: each change once, and of nothing that stays as it is.

import { describe, expect, it } from "@jest/globals";
import {
  announcement,
  DIGEST,
  deployment,
  minute,
  OTHER_DIGEST,
  promotion,
  repository,
  unreachable,
} from "../words.ts";
import type { Current } from "./contract.ts";

/** `told`: what was told since it was asked for last. */
export function describeStates(store: Current, observed: () => readonly string[]): void {
  describe("changes of state", () => {
    it("tells what becomes of an announcement, and of its publish, once", async () => {
      const { publishes } = store();
      const accept = (digest: string) =>
        publishes.accept(announcement({ digest }), { id: "p1", at: minute(1) });
      await accept(DIGEST);
      const looked = { problem: unreachable, lookedAt: minute(2) };
      await publishes.keepSightings([{ id: "p1", kind: "waiting", ...looked }], []);
      for (const _ of [1, 2]) await publishes.reject("p1", unreachable);
      await accept(DIGEST);
      for (const _ of [1, 2]) await publishes.verify("p1", { routes: [77] });
      await accept(OTHER_DIGEST);
      await publishes.verify("unknown", {});
      expect(observed()).toEqual([
        "publish accepted",
        "publish rejected",
        "publish repeat",
        "publish verified",
        "publish conflict",
      ]);
    });

    it("tells of a promotion that is new or in another state, not of one that is explained anew", async () => {
      const { promotions } = store();
      await promotions.record([promotion(), promotion({ environment: "prod" })]);
      expect(observed()).toEqual(["promotion proposed", "promotion proposed"]);
      await promotions.record([
        promotion({ because: "1.1.0 is newer than 0.9.0" }),
        promotion({ environment: "prod", state: "merged" }),
      ]);
      expect(observed()).toEqual(["promotion merged"]);
      expect(await promotions.ofPublish("p1")).toMatchObject([{ because: "1.1.0 is newer than 0.9.0" }, {}]);
    });

    it("tells once of a promotion that several record at the same time", async () => {
      const { promotions } = store();
      await Promise.all([1, 2, 3, 4].map(() => promotions.record([promotion()])));
      await Promise.all([1, 2, 3, 4].map(() => promotions.record([promotion({ state: "merged" })])));
      expect(observed()).toEqual(["promotion proposed", "promotion merged"]);
    });

    it("tells of what is refused when a repository is forgotten", async () => {
      const { promotions, repositories } = store();
      await repositories.put(repository());
      const known = [promotion(), promotion({ publishId: "p2", state: "merged" })];
      await promotions.record(known);
      observed();
      const refused = known.map((record) => ({ ...record, state: "refused" }) as const);
      await repositories.remove(repository({ installationId: 6 }), refused);
      expect(observed()).toEqual([]);
      await repositories.remove(repository(), refused);
      expect(observed()).toEqual(["promotion refused"]);
    });

    it("tells of a deployment from its beginning to its end, each state once", async () => {
      const { deployments } = store();
      const key = { repositoryId: 77, environment: "dev", sha: deployment().sha };
      for (const _ of [1, 2]) await deployments.begin(deployment());
      for (const _ of [1, 2]) await deployments.created(key, 9);
      await deployments.update(9, { description: "waits" });
      for (const _ of [1, 2]) await deployments.update(9, { state: "in_progress" });
      await Promise.all([1, 2, 3].map(() => deployments.update(9, { state: "success" })));
      await deployments.created(key, 9);
      await deployments.update(10, { state: "failure" });
      expect(observed()).toEqual(
        ["creating", "queued", "in_progress", "success"].map((state) => `deployment ${state}`),
      );
    });
  });
}

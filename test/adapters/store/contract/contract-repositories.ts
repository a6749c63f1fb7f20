// Config repositories and their index.

import { describe, expect, it } from "@jest/globals";
import type { Environment } from "../../../../src/domain/model/config/config.ts";
import type { RepositoryIndex } from "../../../../src/domain/model/github/repository.ts";
import { delivery, MUSEUM, minute, promotion, repository, unreachable } from "../words.ts";
import type { Current } from "./contract.ts";

function index(change: Partial<RepositoryIndex> = {}): RepositoryIndex {
  return { problems: [], dependents: [], ...change };
}

function dependent(chart: string, environment = "dev") {
  return { repositoryId: 77, environment, chart, key: chart, chartRepository: MUSEUM };
}

function environment(change: Partial<Environment> = {}): Environment {
  return {
    ...{ name: "dev", path: "dev", branch: "main", charts: [], valuesFiles: [], labels: [], soakMs: 0 },
    ...{
      pullRequests: "chart",
      umbrellaVersion: "keep",
      staleLock: "refuse",
      draft: false,
      autoMerge: "off",
    },
    ...{
      reviewers: { users: [], teams: [] },
      freeze: [],
      deploy: [],
      cluster: { release: "dev", namespace: "dev", apiVersions: [] },
    },
    ...change,
  };
}

export function describeRepositories(store: Current): void {
  describe("repositories", () => {
    it("follows a repository through a rename", async () => {
      const { repositories } = store();
      await repositories.put(repository());
      await repositories.put(repository({ name: "Deploy", archived: true }));
      const renamed = repository({ name: "Deploy", archived: true });
      expect(await repositories.get(77)).toEqual(renamed);
      expect(await repositories.findByName("ACME", "deploy")).toEqual(renamed);
      expect(await repositories.findByName("acme", "config")).toBeUndefined();
      expect(await repositories.all()).toEqual([renamed]);
    });

    it("reads a repository together with its index", async () => {
      const { repositories } = store();
      expect(await repositories.withIndex(77)).toBeUndefined();
      await repositories.put(repository());
      expect(await repositories.withIndex(77)).toEqual({ repository: repository() });
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      expect(await repositories.withIndex(77)).toEqual({
        repository: repository(),
        index: index({ dependents: [dependent("xposer")] }),
      });
    });

    it("finds the repositories whose config has a key, and whether one was not read yet", async () => {
      const { repositories } = store();
      await repositories.put(repository());
      await repositories.put(repository({ id: 78, name: "b" }));
      expect(await repositories.isAnyUnread()).toBe(true);
      const after = index({ config: { environments: [environment({ after: { environment: "dev" } })] } });
      await repositories.setIndex(78, after);
      expect(await repositories.isAnyUnread()).toBe(true);
      await repositories.setIndex(77, index({ config: { environments: [environment()] } }));
      expect(await repositories.isAnyUnread()).toBe(false);
      const found = await repositories.withKey("after");
      expect(found).toEqual([{ repository: repository({ id: 78, name: "b" }), index: after }]);
      expect(await repositories.withKey("drift")).toEqual([]);
    });

    it("knows the charts that are taken from a chart repository", async () => {
      const { repositories } = store();
      for (const id of [77, 78]) await repositories.put(repository({ id, name: `n${id}` }));
      await repositories.setIndex(77, index({ dependents: [dependent("xposer"), dependent("b", "stage")] }));
      const elsewhere = { ...dependent("c"), chartRepository: "elsewhere" };
      await repositories.setIndex(78, index({ dependents: [dependent("xposer"), elsewhere] }));
      expect(await repositories.chartsFrom(MUSEUM)).toEqual(["b", "xposer"]);
      expect(await repositories.chartsFrom("elsewhere")).toEqual(["c"]);
      expect(await repositories.chartsFrom("nowhere")).toEqual([]);
    });

    it("tells installations apart", async () => {
      await store().repositories.put(repository());
      await store().repositories.put(repository({ id: 78, name: "b", installationId: 6 }));
      expect(await store().repositories.ofInstallation(6)).toMatchObject([{ id: 78 }]);
    });

    it("reads an index back as it was, instants and all", async () => {
      const whole = index({
        configOid: "abc",
        problems: [unreachable],
        dependents: [dependent("xposer")],
        config: {
          environments: [
            {
              name: "dev",
              path: "dev",
              branch: "main",
              charts: [{ glob: "*", versions: "*", updates: "major", values: [{ path: ["a"], value: "x" }] }],
              valuesFiles: ["values.yaml"],
              pullRequests: "chart",
              umbrellaVersion: "keep",
              staleLock: "refuse",
              labels: [],
              reviewers: { users: ["ann"], teams: [] },
              draft: false,
              autoMerge: "off",
              soakMs: 0,
              freeze: [{ from: minute(1), to: minute(2), reason: "holidays" }],
              deploy: [],
              cluster: { release: "dev", namespace: "dev", apiVersions: ["monitoring.coreos.com/v1"] },
            },
          ],
        },
      });
      await store().repositories.put(repository());
      expect(await store().repositories.index(77)).toBeUndefined();
      await store().repositories.setIndex(77, whole);
      expect(await store().repositories.index(77)).toEqual(whole);
      await store().repositories.put(repository({ name: "renamed" }));
      expect(await store().repositories.index(77)).toEqual(whole);
    });

    it("knows who depends on a chart, after each index anew", async () => {
      const { repositories } = store();
      await repositories.put(repository());
      await repositories.put(repository({ id: 78, name: "b" }));
      const xposer = { repository: MUSEUM, chart: "xposer" };
      const dependents = [dependent("xposer"), dependent("xposer", "prod"), dependent("other")];
      await repositories.setIndex(77, index({ dependents }));
      await repositories.setIndex(78, index({ dependents: [dependent("xposer")] }));
      expect(await repositories.dependents(xposer)).toEqual([77, 78]);
      await repositories.setIndex(77, index({ dependents: [dependent("other")] }));
      expect(await repositories.dependents(xposer)).toEqual([78]);
      expect(await repositories.dependents({ ...xposer, repository: "elsewhere" })).toEqual([]);
    });

    it("changes some of an index and keeps the rest, where there is one", async () => {
      const { repositories } = store();
      await repositories.put(repository());
      await repositories.changeIndex(77, { backfillDue: true });
      expect(await repositories.index(77)).toBeUndefined();
      const before = index({ dependents: [dependent("xposer")] });
      await repositories.setIndex(77, { ...before, requeueAt: "2026-01-02T00:00:00Z" });
      await repositories.changeIndex(77, { backfillDue: true, requeueAt: undefined });
      expect(await repositories.index(77)).toEqual({ ...before, backfillDue: true });
      expect(await repositories.dependents({ repository: MUSEUM, chart: "xposer" })).toEqual([77]);
    });

    it("leaves a repository to the installation on record, until another one takes it over from there", async () => {
      const { repositories } = store();
      const [before, now] = [repository(), repository({ installationId: 6, owner: "globex" })];
      expect(await repositories.put(before)).toBeUndefined();
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      expect(await repositories.put(now)).toBe(5);
      expect(await repositories.put(now, 4)).toBe(5);
      expect(await repositories.get(77)).toEqual(before);
      expect(await repositories.put(now, 5)).toBeUndefined();
      expect(await repositories.get(77)).toEqual(now);
      expect(await repositories.index(77)).toEqual(index({ dependents: [dependent("xposer")] }));
    });

    it("of two installations that put one repository at once, keeps the first and tells the other", async () => {
      const { repositories } = store();
      const outcomes = await Promise.all(
        [5, 6, 7].map((installationId) => repositories.put(repository({ installationId }))),
      );
      const kept = (await repositories.get(77))?.installationId;
      expect(outcomes).toEqual([5, 6, 7].map((one) => (one === kept ? undefined : kept)));
    });

    it("renews what is on record of a repository, for the installation that covers it", async () => {
      const { repositories } = store();
      await repositories.renew(repository());
      expect(await repositories.all()).toEqual([]);
      await repositories.put(repository());
      await repositories.renew(repository({ name: "renamed", defaultBranch: "trunk", archived: true }));
      await repositories.renew(repository({ name: "other", installationId: 6 }));
      expect(await repositories.all()).toEqual([
        repository({ name: "renamed", defaultBranch: "trunk", archived: true }),
      ]);
    });

    it("does not forget a repository that another installation covers by now", async () => {
      const { repositories, deliveries, publishes, promotions } = store();
      await repositories.put(repository({ installationId: 6 }));
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      await deliveries.keep(delivery());
      await publishes.route(["p1"], [77]);
      expect(await repositories.remove(repository(), [promotion({ state: "refused" })])).toBe(false);
      expect(await repositories.get(77)).toEqual(repository({ installationId: 6 }));
      expect(await repositories.dependents({ repository: MUSEUM, chart: "xposer" })).toEqual([77]);
      expect(await deliveries.undone(77)).toEqual([delivery()]);
      expect(await publishes.pendingRoutes("p1")).toEqual([77]);
      expect(await promotions.ofRepository(77)).toEqual([]);
    });

    it("records with a removal what is refused by it, and not what went further meanwhile", async () => {
      const { repositories, promotions } = store();
      await repositories.put(repository());
      const known = (["proposed", "refused", "merged"] as const).map((state) =>
        promotion({ publishId: state, state }),
      );
      await promotions.record(known);
      const because = "the App cannot see acme/config";
      const refused = ["merged", "new", "proposed", "refused"].map((publishId) =>
        promotion({ publishId, state: "refused", because }),
      );
      await repositories.remove(repository(), refused);
      expect(await promotions.ofRepository(77)).toEqual([known[2], ...refused.slice(1)]);
    });

    it("remembers what a removed repository was called last", async () => {
      const { repositories } = store();
      const nameOf = async (id: number) => (await repositories.namesOf([id, 78])).get(id);
      expect(await nameOf(77)).toBeUndefined();
      await repositories.put(repository());
      await repositories.remove(repository(), []);
      expect(await nameOf(77)).toBe("acme/config");
      await repositories.put(repository({ name: "renamed" }));
      expect(await nameOf(77)).toBe("acme/renamed");
      await repositories.remove(repository(), []);
      expect(await nameOf(77)).toBe("acme/renamed");
    });

    it("forgets a removed repository", async () => {
      const { repositories, deliveries, publishes } = store();
      await repositories.put(repository());
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      await deliveries.keep(delivery());
      await publishes.route(["p1"], [77, 78]);
      expect(await repositories.remove(repository(), [])).toBe(true);
      expect(await repositories.get(77)).toBeUndefined();
      expect(await repositories.index(77)).toBeUndefined();
      expect(await repositories.dependents({ repository: MUSEUM, chart: "xposer" })).toEqual([]);
      expect(await deliveries.undone(77)).toEqual([]);
      expect(await publishes.pendingRoutes("p1")).toEqual([78]);
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      expect(await repositories.dependents({ repository: MUSEUM, chart: "xposer" })).toEqual([]);
    });
  });
}

// Config repositories and their index.

import { describe, expect, it } from "@jest/globals";
import type { RepositoryIndex } from "../../src/model/repository.ts";
import type { Current } from "./contract.ts";
import { delivery, MUSEUM, minute, repository, unreachable } from "./words.ts";

function index(change: Partial<RepositoryIndex> = {}): RepositoryIndex {
  return { problems: [], dependents: [], ...change };
}

function dependent(chart: string, environment = "dev") {
  return { repositoryId: 77, environment, chart, key: chart, chartRepository: MUSEUM };
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
              labels: [],
              reviewers: { users: ["ann"], teams: [] },
              draft: false,
              autoMerge: "off",
              soakMs: 0,
              freeze: [{ from: minute(1), to: minute(2), reason: "holidays" }],
              deploy: [],
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

    it("forgets a removed repository", async () => {
      const { repositories, deliveries, publishes } = store();
      await repositories.put(repository());
      await repositories.setIndex(77, index({ dependents: [dependent("xposer")] }));
      await deliveries.keep(delivery());
      await publishes.route("p1", [77, 78]);
      await repositories.remove(77);
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

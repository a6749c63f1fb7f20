// The sites of one test file, on one real cluster.

import { afterAll, beforeAll } from "@jest/globals";
import { KUBE_STARTS_WITHIN_MS, type KubeCluster, startKubeCluster } from "../kube/kube-cluster.ts";
import { Site, type SiteOptions } from "./site.ts";

export interface Sites {
  /** While a test runs. */
  cluster(): KubeCluster;
  open(options: Omit<SiteOptions, "cluster">): Promise<Site>;
}

/** Starts the cluster before the tests of this `describe`, and takes everything down after them. */
export function useSites(): Sites {
  let running: KubeCluster | undefined;
  const sites: Site[] = [];
  beforeAll(async () => {
    running = await startKubeCluster();
  }, KUBE_STARTS_WITHIN_MS);
  afterAll(async () => {
    await Promise.all(sites.map((site) => site.close()));
    await running?.close();
  });
  function cluster(): KubeCluster {
    if (running === undefined) throw new Error("the cluster did not start");
    return running;
  }
  return {
    cluster,
    open: async (options) => {
      const site = await Site.open({ cluster: cluster(), ...options });
      sites.push(site);
      return site;
    },
  };
}

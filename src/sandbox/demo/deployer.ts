// What the demo's deployer does to its cluster, a real one or one that stands in for it.

import type { Build, BuildResult } from "../jenkins/controller.ts";

export interface DemoDeployer {
  /** The job that chart-promoter calls. */
  deploy(build: Build, signal: AbortSignal): Promise<{ result: BuildResult; log?: string }>;
  /** Somebody changes the cluster by hand; answers what they did. */
  scale(deployment: string, replicas: number): Promise<string>;
  /** The job that looks for drift: asks chart-promoter at this address what to look at, and reports; answers what it saw. */
  observe(promoter: string): Promise<string>;
  /** Takes from the cluster what the demo put there. */
  close(): Promise<void>;
}

/** As server.yaml names it. */
export const DEPLOYER = { name: "config-jenkins", secret: "demo-deployer-secret" };

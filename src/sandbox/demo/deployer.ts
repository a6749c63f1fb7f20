// The demo's deployer, with a real cluster or a stand-in.

import type { Build, BuildResult } from "../jenkins/controller.ts";

export interface DemoDeployer {
  /** The job that chart-promoter calls. */
  deploy(build: Build, signal: AbortSignal): Promise<{ result: BuildResult; log?: string }>;
  /** A manual change of the cluster; returns a description of it. */
  scale(deployment: string, replicas: number): Promise<string>;
  /** The drift job: asks chart-promoter at this URL what to check, and reports; returns what it found. */
  observe(promoter: string): Promise<string>;
  /** Removes everything that the demo created in the cluster. */
  close(): Promise<void>;
}

/** As server.yaml names it. */
export const DEPLOYER = { name: "config-jenkins", secret: "demo-deployer-secret" };

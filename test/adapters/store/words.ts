// Builders of the store's words: complete by default, changed where a test says so.

import type { Deployment } from "../../../src/domain/model/deployment.ts";
import type { Delivery } from "../../../src/domain/model/github/event.ts";
import type { ConfigRepository } from "../../../src/domain/model/github/repository.ts";
import type { Problem } from "../../../src/domain/model/problem.ts";
import type { Announcement, PromotionRecord } from "../../../src/domain/model/publish.ts";

export const MUSEUM = "stakater";
export const DIGEST = `sha256:${"a".repeat(64)}`;
export const OTHER_DIGEST = `sha256:${"b".repeat(64)}`;

/** The n-th minute of a day in 2026. */
export function minute(n: number): Date {
  return new Date(Date.UTC(2026, 2, 1, 0, n));
}

export function announcement(change: Partial<Announcement> = {}): Announcement {
  return {
    chart: "xposer",
    version: "1.0.0",
    repository: MUSEUM,
    values: {},
    source: {},
    publisher: "xposer-pipeline",
    ...change,
  };
}

export const unreachable: Problem = {
  code: "chart-repository-unreachable",
  message: "The chart repository stakater did not answer.",
  help: "Wait.",
  place: { file: "server.yaml", line: 3 },
};

export function repository(change: Partial<ConfigRepository> = {}): ConfigRepository {
  return {
    id: 77,
    installationId: 5,
    owner: "acme",
    name: "config",
    defaultBranch: "main",
    archived: false,
    ...change,
  };
}

export function delivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: "d1",
    repositoryId: 77,
    event: { kind: "commented", number: 4, commentId: 9_000_000_000 },
    receivedAt: minute(1),
    ...change,
  };
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    repositoryId: 77,
    environment: "dev",
    sha: "c".repeat(40),
    pullRequest: 4,
    promotions: [{ chart: "xposer", from: "1.0.0", to: "1.1.0" }],
    state: "creating",
    deployers: ["config-jenkins"],
    createdAt: minute(1),
    changedAt: minute(1),
    ...change,
  };
}

export function promotion(change: Partial<PromotionRecord> = {}): PromotionRecord {
  return {
    publishId: "p1",
    repositoryId: 77,
    environment: "dev",
    chart: "xposer",
    state: "proposed",
    because: "1.1.0 is newer than 1.0.0",
    ...change,
  };
}

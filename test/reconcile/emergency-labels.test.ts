// What costs nothing where no label for emergencies was put on: a run reads of what is held only where one was.

import { expect, test } from "@jest/globals";
import type { Delivery, RepositoryEvent } from "../../src/domain/model/github/event.ts";
import type { Deps } from "../../src/reconcile/context.ts";
import { applyEmergencyLabels, releaseLabelled } from "../../src/reconcile/merge/deploy-held.ts";

let reads: (number | undefined)[] = [];

/** Only what is called here. */
const deps = {
  store: {
    deployments: {
      unfinished: async (repositoryId?: number) => {
        reads.push(repositoryId);
        return [];
      },
    },
  },
} as unknown as Deps;
const repository = {
  ...{ id: 7, installationId: 1, owner: "acme", name: "config" },
  ...{ defaultBranch: "main", archived: false },
};

function changed(action: string, label: string): RepositoryEvent {
  const pull = { number: 1, headSha: "a".repeat(40), headBranch: "promote/dev/xposer", base: "main" };
  return { kind: "pull-request-changed", action, label, ...pull };
}

async function readsFor(...events: readonly RepositoryEvent[]): Promise<readonly (number | undefined)[]> {
  reads = [];
  const deliveries = events.map((event, n): Delivery => {
    return { id: `d${n}`, repositoryId: 7, event, receivedAt: new Date(n) };
  });
  await applyEmergencyLabels(deliveries, { repository, config: { environments: [] }, deps });
  return reads;
}

test("deliveries without the label read nothing; one with it reads once, of its repository alone", async () => {
  expect(await readsFor()).toEqual([]);
  expect(
    await readsFor(
      { kind: "pull-request-merged", number: 1, base: "main" },
      changed("labeled", "looks-good"),
      changed("unlabeled", "emergency"),
    ),
  ).toEqual([]);
  expect(await readsFor(changed("labeled", "emergency"), changed("labeled", "emergency"))).toEqual([7]);
});

test("so do merges that were read without the label, as on a resync", async () => {
  reads = [];
  await releaseLabelled([{ number: 1, labels: ["looks-good"] }], { repository, deps });
  expect(reads).toEqual([]);
  await releaseLabelled([{ number: 1, labels: ["emergency"] }], { repository, deps });
  expect(reads).toEqual([7]);
});

// Webhooks that concern nobody: signed, but of a repository the App is not known to cover.

import { afterEach, expect, test } from "@jest/globals";
import { hearWebhook } from "../../src/flow/installation/hear.ts";
import type { World } from "../../src/flow/world.ts";

const warned: string[] = [];
const kept: string[] = [];
const marked: string[] = [];

afterEach(() => {
  for (const list of [warned, kept, marked]) list.length = 0;
});

function worldKnowing(ids: readonly number[]): World {
  const store = {
    repositories: { get: async (id: number) => (ids.includes(id) ? { id } : undefined) },
    deliveries: { keep: async ({ id }: { id: string }) => kept.push(id) },
    queue: { mark: async (key: string) => marked.push(key) },
  };
  const log = { warn: (_about: object, message: string) => warned.push(message) };
  return Object.assign(Object.create(null), { store, log, clock: () => new Date(0) });
}

const heard = { kind: "repository", repositoryId: 7, events: [{ kind: "repository-changed" }] } as const;

test("a webhook of a repository that is not covered is logged once, and keeps and marks nothing", async () => {
  await hearWebhook({ id: "d1", heard }, worldKnowing([8]));
  expect([warned.length, kept, marked]).toEqual([1, [], []]);
});

test("one of a covered repository is kept before it is marked", async () => {
  await hearWebhook({ id: "d1", heard }, worldKnowing([7]));
  expect([warned, kept, marked]).toEqual([[], ["d1"], ["repository:7"]]);
});

test("one of an installation only asks to list it", async () => {
  await hearWebhook({ id: "d1", heard: { kind: "installation", installationId: 5 } }, worldKnowing([]));
  expect([kept, marked]).toEqual([[], ["installation:5"]]);
});

// Webhooks that concern nobody: signed, but of a repository the App is not known to cover.

import { afterEach, expect, test } from "@jest/globals";
import { parseWebhook } from "../../src/adapters/github/webhooks/parse-webhook.ts";
import type { Delivery } from "../../src/domain/model/github/event.ts";
import type { Deps } from "../../src/reconcile/context.ts";
import type { QueuedWork, When } from "../../src/reconcile/ports/store/queue.ts";
import { receiveWebhook } from "../../src/reconcile/receive-webhook.ts";
import { StrangerRateLimiter } from "../../src/reconcile/stranger-rate-limiter.ts";

const warned: string[] = [];
const logged: object[] = [];
const kept: string[] = [];
const marked: string[] = [];
const priorities: number[] = [];

afterEach(() => {
  for (const list of [warned, logged, kept, marked, priorities]) list.length = 0;
});

async function enqueue(key: string, { after, priority }: When = {}): Promise<void> {
  marked.push(after ? `${key} after ${after.getTime()} ms` : key);
  priorities.push(priority ?? 0);
}

function worldKnowing(ids: readonly number[]): Deps {
  const store = {
    repositories: {
      get: async (id: number) => (ids.includes(id) ? { id, owner: "acme", name: "config" } : undefined),
    },
    deliveries: {
      keepAndEnqueue: async (deliveries: readonly Delivery[], { key, ...when }: QueuedWork) => {
        kept.push(...deliveries.map(({ id }) => id));
        await enqueue(key, when);
      },
    },
    queue: { enqueue },
  };
  const log = {
    info: (about: object) => logged.push(about),
    warn: (_about: object, message: string) => warned.push(message),
  };
  const strangerRateLimiter = new StrangerRateLimiter();
  return Object.assign(Object.create(null), { store, log, strangerRateLimiter, clock: () => new Date(0) });
}

const webhook = { kind: "repository", repositoryId: 7, events: [{ kind: "repository-changed" }] } as const;

test("a webhook of a repository that is not known yet is logged, and kept until its installation was listed", async () => {
  await receiveWebhook({ id: "d1", name: "repository", webhook }, worldKnowing([8]));
  expect([warned.length, kept, marked]).toEqual([1, ["d1"], ["repository:7 after 60000 ms"]]);
});

test("one of a covered repository is kept with its mark", async () => {
  await receiveWebhook({ id: "d1", name: "repository", webhook }, worldKnowing([7]));
  expect([warned, kept, marked]).toEqual([[], ["d1"], ["repository:7"]]);
  expect(logged).toEqual([
    { delivery: "d1", event: "repository", repository: "acme/config", says: "repository-changed" },
  ]);
});

test("one of an installation only asks to list it", async () => {
  await receiveWebhook(
    { id: "d1", name: "installation", webhook: { kind: "installation", installationId: 5 } },
    worldKnowing([]),
  );
  expect([kept, marked]).toEqual([[], ["installation:5"]]);
});

/** A comment under a pull request, as GitHub tells of it. */
function comment(association: string) {
  const payload = {
    action: "created",
    ...{ repository: { id: 7 }, installation: { id: 5 }, sender: { login: "eve" } },
    issue: { number: 1, pull_request: {} },
    comment: { id: 9, user: { type: "User" }, author_association: association },
  };
  return parseWebhook({ name: "issue_comment", payload }, "promoter");
}

test("strangers' comments come last, sixty an hour for a repository; its own people's come as ever", async () => {
  const world = worldKnowing([7]);
  for (let n = 0; n < 500; n += 1)
    await receiveWebhook({ id: `s${n}`, name: "issue_comment", webhook: comment("NONE") }, world);
  expect([kept.length, marked.length, new Set(priorities)]).toEqual([60, 60, new Set([-1])]);
  await receiveWebhook({ id: "own", name: "issue_comment", webhook: comment("COLLABORATOR") }, world);
  expect([kept.at(-1), priorities.at(-1)]).toEqual(["own", 0]);
});

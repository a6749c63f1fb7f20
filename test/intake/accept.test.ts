import { afterEach, expect, jest, test } from "@jest/globals";
import type { Announcement, Publish } from "../../src/domain/model/publish.ts";
import { type AcceptPorts, accept } from "../../src/intake/accept.ts";
import { Quotas } from "../../src/intake/caller/quotas.ts";
import { WaitingBudget } from "../../src/intake/caller/waiting-budget.ts";

const ANNOUNCEMENT: Announcement = {
  chart: "xposer",
  version: "1.0.0",
  repository: "stakater",
  values: {},
  source: {},
  publisher: "xposer-pipeline",
};

const AT = new Date("2026-01-02T03:04:05Z");

function ports(keep: AcceptPorts["inbox"]["accept"]): AcceptPorts & { readonly failures: unknown[] } {
  const failures: unknown[] = [];
  return {
    inbox: { accept: keep, acceptRepeat: keep, waitingOf: async () => ({ count: 0, bytes: 0 }) },
    quotas: new Quotas(() => []),
    waitingBudget: new WaitingBudget(
      () => [],
      async () => ({ count: 0, bytes: 0 }),
    ),
    now: () => AT,
    onFailure: (error) => void failures.push(error),
    failures,
  };
}

function kept(announcement: Announcement, { id, at }: { id: string; at: Date }): Publish {
  return { ...announcement, id, at, state: "accepted" };
}

afterEach(() => {
  jest.useRealTimers();
});

test("every announcement is stored under an id of its own, with the time and the webhook-id it came with", async () => {
  const seen: object[] = [];
  const to = ports(async (announcement, about) => {
    seen.push(about);
    return { kind: "accepted", publish: kept(announcement, about) };
  });
  await accept(ANNOUNCEMENT, to, "msg_1");
  await accept(ANNOUNCEMENT, to);
  expect(seen).toEqual([
    { id: expect.any(String), at: AT, webhookId: "msg_1" },
    { id: expect.any(String), at: AT },
  ]);
  expect(new Set(seen.map((about) => Object(about).id)).size).toBe(2);
});

test("a database that does not answer within ten seconds is told as unavailable", async () => {
  jest.useFakeTimers();
  const to = ports(() => new Promise(() => undefined));
  const answer = accept(ANNOUNCEMENT, to);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(await answer).toMatchObject({ ok: false, problems: [{ code: "unavailable" }] });
  expect(to.failures).toEqual([expect.objectContaining({ message: "not kept within 10000 ms" })]);
});

test("a database that fails after that disturbs nobody", async () => {
  jest.useFakeTimers();
  const late = Promise.withResolvers<never>();
  const to = ports(() => late.promise);
  const answer = accept(ANNOUNCEMENT, to);
  await jest.advanceTimersByTimeAsync(10_000);
  late.reject(new Error("too late"));
  expect(await answer).toMatchObject({ ok: false });
  expect(to.failures).toHaveLength(1);
});

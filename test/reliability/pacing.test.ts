// What an installation may still ask of GitHub, who goes first when little is left, and that nothing is sent twice blindly.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Budget, NO_LIMITS, type Purpose } from "../../src/adapters/github/api/budget.ts";
import { failureOf, GitHubFailure } from "../../src/adapters/github/api/failure.ts";
import { type MultiTenantTestBed, startMultiTenantTestBed } from "./multi-tenant-test-bed.ts";

const MINUTE = 60_000;

describe("the budget of one installation", () => {
  let now = 0;
  const clock = () => new Date(now);
  const budgetOf = (limits = { perMinute: 8, perHour: 20 }) => {
    now = Date.parse("2026-01-01T00:00:00Z");
    return new Budget(limits, clock);
  };
  const content = (budget: Budget, purpose: Purpose) =>
    waitOf(() => budget.take(purpose, { createsContent: true, resource: "graphql" }));
  const read = (budget: Budget, purpose: Purpose, resource: "core" | "graphql" = "graphql") =>
    waitOf(() => budget.take(purpose, { createsContent: false, resource }));

  /** For how many milliseconds it has to wait; nothing when it may be sent. */
  function waitOf(take: () => void): number | undefined {
    try {
      take();
      return undefined;
    } catch (error) {
      if (!(error instanceof GitHubFailure) || error.retryAt === undefined) throw error;
      return error.retryAt.getTime() - now;
    }
  }

  test("upkeep stops first, then promotions, then deployments", () => {
    const budget = budgetOf();
    const allowed = (purpose: Purpose) => {
      let sent = 0;
      while (content(budget, purpose) === undefined) sent++;
      return sent;
    };
    expect([allowed("upkeep"), allowed("promotion"), allowed("deployment")]).toEqual([6, 1, 1]);
  });

  test("what waits may go a minute after the oldest that is counted", () => {
    const budget = budgetOf();
    content(budget, "deployment");
    now += 10_000;
    for (let n = 1; n < 8; n++) content(budget, "deployment");
    expect(content(budget, "deployment")).toBe(MINUTE - 10_000);
    now += MINUTE - 10_000;
    expect(content(budget, "deployment")).toBeUndefined();
    expect(content(budget, "deployment")).toBe(10_000);
  });

  test("the hour is counted too", () => {
    const budget = budgetOf({ perMinute: 100, perHour: 5 });
    for (let n = 0; n < 5; n++) content(budget, "deployment");
    expect(content(budget, "deployment")).toBe(60 * MINUTE);
  });

  test("of many that wait, each is told a place of its own, as they come free", () => {
    const budget = budgetOf({ perMinute: 2, perHour: 100 });
    content(budget, "deployment");
    now += 10_000;
    content(budget, "deployment");
    const waits = Array.from({ length: 5 }, () => content(budget, "deployment"));
    expect(waits).toEqual([50_000, MINUTE, 50_000 + MINUTE, 2 * MINUTE, 50_000 + 2 * MINUTE]);
    now += MINUTE;
    expect([content(budget, "deployment"), content(budget, "deployment")]).toEqual([undefined, undefined]);
  });

  test("with each promotion a place is kept for its check, which no other promotion takes", () => {
    const budget = budgetOf({ perMinute: 100, perHour: 10 });
    const promote = () =>
      waitOf(() => budget.take("promotion", { createsContent: true, check: "follows", resource: "graphql" }));
    const check = () =>
      waitOf(() => budget.take("promotion", { createsContent: true, check: "written", resource: "core" }));
    expect([promote(), promote(), promote(), promote()]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([promote(), content(budget, "deployment"), content(budget, "promotion")]).toEqual([
      60 * MINUTE,
      undefined,
      60 * MINUTE,
    ]);
    now += 5 * MINUTE;
    expect([check(), check(), check(), check()]).toEqual([undefined, undefined, undefined, undefined]);
    expect(check()).toBeGreaterThan(0);
    now += 55 * MINUTE;
    // A check counts in the hour of its head.
    expect([promote(), promote()]).toEqual([undefined, undefined]);
  });

  test("of many promotions that wait, each is told when there is room for its check as well", () => {
    const budget = budgetOf({ perMinute: 4, perHour: 100 });
    const take = (check: "follows" | "written") =>
      waitOf(() => budget.take("deployment", { createsContent: true, check, resource: "core" }));
    expect([take("follows"), take("written")]).toEqual([undefined, undefined]);
    now += 10_000;
    expect([take("follows"), take("written")]).toEqual([undefined, undefined]);
    const waits = [take("follows"), take("follows"), take("follows")];
    expect(waits).toEqual([50_000, MINUTE, 50_000 + MINUTE]);
    now += 50_000;
    expect([take("follows"), take("written")]).toEqual([undefined, undefined]);
    now += 10_000;
    expect(take("follows")).toBeUndefined();
  });

  test("what is kept for a check that never comes is free after an hour, as if it had", () => {
    const budget = budgetOf({ perMinute: 100, perHour: 4 });
    const promote = () =>
      waitOf(() => budget.take("promotion", { createsContent: true, check: "follows", resource: "graphql" }));
    expect([promote(), promote()]).toEqual([undefined, 60 * MINUTE]);
    now += 60 * MINUTE;
    expect(promote()).toBeUndefined();
  });

  test("checks that come late keep to the minute as everybody does", () => {
    const budget = budgetOf({ perMinute: 4, perHour: 100 });
    const take = (check: "follows" | "written") =>
      waitOf(() => budget.take("deployment", { createsContent: true, check, resource: "core" }));
    expect([take("follows"), take("follows")]).toEqual([undefined, undefined]);
    now += 2 * MINUTE;
    expect([take("follows"), take("follows")]).toEqual([undefined, undefined]);
    expect([take("written"), take("written")]).toEqual([MINUTE, MINUTE]);
  });

  test("reads create no content", () => {
    const budget = budgetOf({ perMinute: 1, perHour: 1 });
    content(budget, "deployment");
    expect(read(budget, "promotion")).toBeUndefined();
  });

  test("the last requests of the hour are kept for what is urgent, for each resource", () => {
    const budget = budgetOf(NO_LIMITS);
    const reset = now / 1000 + 90;
    const headers = (remaining: number) => ({
      "x-ratelimit-resource": "graphql",
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(reset),
    });
    budget.learn(headers(200));
    expect([read(budget, "upkeep"), read(budget, "promotion")]).toEqual([90_000, undefined]);
    budget.learn(headers(50));
    expect([read(budget, "promotion"), read(budget, "deployment")]).toEqual([90_000, undefined]);
    budget.learn(headers(0));
    expect([read(budget, "deployment"), read(budget, "deployment", "core")]).toEqual([90_000, undefined]);
    now += 90_000;
    expect(read(budget, "upkeep")).toBeUndefined();
  });

  test("headers that are missing or no numbers teach nothing", () => {
    const budget = budgetOf(NO_LIMITS);
    budget.learn({ "x-ratelimit-resource": "graphql", "x-ratelimit-remaining": "0" });
    budget.learn({});
    expect(read(budget, "upkeep")).toBeUndefined();
  });

  test("a pause that GitHub asks for holds everything, and a shorter one does not end it", () => {
    const budget = budgetOf(NO_LIMITS);
    budget.block(new Date(now + 5000));
    budget.block(new Date(now + 1000));
    expect([read(budget, "deployment"), content(budget, "deployment")]).toEqual([5000, 5000]);
  });
});

describe("what a failure asks for", () => {
  const NOW = new Date("2026-01-01T00:00:00Z");
  const answered = (status: number, headers: object = {}, message = "no") =>
    Object.assign(new Error(message), { status, response: { status, headers } });
  const graphql = (type: string | undefined, message = "no") =>
    Object.assign(new Error(message), {
      name: "GraphqlResponseError",
      errors: [{ type, message }],
      headers: {},
    });
  const SECONDARY = "You have exceeded a secondary rate limit.";

  test.each([
    ["no answer", new TypeError("fetch failed"), ["unavailable", undefined]],
    ["500", answered(500), ["unavailable", undefined]],
    ["401", answered(401), ["unavailable", undefined]],
    ["403", answered(403), ["denied", undefined]],
    ["404", answered(404), ["missing", undefined]],
    ["409", answered(409), ["refused", undefined]],
    ["422", answered(422), ["refused", undefined]],
    ["429", answered(429), ["limited", 60]],
    ["403 with retry-after", answered(403, { "retry-after": "7" }), ["limited", 7]],
    ["403 that names the secondary limit", answered(403, {}, SECONDARY), ["limited", 60]],
    [
      "403 with nothing left",
      answered(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW.getTime() / 1000 + 30) }),
      ["limited", 30],
    ],
    [
      "a reset that is past by this clock",
      answered(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW.getTime() / 1000 - 30) }),
      ["limited", 1],
    ],
    ["GraphQL RATE_LIMITED", graphql("RATE_LIMITED"), ["limited", 60]],
    ["GraphQL FORBIDDEN", graphql("FORBIDDEN"), ["denied", undefined]],
    ["GraphQL NOT_FOUND", graphql("NOT_FOUND"), ["missing", undefined]],
    ["GraphQL UNPROCESSABLE", graphql("UNPROCESSABLE"), ["refused", undefined]],
  ] as const)("%s", (_name, error, [kind, seconds]) => {
    const failure = failureOf(error, "trying", NOW);
    const wait = failure.retryAt && (failure.retryAt.getTime() - NOW.getTime()) / 1000;
    expect([failure.kind, wait]).toEqual([kind, seconds]);
  });
});

describe("two installations", () => {
  let testBed: MultiTenantTestBed;
  afterEach(() => testBed.stop());

  test("a limited one waits in the queue: no worker is held, the other is not delayed, all is done after the pause", async () => {
    const limited = Array.from({ length: 12 }, (_, n) => `limited-${n}`);
    let aheadMs = 0;
    const clock = () => new Date(Date.now() + aheadMs);
    testBed = await startMultiTenantTestBed({ accounts: [...limited, "free"], timing: { clock } });
    await testBed.start();
    await testBed.waitUntilIdle();
    const retryAfterSeconds = 300;
    for (const account of limited)
      testBed.github.fault(
        { match: testBed.isFrom(account) },
        { kind: "secondary-limit", retryAfterSeconds },
      );
    testBed.github.requests.mark();
    await testBed.publish("1.0.1");
    // At rest although twelve repositories wait: more of them than there are workers.
    await testBed.waitUntilIdle();
    const titles = (account: string) =>
      testBed
        .repository(account)
        .pulls()
        .map(({ title }) => title);
    expect(titles("free")).toEqual(["Promote xposer to 1.0.1 in dev"]);
    for (const account of limited) {
      expect(titles(account)).toEqual([]);
      expect(testBed.github.requests.sinceMark.filter(({ fault }) => fault !== undefined)).toHaveLength(12);
    }
    aheadMs = retryAfterSeconds * 1000;
    await testBed.wake();
    await testBed.waitUntilIdle();
    for (const account of limited) expect(titles(account)).toEqual(["Promote xposer to 1.0.1 in dev"]);
  });

  test.each(["reset-after-effect", "reset-before", "502", "502-after-effect"] as const)(
    "after a mutation that met %s, GitHub is read before the next one",
    async (kind) => {
      testBed = await startMultiTenantTestBed({ accounts: ["acme"] });
      await testBed.start();
      await testBed.waitUntilIdle();
      const isFrom = testBed.isFrom("acme");
      testBed.github.fault({ match: (call) => isFrom(call) && call.kind === "mutation" }, kind);
      testBed.github.requests.mark();
      await testBed.publish("1.0.1");
      const opened = () => testBed.repository("acme").pulls().length;
      const log = () => testBed.github.requests.counted;
      const struckAt = () => log().findIndex(({ fault }) => fault !== undefined);
      await testBed.until(() => opened() > 0 && struckAt() >= 0 && log().length > struckAt() + 1);
      await testBed.waitUntilIdle();
      const struck = struckAt();
      expect(struck).toBeGreaterThan(0);
      expect(log()[struck]?.operationName).toBe("Promote");
      expect(log()[struck + 1]?.operation).not.toBe("mutation");
      expect(opened()).toBe(1);
    },
  );
});

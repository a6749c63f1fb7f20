// Every kind of bad answer, sorted by what to do next; nothing is ever sent twice.

import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { failureOf, leave, place } from "./place.ts";

let at: ReturnType<typeof place>;

beforeEach(() => {
  at = place();
  at.grants("ghs_1");
});
afterEach(leave);

const PATH = "/repos/acme/config/labels";

function create() {
  const about = { activity: "making a label", purpose: "promotion", content: true } as const;
  return at.client.rest(about, (octokit) =>
    octokit.rest.issues.createLabel({ owner: "acme", repo: "config", name: "a" }),
  );
}

const SPENT = {
  "x-ratelimit-remaining": "0",
  "x-ratelimit-reset": String(Date.parse("2026-03-01T12:34:56Z") / 1000),
};
const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes.";

interface Answered {
  readonly name: string;
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly kind: string;
}

describe("REST", () => {
  const cases: readonly (Answered & { readonly retryAt?: string })[] = [
    {
      ...{ name: "429 with retry-after", status: 429, headers: { "retry-after": "30" } },
      ...{ kind: "limited", retryAt: "2026-03-01T12:00:30.000Z" },
    },
    {
      ...{ name: "a secondary limit", status: 403, message: SECONDARY, headers: { "retry-after": "90" } },
      ...{ kind: "limited", retryAt: "2026-03-01T12:01:30.000Z" },
    },
    {
      ...{ name: "a secondary limit that names no time", status: 403, message: SECONDARY },
      ...{ kind: "limited", retryAt: "2026-03-01T12:01:00.000Z" },
    },
    {
      ...{ name: "a spent hour", status: 403, headers: SPENT },
      ...{ kind: "limited", retryAt: "2026-03-01T12:34:56.000Z" },
    },
    {
      ...{ name: "a missing permission", status: 403, headers: { "x-ratelimit-remaining": "4000" } },
      kind: "denied",
    },
    { name: "not found", status: 404, kind: "missing" },
    { name: "a conflict", status: 409, kind: "refused" },
    { name: "invalid", status: 422, kind: "refused" },
    { name: "a bad gateway", status: 502, kind: "unavailable" },
  ];
  test.each(cases)("$status, $name: $kind", async ({ status, message, headers, kind, retryAt }) => {
    at.rest.post(PATH).reply(status, { message: message ?? "no" }, headers);
    expect(await failureOf(create())).toEqual({ kind, status, retryAt });
    expect(at.requests).toEqual([`rest ${status}`]);
  });

  test("a connection that breaks leaves the outcome unknown", async () => {
    at.rest.post(PATH).replyWithError("socket hang up");
    expect(await failureOf(create())).toMatchObject({ kind: "unavailable" });
    expect(at.requests).toEqual(["rest lost"]);
  });

  test("after a limit nothing is sent until it is over", async () => {
    at.rest.post(PATH).reply(429, {}, { "retry-after": "30" });
    await failureOf(create());
    expect(await failureOf(create())).toMatchObject({
      ...{ kind: "limited", retryAt: "2026-03-01T12:00:30.000Z" },
    });
    expect(at.requests).toEqual(["rest 429"]);
  });

  test.each([
    { name: "what GitHub said last", reset: "2026-03-01T12:30:00Z", remaining: 4017 },
    { name: "all of it after the reset", reset: "2026-03-01T11:59:59Z", remaining: 5000 },
  ])("what is left of the hour is $name", async ({ reset, remaining }) => {
    expect(at.app.remaining()).toEqual([]);
    const headers = {
      ...{ "x-ratelimit-resource": "core", "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4017" },
      "x-ratelimit-reset": String(Date.parse(reset) / 1000),
    };
    at.rest.post(PATH).reply(201, {}, headers);
    await create();
    expect(at.app.remaining()).toEqual([{ installation: 7, resource: "core", remaining }]);
  });

  test("a token that no longer counts is renewed at the same host, for the next request", async () => {
    const made = { node_id: "LA_1" };
    at.rest.post(PATH).matchHeader("authorization", "token ghs_1").reply(201, made);
    await create();
    await later(async () => {
      const bad = { message: "Bad credentials" };
      at.rest.post(PATH).matchHeader("authorization", "token ghs_1").reply(401, bad);
      at.grants("ghs_2");
      expect(await failureOf(create())).toMatchObject({ kind: "unavailable", status: 401 });
      at.rest.post(PATH).matchHeader("authorization", "token ghs_2").reply(201, made);
      await create();
    });
    expect(at.requests).toEqual(["rest 201", "rest 401", "rest 201"]);
  });
});

/** A minute later by the calendar: Octokit asks again by itself while a token is younger than five seconds. */
async function later(act: () => Promise<void>): Promise<void> {
  const doNotFake = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate"] as const;
  const more = ["clearImmediate", "nextTick", "queueMicrotask", "performance", "hrtime"] as const;
  jest.useFakeTimers({ now: Date.now() + 60_000, doNotFake: [...doNotFake, ...more] });
  try {
    await act();
  } finally {
    jest.useRealTimers();
  }
}

describe("GraphQL", () => {
  const ask = () => at.client.query<{ a: string }>("asking", "query Ask { a }", {});
  const tell = () =>
    at.client.mutate<{ a: object; b: object }>(
      { activity: "telling", purpose: "promotion" },
      "mutation Tell { a b }",
      {},
    );
  const answer = (body: object, headers: Record<string, string> = {}) =>
    at.host.post("/api/graphql").reply(200, body, headers);

  test("a spent budget is answered with 200 and an error", async () => {
    answer({ errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, SPENT);
    expect(await failureOf(ask())).toEqual({
      ...{ kind: "limited", status: 200, retryAt: "2026-03-01T12:34:56.000Z" },
    });
  });

  test("so is a secondary limit, also beside a mutation", async () => {
    answer({ data: null, errors: [{ message: SECONDARY }] });
    expect(await failureOf(tell())).toMatchObject({ kind: "limited", retryAt: "2026-03-01T12:01:00.000Z" });
  });

  test("one field of a mutation fails, the other had its effect", async () => {
    const error = { type: "UNPROCESSABLE", path: ["b"], message: "no" };
    answer({ data: { a: {}, b: null }, errors: [error] });
    expect(await tell()).toEqual({
      data: { a: {}, b: null },
      errors: [{ type: "UNPROCESSABLE", path: "b", message: "no" }],
    });
  });

  test("a query fails with any of its fields", async () => {
    answer({ data: { a: null }, errors: [{ type: "NOT_FOUND", path: ["a"], message: "Could not resolve" }] });
    expect(await failureOf(ask())).toMatchObject({ kind: "missing" });
  });

  test("unless the field is one that may be missing", async () => {
    const missing = { type: "NOT_FOUND", path: ["maybe_u0"], message: "Could not resolve to a User" };
    answer({ data: { a: "A", maybe_u0: null }, errors: [missing] });
    expect(await ask()).toEqual({ a: "A", maybe_u0: null });
  });

  test("and nothing else is wrong", async () => {
    const missing = { type: "NOT_FOUND", path: ["maybe_u0"], message: "Could not resolve to a User" };
    const gone = { type: "NOT_FOUND", path: ["repository"], message: "Could not resolve to a Repository" };
    answer({ data: { repository: null, maybe_u0: null }, errors: [missing, gone] });
    expect(await failureOf(ask())).toMatchObject({ kind: "missing" });
    answer({ data: { maybe_u0: null }, errors: [{ ...missing, type: "FORBIDDEN" }] });
    expect(await failureOf(ask())).toMatchObject({ kind: "denied" });
  });
});

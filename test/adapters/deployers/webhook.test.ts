import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import {
  type Incoming,
  type Reply,
  type StandIn,
  startStandIn,
} from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { Desk, start } from "../../reconcile/deployment/desk.ts";

let hook: StandIn;
let reply: Reply;
let seen: Incoming[];
beforeEach(async () => {
  reply = { status: 202 };
  seen = [];
  hook = await startStandIn((request) => {
    seen.push(request);
    return reply;
  });
});
afterEach(() => hook.close());

function desk(secret = "s3cret"): Desk {
  const place = new Desk(
    [{ kind: "webhook", name: "other", url: `${hook.url}/hook`, secret, repositories: ["*/*"] }],
    500,
  );
  place.now = new Date();
  place.merge({ githubId: 1, position: 1 });
  return place;
}

/** Once, between the next reading of a call and the writing of what it becomes. */
function meanwhile(place: Desk, happens: () => Promise<unknown>): void {
  const { beforeReplacing } = place;
  place.beforeReplacing = async () => {
    place.beforeReplacing = beforeReplacing;
    await happens();
  };
}

describe("a call to a webhook", () => {
  it("carries the same fields as a Jenkins job gets, as JSON", async () => {
    await desk().reconcile();
    expect(seen.map(({ method, url, body }) => [method, url.pathname, JSON.parse(body.toString())])).toEqual([
      [
        "POST",
        "/hook",
        {
          REPOSITORY: "acme/config",
          ENVIRONMENT: "dev",
          PATH_IN_REPOSITORY: "dev",
          REVISION: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
          DEPLOYMENT_ID: "1",
          CHARTS: "xposer=1.0.1",
        },
      ],
    ]);
  });

  it.each([
    [
      "whsec_",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ],
    ["plain, non-ASCII", "gehéim", new Webhook(Buffer.from("gehéim"), { format: "raw" })],
  ])("is signed with a %s secret", async (_kind, secret, verifier) => {
    await desk(secret).reconcile();
    const [request] = seen;
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(() => verifier.verify(request?.body ?? "", headers)).not.toThrow();
    expect(() => verifier.verify(`${request?.body.toString()} `, headers)).toThrow();
  });

  it("is repeated with the same webhook-id until it is acknowledged", async () => {
    const place = desk();
    hook.faults.add({ kind: "lost" }, { times: 1 });
    hook.faults.add({ kind: "status", status: 500 }, { times: 1 });
    hook.faults.add({ kind: "timeout" }, { times: 1 });
    for (let looks = 0; looks < 4; looks += 1) {
      place.now = (await place.reconcile()).requeueAt ?? place.now;
    }
    expect(hook.requests.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array.from({ length: 4 }, () => "deployment_1_other"),
    );
    expect(place.call(1)).toMatchObject({ state: "called", url: `${hook.url}/hook` });
    expect(place.call(1).problem).toBeUndefined();
  });

  it.each([400, 401, 403, 404, 410, 302])(
    "that is answered %i becomes an error in the end",
    async (status) => {
      reply = { status, headers: { location: "https://elsewhere.example.com/" } };
      const place = desk();
      await place.reconcile();
      expect(place.call(1)).toMatchObject({ state: "waiting", problem: { code: "deployer-refused" } });
      await place.until(() => false);
      expect(place.deployment(1).state).toBe("error");
    },
  );

  it("is not repeated when its report comes in the very moment of the repeat, which is not lost", async () => {
    const place = desk();
    hook.faults.add({ kind: "lost" }, { times: 1 });
    place.now = (await place.reconcile()).requeueAt ?? place.now;
    meanwhile(place, () => place.report(1, "other", { state: "success", description: "done" }));
    place.now = (await place.reconcile()).requeueAt ?? place.now;
    expect(hook.requests).toHaveLength(1);
    expect(place.call(1)).toMatchObject({ state: "done", description: "done" });
    expect(place.deployment(1).state).toBe("success");
  });

  it("keeps what it has become while a report was being noted", async () => {
    const place = desk();
    meanwhile(place, () => place.reconcile());
    const log = "https://ci.example.com/1";
    expect(await place.report(1, "other", { state: "in_progress", log })).toMatchObject({ ok: true });
    expect(hook.requests).toHaveLength(1);
    expect(place.call(1)).toMatchObject({ state: "running", log, url: `${hook.url}/hook` });
  });

  it("may have been taken although a repeat is refused, so it is not forgotten", async () => {
    const place = desk();
    hook.faults.add({ kind: "lost" }, { times: 1 });
    place.now = (await place.reconcile()).requeueAt ?? place.now;
    reply = { status: 403 };
    await place.reconcile();
    expect(place.call(1).state).toBe("called");
  });

  it("without any report becomes an error after an hour, with one look at the end of it", async () => {
    const place = desk();
    const before = place.now.getTime();
    const { requeueAt: next } = await place.reconcile();
    expect((next?.getTime() ?? 0) - before).toBe(3_600_001);
    await place.until(() => false);
    expect(place.deployment(1)).toMatchObject({ state: "error" });
    expect(place.call(1).problem?.code).toBe("deployer-silent");
    expect(seen).toHaveLength(1);
  });

  it("waits out an outage of a day", async () => {
    const place = desk();
    const url = new URL(hook.url);
    await hook.close();
    const dayLater = place.now.getTime() + 24 * 3_600_000;
    await place.until(() => place.now.getTime() > dayLater);
    expect(place.call(1).problem?.code).toBe("deployer-unreachable");
    hook = await startStandIn((request) => {
      seen.push(request);
      return reply;
    }, Number(url.port));
    await place.reconcile();
    expect(place.call(1).url).toBe(`${hook.url}/hook`);
  });
});

describe("reports", () => {
  it("become statuses with the log's address", async () => {
    const place = desk();
    await place.reconcile();
    await place.report(1, "other", { state: "in_progress", log: "https://log.example.com/1" });
    await place.reconcile();
    await place.report(1, "other", { state: "success", description: "3 releases" });
    await place.reconcile();
    expect(place.statusLines).toEqual([
      "1 queued: other: called",
      "1 in_progress: other: running",
      "1 success: other: 3 releases",
    ]);
    expect(place.statuses.map(({ logUrl }) => logUrl)).toEqual([
      undefined,
      "https://log.example.com/1",
      "https://log.example.com/1",
    ]);
    expect(await place.reconcile()).toEqual({});
    expect(place.statusLines).toHaveLength(3);
  });

  it("of a failure bring a comment, and of work in progress after the end nothing", async () => {
    const place = desk();
    await place.reconcile();
    await place.report(1, "other", { state: "failure", description: "rollout timed out" });
    await place.reconcile();
    await place.report(1, "other", { state: "in_progress" });
    await place.reconcile();
    expect(place.statusLines.at(-1)).toBe("1 failure: other: rollout timed out");
    expect(place.comments).toHaveLength(1);
  });

  it("that come while the call is still under way are not lost", async () => {
    const place = desk();
    hook.faults.add({ kind: "slow", ms: 200 }, { times: 1 });
    const looking = place.reconcile();
    await new Promise((resolve) => setTimeout(resolve, 80));
    await place.report(1, "other", { state: "success" });
    expect((await looking).requeueAt).toEqual(place.now);
    await place.reconcile();
    expect(place.deployment(1).state).toBe("success");
    expect(place.now).not.toEqual(start);
  });

  it.each([
    [99, "other", "not-found"],
    [1, "stranger", "forbidden"],
  ])("on deployment %i by %s are refused: %s", async (id, deployer, code) => {
    const place = desk();
    await place.reconcile();
    expect(await place.report(id, deployer, { state: "success" })).toMatchObject({
      ok: false,
      problems: [{ code }],
    });
    expect(place.call(1).state).toBe("called");
  });
});

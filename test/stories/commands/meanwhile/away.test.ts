// What people said while the server was away, or while GitHub's webhooks were lost: it is done once, as it stands now.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { connectControl } from "../../../../src/adapters/control/connect.ts";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY, WEBHOOK_SECRET } from "../../../../src/sandbox/test-bed.ts";
import { away, live, pass, published, testBed, until } from "../../setting.ts";

function labels(): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(1).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

function reactions(): readonly string[] {
  return [...testBed.repository().reactions.values()].map(
    ({ content, author }) => `${content} ${author.login}`,
  );
}

function answerTo(comment: number): string | undefined {
  const comments = [...testBed.repository().comments.values()].map(({ body }) => body);
  return comments.find((body) => body.includes(`answer ${comment} `));
}

function conclusion() {
  return [...testBed.repository().checkRuns.values()].at(-1)?.conclusion;
}

function say(body: string, who = "alice", number = 1): number {
  return testBed.github.as(who).comment(CONFIG_REPOSITORY, number, body);
}

describe("a command in a comment that no webhook told of", () => {
  beforeEach(async () => {
    await live();
    await published("1.0.1");
  });

  test("is done, answered, and holds the check", async () => {
    await away(() => say("/hold"));
    await until(() => labels().includes("promotion/hold"));
    expect(reactions()).toEqual([`+1 ${testBed.github.world.app.bot.login}`]);
    expect(conclusion()).toBeNull();
  });

  test("is what it is now: an edited one as it reads, a deleted one not at all", async () => {
    await away(() => {
      const edited = say("Looks good to me");
      const deleted = say("/reject");
      testBed.alice.editComment(CONFIG_REPOSITORY, edited, "/hold");
      testBed.alice.deleteComment(CONFIG_REPOSITORY, deleted);
    });
    await until(() => labels().includes("promotion/hold"));
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  });

  test("is done in the order in which they were written", async () => {
    await away(() => {
      say("/hold");
      say("/unhold");
    });
    await until(() => reactions().length === 2);
    expect(labels()).toEqual([]);
  });

  test.each([
    ["/hold", "/unhold", []],
    ["/unhold", "/hold", ["promotion/hold"]],
  ] as const)(
    "%s that is heard of after the later %s changes nothing any more",
    async (first, later, held) => {
      testBed.github.webhooks.sendTo(undefined);
      const late = say(first);
      testBed.pass(1_000);
      testBed.github.webhooks.sendTo({ url: `${testBed.url()}/api/github/webhooks`, secret: WEBHOOK_SECRET });
      say(later);
      await until(() => reactions().length === 1);
      await testBed.restart();
      await until(() => reactions().length === 2);
      expect(labels()).toEqual(held);
      expect(answerTo(late)).toContain("heard of late");
    },
  );

  test("that is heard of after somebody took the label off by hand changes nothing any more", async () => {
    testBed.github.webhooks.sendTo(undefined);
    const late = say("/hold");
    testBed.pass(1_000);
    testBed.alice.label(CONFIG_REPOSITORY, 1, "promotion/hold");
    testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion/hold");
    await testBed.restart();
    await until(() => reactions().length === 1);
    expect(labels()).toEqual([]);
    expect(answerTo(late)).toContain("heard of late");
  });

  test("changes nothing from somebody without write access", async () => {
    await away(() => say("/hold", "bob"));
    await until(() => reactions().length === 1);
    expect(reactions()).toEqual([`-1 ${testBed.github.world.app.bot.login}`]);
    expect(labels()).toEqual([]);
  });

  test("is found after one that was told of, and although the database was lost", async () => {
    testBed.github.webhooks.sendTo(undefined);
    say("/hold");
    testBed.github.webhooks.sendTo({ url: `${testBed.url()}/api/github/webhooks`, secret: WEBHOOK_SECRET });
    say("/help");
    await until(() => reactions().length === 1);
    expect(labels()).toEqual([]);
    await testBed.restartWithoutDatabase();
    await until(() => labels().includes("promotion/hold"));
  });

  test("is done on an issue of the App, too", async () => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/values.yaml": "a: 1\n" } });
    const issue = () =>
      [...testBed.repository().threads.values()].find(({ kind }) => kind === "issue")?.number;
    await until(() => issue() !== undefined);
    await away(() => say("/help", "alice", issue()));
    await until(() => reactions().length === 1);
  });

  test("on a merged promotion opens one rollback, however often it is found, in a locked conversation too", async () => {
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const locked = { kind: "denied", message: "Unable to create comment because issue is locked." } as const;
    const match = ({ method, path }: Call) => method === "POST" && path.includes("/reactions");
    testBed.github.fault({ match, times: 100 }, locked);
    await away(() => say("/rollback"));
    await until(() => testBed.pulls().length === 2);
    testBed.alice.close(CONFIG_REPOSITORY, 2);
    await testBed.waitUntilIdle();
    for (const _ of [1, 2]) await testBed.restart();
    expect(testBed.pulls()).toEqual([
      "#1 merged Promote xposer to 1.0.1 in dev",
      "#2 closed Roll xposer back to 1.0.0 in dev",
    ]);
  });
});

test("looking for comments costs one query, and only where there are promotions", async () => {
  await live();
  const requests = () =>
    testBed.github.requests.sinceMark.filter(({ operationName }) => operationName === "CommentsSince").length;
  testBed.github.requests.mark();
  await testBed.restart();
  expect(requests()).toBe(0);
  await published("1.0.1");
  say("/hold");
  await until(() => reactions().length === 1);
  testBed.github.requests.mark();
  await testBed.restart();
  expect(requests()).toBe(1);
  const comments = testBed.github.requests.sinceMark.filter(({ path }) => path.includes("/comments/"));
  expect(comments).toEqual([]);
});

test("a comment that GitHub's answer does not show at the start yet is found half a minute later, and looked for no more", async () => {
  await live();
  await published("1.0.1");
  const match = ({ graphql }: Call) => graphql?.operationName === "CommentsSince";
  const requests = () =>
    testBed.github.requests.sinceMark.filter(({ operationName }) => operationName === "CommentsSince").length;
  testBed.github.requests.mark();
  await away(() => {
    testBed.github.fault({ match, times: 1 }, { kind: "stale-read" });
    say("/hold");
  });
  expect([labels(), requests()]).toEqual([[], 1]);
  await pass(20_000);
  expect([labels(), requests()]).toEqual([[], 1]);
  await pass(11_000);
  // The command itself asks whether somebody said otherwise since.
  expect([labels(), requests()]).toEqual([["promotion/hold"], 3]);
  await pass(40_000);
  expect(requests()).toBe(3);
});

describe("a delivery that failed", () => {
  beforeEach(async () => {
    await live();
    await published("1.0.1");
  });

  test("is asked for again at the start, and what it tells is dealt with once", async () => {
    await testBed.stopServer();
    say("/hold");
    testBed.alice.rerunChecks(CONFIG_REPOSITORY, {
      headOid: testBed.repository().branch("promote/dev/xposer") ?? "",
    });
    const runs = testBed.repository().checkRuns.size;
    await testBed.github.webhooks.idle();
    await testBed.startServer();
    await until(() => labels().includes("promotion/hold"));
    await until(() => testBed.repository().checkRuns.size > runs);
    expect(reactions()).toHaveLength(1);
    const { attempts } = testBed.github.webhooks;
    const redelivered = attempts.filter(({ redelivery }) => redelivery);
    expect(redelivered.map(({ delivery }) => delivery.event).toSorted()).toEqual([
      "check_suite",
      "issue_comment",
    ]);
    expect(redelivered.every(({ status }) => status === 202)).toBe(true);
    await testBed.restart();
    expect(attempts.filter(({ redelivery }) => redelivery)).toHaveLength(2);
  });

  test("of a push that deploys nothing is told once, whether it or the look at the branch comes first", async () => {
    await testBed.stopServer();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/values.yaml": "a: 1\n" } });
    await testBed.github.webhooks.idle();
    await testBed.startServer();
    const issues = () => [...testBed.repository().threads.values()].filter(({ kind }) => kind === "issue");
    await until(() => issues().length > 0);
    await testBed.waitUntilIdle();
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.body.match(/dev\/|\bdev\b/g)?.length).toBeGreaterThan(0);
  });

  test("is asked for three times at the most, and counted where an operator looks", async () => {
    const control = await connectControl(testBed.settings.dataFolder);
    await wronglySigned(async () => {
      say("Fine");
      for (const _ of [1, 2, 3, 4]) {
        await testBed.waitUntilIdle();
        await control?.sync();
      }
    });
    const { attempts } = testBed.github.webhooks;
    const commented = attempts.filter(({ delivery }) => delivery.event === "issue_comment");
    expect(commented.map(({ status }) => status)).toEqual([401, 401, 401]);
    const ready = await fetch(`${testBed.url()}/readyz`);
    expect(await ready.json()).toMatchObject({
      status: "ready",
      details: expect.arrayContaining([expect.stringMatching(/last good webhook delivery came at 2/)]),
    });
    const { webhooks } = (await control?.status()) ?? {};
    expect(webhooks).toMatchObject({ lastGood: expect.any(String), failed: expect.any(Number) });
    const metrics = await (await fetch(`${testBed.url()}/metrics`)).text();
    expect(metrics).toMatch(/github_webhooks_refused_total\{reason="signature"\} [1-9]/);
    expect(metrics).toMatch(/github_webhook_last_good_timestamp_seconds 1\.?\d*e?\+?\d*/);
    expect(JSON.stringify(await (await fetch(`${testBed.url()}/readyz`)).json())).toMatch(
      /[1-9] were refused/,
    );
  });

  test("keeps nothing from working where GitHub does not show deliveries", async () => {
    const match = ({ path }: Call) => path.endsWith("/app/hook/deliveries");
    testBed.github.fault({ match, times: 100 }, { kind: "denied", message: "Not for this App" });
    await away(() => say("/hold"));
    await until(() => labels().includes("promotion/hold"));
  });
});

/** What happens in it is told with a signature of another secret. */
async function wronglySigned(happens: () => unknown): Promise<void> {
  const target = () => ({ url: `${testBed.url()}/api/github/webhooks` });
  testBed.github.webhooks.sendTo({ ...target(), secret: "another" });
  await happens();
  await testBed.waitUntilIdle();
  testBed.github.webhooks.sendTo({ ...target(), secret: WEBHOOK_SECRET });
}

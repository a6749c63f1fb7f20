// The labels that hold a pull request and let it out of a freeze: what they do, and whose word counts.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { startHook } from "../../support/hook.ts";
import { away, closeAfterwards, live, pass, published, testBed, until } from "../setting.ts";

const HOUR_MS = 3_600_000;

/** A deployer that takes every call; answers how often it was called. */
async function frozenTestBed(): Promise<() => number> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const freeze = `    freeze:\n      - { from: ${from}, to: ${to}, reason: holidays }\n`;
  await live({
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml": `environments:\n  dev:\n    path: dev\n    deploy: [hook]\n${freeze}`,
    },
    deployers: [
      {
        ...{ kind: "webhook", name: "hook", url: `${hook.url}/hook` },
        ...{ secret: "s", repositories: ["*/*"] },
      },
    ],
  });
  return () => hook.received.length;
}

function check() {
  return [...testBed.repository().checkRuns.values()].at(-1);
}

function labels(number = 1): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(number).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

function comments(): string {
  return [...testBed.repository().comments.values()].map(({ body }) => body).join("\n");
}

const bob = () => testBed.github.as("bob");

/** One that moves xposer, and has been judged. */
async function ownPullRequest(conclusion: "success" | null = "success"): Promise<number> {
  const requirements = (testBed.fileOn("main", "dev/requirements.yaml") ?? "").replace("1.0.0", "1.0.1");
  await testBed.museum.upload(testBed.pack("1.0.1"));
  const files = { "dev/requirements.yaml": requirements };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "Own" });
  await until(() => check()?.conclusion === conclusion);
  return number;
}

test("a freeze holds the check and names the label; with it the check succeeds and the merge is deployed", async () => {
  const calls = await frozenTestBed();
  await published("1.0.1");
  expect(check()?.conclusion).toBeNull();
  expect(check()?.output.summary).toContain("The label emergency, from somebody with write access");
  testBed.alice.label(CONFIG_REPOSITORY, 1, "emergency");
  await until(() => check()?.conclusion === "success");
  expect(check()?.output.summary).toContain("is frozen until");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls() === 1);
});

test("from somebody without write access the label counts for nothing, is taken off, and the pull request says why", async () => {
  const calls = await frozenTestBed();
  await published("1.0.1");
  bob().label(CONFIG_REPOSITORY, 1, "emergency");
  await until(() => labels().length === 0);
  expect(check()?.conclusion).toBeNull();
  expect(comments()).toContain("`emergency` was put back");
  for (const _ of [1, 2]) bob().label(CONFIG_REPOSITORY, 1, "emergency");
  await until(() => labels().length === 0);
  expect(comments().match(/was put back/g)).toHaveLength(1);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  bob().label(CONFIG_REPOSITORY, 1, "emergency");
  await until(() => labels().length === 0);
  expect(calls()).toBe(0);
});

test.each(["alice", "bob"])(
  "put on by %s before a merge while the server is down, it counts by what that person may do",
  async (who) => {
    const calls = await frozenTestBed();
    await published("1.0.1");
    await testBed.stopServer();
    testBed.github.as(who).label(CONFIG_REPOSITORY, 1, "emergency");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.startServer();
    await testBed.waitUntilIdle();
    if (who === "alice") await until(() => calls() === 1);
    expect(calls()).toBe(who === "alice" ? 1 : 0);
  },
);

test("the label that holds is put back where somebody without write access takes it off", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await until(() => labels().includes("promotion/hold"));
  bob().unlabel(CONFIG_REPOSITORY, 1, "promotion/hold");
  await until(() => labels().includes("promotion/hold"));
  expect(check()?.conclusion).toBeNull();
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion/hold");
  await until(() => check()?.conclusion === "success");
  bob().label(CONFIG_REPOSITORY, 1, "promotion/hold");
  await until(() => !labels().includes("promotion/hold"));
  await until(() => check()?.conclusion === "success");
});

test("other labels, other pull requests, and what a person with write access has decided since stay as they are", async () => {
  await live();
  await published("1.0.1");
  bob().label(CONFIG_REPOSITORY, 1, "looks-good");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "notes", on: "main", files: { "notes.md": "a\n" } });
  const other = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "notes", title: "Notes" });
  bob().label(CONFIG_REPOSITORY, other, "emergency");
  await testBed.stopServer();
  bob().label(CONFIG_REPOSITORY, 1, "promotion/hold");
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion/hold");
  testBed.alice.label(CONFIG_REPOSITORY, 1, "promotion/hold");
  await testBed.startServer();
  await testBed.waitUntilIdle();
  expect(labels()).toEqual(["looks-good", "promotion/hold"]);
  expect(labels(other)).toEqual(["emergency"]);
});

describe("what no webhook told of", () => {
  const HOLD = "promotion/hold";
  const succeeded = () =>
    [...testBed.repository().checkRuns.values()].filter(({ conclusion }) => conclusion === "success").length;
  const requestsTo = (path: RegExp) =>
    testBed.github.requests.sinceMark.filter((request) => path.test(request.path)).length;

  describe("of a promotion that was held", () => {
    beforeEach(async () => {
      await live();
      await published("1.0.1");
      testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
      await until(() => labels().includes(HOLD));
      // What was told of lately is believed before an answer that shows otherwise.
      await pass(40_000);
    });

    test("the label is put back that somebody without write access took off, and no check succeeds meanwhile", async () => {
      const before = succeeded();
      await away(() => bob().unlabel(CONFIG_REPOSITORY, 1, HOLD));
      expect(labels()).toEqual([HOLD]);
      expect(comments()).toContain("`promotion/hold` was put back");
      expect([check()?.conclusion, succeeded()]).toEqual([null, before]);
    });

    test("it is put back, too, where it was taken off below a screenful of comments", async () => {
      await away(() => {
        bob().unlabel(CONFIG_REPOSITORY, 1, HOLD);
        for (let n = 0; n < 30; n++) bob().comment(CONFIG_REPOSITORY, 1, `Look at this (${n})`);
      });
      expect(labels()).toEqual([HOLD]);
    });

    test("what GitHub does not let be put back keeps nothing else from being done", async () => {
      const match = ({ method, path }: Call) => method === "POST" && path.endsWith("/labels");
      testBed.github.fault({ match, times: 100 }, { kind: "denied", message: "Not for this App" });
      await away(() => {
        bob().unlabel(CONFIG_REPOSITORY, 1, HOLD);
        testBed.alice.comment(CONFIG_REPOSITORY, 1, "/reject");
      });
      await until(() => testBed.repository().mustPull(1).state === "closed");
      expect(labels()).toEqual([]);
    });

    test("where GitHub does not let it be put back, the check does not succeed either, until somebody with write access takes it off", async () => {
      const match = ({ method, path }: Call) => method === "POST" && path.endsWith("/labels");
      testBed.github.fault({ match, times: 100 }, { kind: "denied", message: "Not for this App" });
      await away(() => bob().unlabel(CONFIG_REPOSITORY, 1, HOLD));
      await published("1.0.2");
      expect([labels(), check()?.conclusion]).toEqual([[], null]);
      expect(check()?.output.summary).toContain("without write access took the label promotion/hold off");
      testBed.alice.label(CONFIG_REPOSITORY, 1, HOLD);
      await testBed.waitUntilIdle();
      testBed.alice.unlabel(CONFIG_REPOSITORY, 1, HOLD);
      await until(() => check()?.conclusion === "success");
    });

    test("it stays off where somebody with write access took it off, whoever had it before", async () => {
      await away(() => {
        bob().unlabel(CONFIG_REPOSITORY, 1, HOLD);
        bob().label(CONFIG_REPOSITORY, 1, HOLD);
        testBed.alice.unlabel(CONFIG_REPOSITORY, 1, HOLD);
      });
      await until(() => check()?.conclusion === "success");
      await pass(40_000);
      expect(labels()).toEqual([]);
    });
  });

  describe("of a pull request of a person's own", () => {
    let number: number;
    beforeEach(async () => {
      await live();
      number = await ownPullRequest();
    });

    test.each(["its database", "nothing"])(
      "the label is put back after a restart that loses %s",
      async (lost) => {
        testBed.alice.label(CONFIG_REPOSITORY, number, HOLD);
        await until(() => check()?.conclusion === null);
        await pass(40_000);
        const before = succeeded();
        testBed.github.webhooks.sendTo(undefined);
        bob().unlabel(CONFIG_REPOSITORY, number, HOLD);
        if (lost === "nothing") await testBed.restart();
        else await testBed.restartWithoutDatabase();
        await until(() => labels(number).includes(HOLD));
        expect([check()?.conclusion, succeeded()]).toEqual([null, before]);
        expect(comments()).toContain("`promotion/hold` was put back");
      },
    );

    test.each(["its database", "nothing"])(
      "a hold by somebody without write access is taken off after a restart that loses %s, and the check stays as it was",
      async (lost) => {
        await pass(40_000);
        testBed.github.webhooks.sendTo(undefined);
        bob().label(CONFIG_REPOSITORY, number, HOLD);
        if (lost === "nothing") await testBed.restart();
        else await testBed.restartWithoutDatabase();
        await until(() => !labels(number).includes(HOLD));
        await testBed.waitUntilIdle();
        expect(check()?.conclusion).toBe("success");
        expect(comments()).toContain("`promotion/hold` was put back");
      },
    );

    test("a hold by somebody with write access holds the check", async () => {
      await pass(40_000);
      await away(() => testBed.alice.label(CONFIG_REPOSITORY, number, HOLD));
      expect([labels(number), check()?.conclusion]).toEqual([[HOLD], null]);
    });
  });

  test("a hold by a stranger is taken off also where the check waits for a freeze and the database is lost", async () => {
    await frozenTestBed();
    const number = await ownPullRequest(null);
    await pass(40_000);
    testBed.github.webhooks.sendTo(undefined);
    bob().label(CONFIG_REPOSITORY, number, HOLD);
    await testBed.restartWithoutDatabase();
    await until(() => !labels(number).includes(HOLD));
    expect(check()?.output.title).toMatch(/^dev is frozen until/);
  });

  test("of a frozen pull request of a person's own, the label for emergencies is taken off that a stranger put on", async () => {
    const calls = await frozenTestBed();
    const number = await ownPullRequest(null);
    await pass(40_000);
    await away(() => bob().label(CONFIG_REPOSITORY, number, "emergency"));
    expect([labels(number), check()?.conclusion]).toEqual([[], null]);
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(calls()).toBe(0);
  });

  test("a hold by somebody with write access holds the check of a promotion", async () => {
    await live();
    await published("1.0.1");
    await pass(40_000);
    await away(() => testBed.alice.label(CONFIG_REPOSITORY, 1, HOLD));
    expect([labels(), check()?.conclusion]).toEqual([[HOLD], null]);
  });

  test("a hold is taken off again that somebody without write access put on", async () => {
    await live();
    await published("1.0.1");
    await away(() => bob().label(CONFIG_REPOSITORY, 1, HOLD));
    expect(labels()).toEqual([]);
    await until(() => check()?.conclusion === "success");
  });

  test("the label for emergencies lets nothing out that somebody without write access put on", async () => {
    const calls = await frozenTestBed();
    await published("1.0.1");
    await away(() => bob().label(CONFIG_REPOSITORY, 1, "emergency"));
    expect([labels(), check()?.conclusion, calls()]).toEqual([[], null, 0]);
  });

  test("a hold stays that somebody put on who has left since, and who did it is asked once", async () => {
    await live();
    await published("1.0.1");
    await away(() => testBed.alice.label(CONFIG_REPOSITORY, 1, HOLD));
    await pass(40_000);
    await away(() => bob().comment(CONFIG_REPOSITORY, 1, "Why?"));
    await pass(40_000);
    testBed.github.requests.mark();
    testBed.github.repository(CONFIG_REPOSITORY).permissions.set("alice", "read");
    await away(() => bob().comment(CONFIG_REPOSITORY, 1, "Until when?"));
    await pass(40_000);
    expect(labels()).toEqual([HOLD]);
    const looks = testBed.github.requests.sinceMark.filter(
      ({ operationName }) => operationName === "RepositoryState",
    );
    expect(looks.length).toBeGreaterThan(0);
    expect([requestsTo(/\/permission$/), requestsTo(/\/events/)]).toEqual([0, 0]);
  });
});

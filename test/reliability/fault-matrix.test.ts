// Every request of every flow, struck by every kind of trouble: the end is always the one without any.
//
// Each case is an account of its own, and all of them live through the same story at the same time; in each chapter, one
// request of an account meets one trouble. Which requests there are is asked of an account that meets none.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Call } from "../../src/sandbox/github/http/call.ts";
import type { Fault } from "../../src/sandbox/github/http/faults.ts";
import { MUSEUM_URL } from "../../src/sandbox/town.ts";
import { type City, foundCity, type Promoted } from "./city.ts";
import { pictureOf } from "./picture.ts";

/** Those after whose answer nothing is known of the effect are only of interest on a request that has one. */
const ON_ANY: readonly Fault[] = [
  { kind: "500" },
  { kind: "502" },
  { kind: "reset-before" },
  { kind: "reset-after-effect" },
  { kind: "timeout" },
  { kind: "401" },
  { kind: "primary-limit", resetSeconds: 1 },
  { kind: "secondary-limit", retryAfterSeconds: 1 },
];
const ON_READS: readonly Fault[] = [{ kind: "stale-read" }];
const ON_WRITES: readonly Fault[] = [
  { kind: "502-after-effect" },
  { kind: "timeout-after-effect" },
  { kind: "secondary-limit", retryAfterSeconds: 1, form: "200" },
];

const REQUIREMENTS = "dev/requirements.yaml";
const CONFIG = ".github/chart-promoter.yml";

interface Chapter {
  readonly name: string;
  /** What happens, in each of these accounts. */
  readonly happens: (city: City, accounts: readonly string[]) => Promise<unknown>;
}

const inEach =
  (act: (city: City, repository: string) => void): Chapter["happens"] =>
  async (city, accounts) => {
    for (const account of accounts) act(city, `${account}/config`);
  };

const STORY: readonly Chapter[] = [
  { name: "the App is found at start", happens: (city) => city.start() },
  { name: "a new promotion", happens: (city) => city.publish("1.0.1") },
  { name: "a newer version", happens: (city) => city.publish("1.0.2") },
  {
    name: "the base changed a touched file",
    happens: inEach((city, repository) => {
      const files = {
        [REQUIREMENTS]: `dependencies:\n  - name: xposer\n    version: 1.0.0 # now with a comment\n    repository: ${MUSEUM_URL}\n`,
      };
      city.alice.push(repository, { branch: "main", files });
    }),
  },
  { name: "closed by people", happens: inEach((city, repository) => city.alice.close(repository, 1)) },
  { name: "reopened by people", happens: inEach((city, repository) => city.alice.reopen(repository, 1)) },
  {
    name: "commits of people on the branch",
    happens: async (city, accounts) => {
      for (const account of accounts)
        city.alice.push(`${account}/config`, {
          branch: "promote/dev/xposer",
          files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
        });
      await city.publish("1.0.3");
    },
  },
  { name: "merged", happens: inEach((city, repository) => city.alice.merge(repository, 1)) },
  {
    name: "a promotion after the merge, with values",
    happens: (city) => city.publish("1.1.0", "xposer", { "image.tag": "1.1.0" }),
  },
  {
    name: "people put the version on the base by hand",
    happens: inEach((city, repository) => {
      const files = {
        [REQUIREMENTS]: `dependencies:\n  - name: xposer\n    version: 1.1.0 # by hand\n    repository: ${MUSEUM_URL}\n`,
        "dev/xposer.yaml": "xposer:\n  replicas: 3\n  image:\n    tag: 1.1.0\n",
      };
      city.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "a broken config file",
    happens: inEach((city, repository) => {
      const files = { [CONFIG]: "environments:\n  dev:\n    pth: dev\n" };
      city.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "a config file broken otherwise",
    happens: inEach((city, repository) => {
      const files = { [CONFIG]: "environments:\n  dev:\n    path: dev\n    updates: large\n" };
      city.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "the config file is right again, with labels and reviewers",
    happens: inEach((city, repository) => {
      const files = {
        [CONFIG]: "environments:\n  dev:\n    path: dev\n    labels: [promotion]\n    reviewers: [bob]\n",
      };
      city.alice.push(repository, { branch: "main", files });
    }),
  },
  { name: "a decorated promotion", happens: (city) => city.publish("1.2.0") },
];

/** The whole story takes minutes: `FAULT_MATRIX=all` tells it, otherwise only its beginning is told. */
const TOLD = process.env["FAULT_MATRIX"] === "all" ? STORY : STORY.slice(0, 3);

const CALM = "calm";
const timing = { gitHubTimeoutMs: 1500 };

/** `Look`, `POST check-runs`: what a request is called, whoever sends it. */
function nameOf({
  method,
  path,
  operationName,
}: {
  method: string;
  path: string;
  operationName?: string | undefined;
}): string {
  return (
    operationName ??
    `${method} ${path
      .split("/")
      .filter((part) => /^[a-z_-]+$/.test(part))
      .at(-1)}`
  );
}

function nameOfCall({ method, path, graphql }: Call): string {
  return nameOf({ method, path, operationName: graphql?.operationName });
}

const READS = new Set(["Look", "Head", "OpenHeads", "OpenIssues", "MergeProof", "Comments"]);

interface Strike {
  readonly request: string;
  readonly nth: number;
  readonly trouble: Fault;
}

/** The requests of a chapter, as the account that meets no trouble sends them. */
async function requestsOfStory(): Promise<readonly (readonly string[])[]> {
  const city = await foundCity({ accounts: [CALM], timing });
  const chapters: string[][] = [];
  for (const { happens } of TOLD) {
    city.github.requests.mark();
    await happens(city, [CALM]);
    await city.settle();
    chapters.push(city.requestsOf(CALM).map(nameOf));
  }
  await city.stop();
  return chapters;
}

function strikesOn(requests: readonly string[]): readonly Strike[] {
  return requests.flatMap((request, at) => {
    const nth = requests.slice(0, at + 1).filter((other) => other === request).length;
    const further = READS.has(request) || request.startsWith("GET") ? ON_READS : ON_WRITES;
    return [...ON_ANY, ...further].map((trouble) => ({ request, nth, trouble }));
  });
}

let city: City;
let chapters: readonly (readonly Strike[])[];
let accounts: readonly string[];
const publishes: string[] = [];

beforeAll(async () => {
  chapters = (await requestsOfStory()).map(strikesOn);
  const width = Math.max(...chapters.map((strikes) => strikes.length));
  accounts = [CALM, ...Array.from({ length: width }, (_, n) => `case-${n}`)];
  city = await foundCity({ accounts, timing });
}, 60_000);

afterAll(async () => {
  expect(city.github.requests.unknown).toEqual([]);
  expect(city.github.requests.merges).toEqual([]);
  await city.stop();
});

async function pictures(): Promise<ReadonlyMap<string, string>> {
  const told: Promoted[] = [];
  for (const id of publishes) told.push(...(await city.publishState(id)).promotions);
  return new Map(accounts.map((account) => [account, pictureOf(city.repository(account), told)]));
}

/** Accounts that do not look like the one without trouble. */
async function different(): Promise<readonly string[]> {
  const now = await pictures();
  return accounts.filter((account) => now.get(account) !== now.get(CALM));
}

/** Accounts that are still different when nothing happens any more, or after this time. */
async function convergence(withinMs: number): Promise<readonly string[]> {
  const end = Date.now() + withinMs;
  for (;;) {
    await city.settle();
    const still = await different();
    if (still.length === 0 || Date.now() > end) return still;
    await sleep(200);
  }
}

/** Longer than GitHub is given to show a deployment whose answer was lost. */
const PATIENCE_MS = 20_000;

function strikeOf(at: number, account: string): Strike | undefined {
  return chapters[at]?.[Number(account.split("-")[1])];
}

describe("whatever strikes a request, the end is the one without trouble", () => {
  let planned = 0;
  let struck = 0;
  const healedBySync: string[] = [];

  test.each(TOLD.map(({ name }, at) => [name, at] as const))(
    "%s",
    async (name, at) => {
      const strikes = chapters[at] ?? [];
      city.github.faults.clear();
      city.github.requests.mark();
      for (const [n, { request, nth, trouble }] of strikes.entries()) {
        const isFrom = city.isFrom(`case-${n}`);
        city.github.fault({ nth, match: (call) => isFrom(call) && nameOfCall(call) === request }, trouble);
      }
      const answer = await TOLD[at]?.happens(city, accounts);
      if (isPublish(answer)) publishes.push(answer.id);
      const late = await convergence(PATIENCE_MS);
      // Nobody can tell a stale answer from a fresh one; what it hid is seen when everything is looked at again.
      const misled = late.filter((account) => strikeOf(at, account)?.trouble.kind === "stale-read");
      if (misled.length > 0) await synchronise();
      const wrong = await different();
      planned += strikes.length;
      struck += city.github.requests.sinceMark.filter(({ fault }) => fault !== undefined).length;
      healedBySync.push(...misled.map((account) => `${name}: ${strikeOf(at, account)?.request}`));
      const now = await pictures();
      for (const account of [...wrong, ...late].slice(0, 1)) {
        const strike = strikeOf(at, account);
        expect({ strike, picture: now.get(account) }).toEqual({ strike, picture: now.get(CALM) });
      }
      expect(wrong).toEqual([]);
      expect(late).toEqual(misled);
      if (at === 0) leave(Math.max(...chapters.slice(1).map(({ length }) => length)));
    },
    60_000,
  );

  test("and it stays so when everything is looked at again", async () => {
    city.github.faults.clear();
    const before = await pictures();
    await synchronise();
    expect(await pictures()).toEqual(before);
    expect(struck).toBeGreaterThanOrEqual(planned * 0.95);
    process.stdout.write(
      `Fault matrix: ${planned} combinations of request and trouble, ${struck} requests struck.\n` +
        `Stale reads that only the next synchronisation made up for: ${healedBySync.join(", ") || "none"}.\n`,
    );
  }, 60_000);
});

/** A start looks at everything. */
async function synchronise(): Promise<void> {
  await city.stopServer();
  await city.start();
  await city.settle();
}

/** Only the first chapter needs as many accounts as there are; the others take the App away. */
function leave(stay: number): void {
  for (const account of accounts.slice(stay + 1)) city.uninstall(account);
  accounts = accounts.slice(0, stay + 1);
}

function isPublish(answer: unknown): answer is { readonly id: string } {
  return typeof answer === "object" && answer !== null && "id" in answer;
}

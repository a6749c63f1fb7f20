// GitHub leaves one pull request out of its answers, time after time, with an error: what it has to do with nothing goes on.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed, until } from "../../setting.ts";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const umbrella = (folder: string) => ({
  [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  [`${folder}/requirements.yaml`]: `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
});
const CONFIG = "environments:\n  dev: { path: dev }\n  prod: { path: prod }\n";

beforeEach(async () => {
  await live({ files: { ...umbrella("dev"), ...umbrella("prod"), ".github/chart-promoter.yml": CONFIG } });
  await published("1.0.1");
  await pass(60_000);
});

/** What is told of a publish, as `environment state`. */
async function statesOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ environment, state }) => `${environment} ${state}`).toSorted();
}

test.each([
  ["as an entry that is null", []],
  ["with an error", [{ message: "Something went wrong while executing your query." }]],
])(
  "%s: other environments get their promotions, and it says what is in the way until it is over",
  async (_how, errors) => {
    globalThis.fetch = (...call) => without(1, errors, call);
    const id = await published("1.0.2");
    await until(() => testBed.pulls()[1] === "#2 open Promote xposer to 1.0.2 in prod");
    expect(testBed.pulls()[0]).toBe("#1 open Promote xposer to 1.0.1 in dev");
    await until(async () => (await statesOf(id)).join() === "dev refused,prod proposed");
    expect(testBed.repository().issues().at(-1)?.body).toContain("GitHub leaves out of its answers");
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await until(() => testBed.repository().deployments.size === 1);
    globalThis.fetch = fetch;
    await pass(10 * 60_000);
    await until(() => testBed.pulls()[0] === "#1 open Promote xposer to 1.0.2 in dev");
    await until(() => testBed.repository().issues().at(-1)?.state === "closed");
  },
);

test("of a merge: promotions go on, and it is deployed when that is over", async () => {
  globalThis.fetch = withoutLabels;
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await published("1.0.2");
  await until(() => testBed.pulls()[0] === "#1 open Promote xposer to 1.0.2 in dev");
  expect(testBed.repository().deployments.size).toBe(0);
  globalThis.fetch = fetch;
  await until(() => testBed.repository().deployments.size === 1);
});

/** Merged or commented while nobody hears of it, and GitHub leaves something out of what is read at the start. */
async function unheard(query: string, happens: () => void): Promise<void> {
  testBed.github.webhooks.sendTo(undefined);
  happens();
  globalThis.fetch = (...call) => withNull(query, call);
  await testBed.restart();
}

const replies = () =>
  [...testBed.repository().comments.values()].filter(({ number }) => number === 1).map(({ body }) => body);

const heldPulls = () => {
  const { labels } = testBed.repository();
  return [1, 2].filter((number) =>
    testBed
      .repository()
      .mustPull(number)
      .labels.some((id) => labels.get(id)?.name === "promotion/hold"),
  );
};

test.each([
  ["merges", "MergesSince"],
  ["comments", "CommentsSince"],
])(
  "of the newest %s: commands that are heard are carried out, and the rest when that is over",
  async (what, query) => {
    await unheard(query, () => {
      if (what === "merges") testBed.alice.merge(CONFIG_REPOSITORY, 2);
      else testBed.alice.comment(CONFIG_REPOSITORY, 2, "/hold");
    });
    testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
    testBed.alice.comment(CONFIG_REPOSITORY, 1, "/help");
    await until(() => replies().join().includes("/rollback"));
    expect([testBed.repository().deployments.size, heldPulls()]).toEqual([0, what === "merges" ? [1] : []]);
    globalThis.fetch = fetch;
    await pass(60_000);
    if (what === "merges") await until(() => testBed.repository().deployments.size === 1);
    await until(() => heldPulls().join() === (what === "merges" ? "1" : "1,2"));
  },
);

test("of how a pull request was closed: other environments get their promotions", async () => {
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  for (let at = 0; at < 120; at++) testBed.alice.comment(CONFIG_REPOSITORY, 1, `Note ${at}`);
  await testBed.waitUntilIdle();
  globalThis.fetch = (...call) => withNull("Closing(", call);
  await published("1.0.2");
  await until(() => testBed.pulls()[1] === "#2 open Promote xposer to 1.0.2 in prod");
  globalThis.fetch = fetch;
  await pass(10 * 60_000);
  await until(() => testBed.pulls().at(-1)?.endsWith(" open Promote xposer to 1.0.2 in dev") === true);
});

/** The answer to this query, with `null` for the first entry of each list. */
async function withNull(query: string, [url, options]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(url, options);
  const { body } = options ?? {};
  if (typeof body !== "string" || !body.includes(`query ${query}`)) return response;
  const { status, headers } = response;
  const text = (await response.text()).replaceAll(/"nodes":\[\{/g, '"nodes":[null,{');
  return new Response(text, { status, headers });
}

/** Of a merge whose proof is asked for. */
async function withoutLabels(...[url, options]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(url, options);
  const { body } = options ?? {};
  if (typeof body !== "string" || !body.includes("query MergeProof(")) return response;
  const { status, headers } = response;
  const { data }: { data: { repository: { pullRequest: object } } } = Object(await response.json());
  const pullRequest = { ...data.repository.pullRequest, labels: null };
  const less = { data: { ...data, repository: { ...data.repository, pullRequest } } };
  return new Response(JSON.stringify(less), { status, headers });
}

/** Lists of a promotion branch's pull requests without this one. */
async function without(
  number: number,
  errors: readonly object[],
  [url, options]: Parameters<typeof fetch>,
): Promise<Response> {
  const response = await fetch(url, options);
  const { body } = options ?? {};
  if (typeof url !== "string" || !url.endsWith("/graphql") || typeof body !== "string") return response;
  if (!body.includes("query RepositoryState(")) return response;
  const { status, headers } = response;
  const answer: { readonly data?: { readonly repository: object } } = Object(await response.json());
  const paths: string[][] = [];
  const repository = Object.fromEntries(
    Object.entries(answer.data?.repository ?? {}).map(([alias, value]) => {
      const { nodes }: { readonly nodes?: readonly { readonly number?: number }[] } = Object(value);
      if (!/^p\d+_\d+$/.test(alias) || !nodes?.some((one) => one.number === number)) return [alias, value];
      paths.push(["repository", alias, "nodes", "0", "timelineItems"]);
      return [alias, { ...value, nodes: nodes.map((one) => (one.number === number ? null : one)) }];
    }),
  );
  const failed = paths.length > 0 && errors.length > 0;
  const all = failed ? { errors: errors.map((one) => ({ ...one, path: paths[0] })) } : {};
  return new Response(JSON.stringify({ ...answer, ...all, data: { ...answer.data, repository } }), {
    status,
    headers,
  });
}

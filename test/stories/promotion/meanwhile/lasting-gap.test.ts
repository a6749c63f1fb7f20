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

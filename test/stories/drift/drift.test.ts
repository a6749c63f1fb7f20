// A deployer reports how a cluster differs from what was deployed: who may report what, what is shown, and what it costs.

import { expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { pass, testBed, until } from "../setting.ts";
import {
  call,
  configure,
  deployed,
  deployments,
  driftConfig,
  drifted,
  ended,
  issueBody,
  issues,
  merged,
  newestDeployment,
  SCALED,
  watchedTestBed,
} from "./drift-test-bed.ts";

function requests(): readonly string[] {
  return testBed.github.requests.counted.map(
    ({ operationName, method, path }) => operationName ?? `${method} ${path}`,
  );
}

test("what differs is shown in one issue, kept in place, and closed by the first clean report", async () => {
  await watchedTestBed(driftConfig("{ every: 15m }"));
  const deployment = await deployed();
  expect((await drifted(deployment)).status).toBe(204);
  expect(issueBody()).toContain(
    "| `Deployment/web` in `dev` | `spec.replicas`, last written by `kubectl-scale` |",
  );
  expect(issueBody()).toContain("the configuration says `heal: off`");
  await drifted(deployment, [SCALED, { kind: "ClusterRole", name: "system:web", change: "missing" }]);
  expect(issueBody()).toContain("| `ClusterRole/system:web` | is missing |");
  expect((await drifted(deployment, [])).status).toBe(204);
  expect(issues().map(({ title, state }) => `${title} ${state}`)).toEqual(["Drift in dev closed"]);
  const [end, ...before] = issues()[0]?.body.split("\n\n") ?? [];
  expect(end).toMatch(
    /^\*\*Over:\*\* `dev` is as deployment \d+ \(`\w{7}`, #1\) left it, as `hook` reported at .* UTC\. Below stands what was known/,
  );
  expect(before.join("\n\n")).toContain("`spec.replicas`");
  expect(deployments()).toHaveLength(1);
});

test("a clean report costs GitHub nothing, the first with a drift one read and one write", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  testBed.github.requests.mark();
  await drifted(deployment, []);
  expect(requests()).toEqual([]);
  await drifted(deployment);
  expect(requests()).toEqual(["OpenIssues", "Issue"]);
  testBed.github.requests.mark();
  for (const _ of [1, 2, 3]) await drifted(deployment);
  expect(requests()).toEqual([]);
});

test("only the deployment's own deployer may report on it", async () => {
  await watchedTestBed(driftConfig("{}"));
  const { id, oid } = await deployed();
  const report = { revision: oid, resources: [] };
  expect(await call(`/deployments/${id}/drift`, report, { secret: "wrong" })).toMatchObject({ status: 401 });
  expect(await call(`/deployments/${id}/drift`, report, { who: "other" })).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
  expect(await call("/deployments/999999/drift", report)).toMatchObject({ status: 404 });
  expect(await call("/deployments/one/drift", report)).toMatchObject({ status: 404 });
});

const MALFORMED: readonly (readonly [what: string, body: unknown])[] = [
  ["no JSON", "{"],
  ["no revision", { resources: [] }],
  ["a short revision", { revision: "abc", resources: [] }],
  ["no list", { revision: "a".repeat(40), resources: {} }],
  ["another key", { revision: "a".repeat(40), resources: [], values: {} }],
  ["a value beside a field", { revision: "a".repeat(40), resources: [{ ...SCALED, value: 5 }] }],
  [
    "a value in a field",
    { revision: "a".repeat(40), resources: [{ ...SCALED, fields: ["spec.replicas=5"] }] },
  ],
  [
    "a sentence in a field",
    { revision: "a".repeat(40), resources: [{ ...SCALED, fields: ["replicas: 5"] }] },
  ],
  ["a sentence for a name", { revision: "a".repeat(40), resources: [{ ...SCALED, name: "web is 5" }] }],
  ["another change", { revision: "a".repeat(40), resources: [{ ...SCALED, change: "added" }] }],
];

test("what is no report, or holds anything beside names, is malformed", async () => {
  await watchedTestBed(driftConfig("{}"));
  const { id } = await deployed();
  const answers: object[] = [];
  for (const [what, body] of MALFORMED)
    answers.push({ what, ...(await call(`/deployments/${id}/drift`, body)) });
  const refused = {
    status: 400,
    body: expect.objectContaining({ code: "malformed", help: expect.any(String) }),
  };
  expect(answers).toEqual(MALFORMED.map(([what]) => ({ what, ...refused })));
  expect(issueBody()).toBeUndefined();
});

test("10,000 resources are taken, and no more, within 1 MiB", async () => {
  await watchedTestBed(driftConfig('{ ignore: ["*/*:metadata.annotations"] }'));
  const deployment = await deployed();
  const many = Array.from({ length: 10_000 }, (_, n) => ({
    ...{ kind: "ConfigMap", namespace: "dev", name: `map-${n}`, change: "changed" },
  }));
  expect((await drifted(deployment, many)).status).toBe(204);
  expect(issueBody()).toContain("and 9960 more");
  expect(await drifted(deployment, [...many, SCALED])).toMatchObject({ status: 400 });
  const long = [{ ...SCALED, fields: Array.from({ length: 900 }, (_, n) => `data.${"x".repeat(480)}${n}`) }];
  expect(await drifted(deployment, [...long, ...long, ...long])).toMatchObject({ status: 413 });
});

test("a report on what does not stand there any more is a conflict that names what does", async () => {
  await watchedTestBed(driftConfig("{}"));
  const first = await deployed("1.0.1");
  expect(
    await call(`/deployments/${first.id}/drift`, { revision: "a".repeat(40), resources: [] }),
  ).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringContaining(first.oid) },
  });
  await merged("1.0.2");
  expect((await drifted(newestDeployment())).status).toBe(409);
  expect((await drifted(first, [])).status).toBe(204);
  const second = newestDeployment();
  await ended(second.id, "success");
  expect(await drifted(first)).toMatchObject({
    status: 409,
    body: { code: "conflict", detail: expect.stringContaining(`that is deployment ${second.id}`) },
  });
  expect(issueBody()).toBeUndefined();
});

test("the deployer is told what to look at, and nobody else's environments", async () => {
  const ignore = 'ignore: ["Deployment/web:spec.replicas"]';
  const prod = "  prod:\n    path: prod\n    deploy: [hook]\n";
  await watchedTestBed(driftConfig(`{ every: 5m, ${ignore} }`, prod));
  expect((await call("/deployers/hook/watch")).body).toEqual({ environments: [] });
  const { id, oid } = await deployed();
  expect(await call("/deployers/hook/watch")).toEqual({
    status: 200,
    body: {
      environments: [
        {
          ...{ repository: CONFIG_REPOSITORY, environment: "dev", path: "dev" },
          ...{ deployment: id, revision: oid, every: "5m", ignore: ["Deployment/web:spec.replicas"] },
        },
      ],
    },
  });
  expect((await call("/deployers/other/watch", undefined, { who: "other" })).body).toEqual({
    environments: [],
  });
  expect(await call("/deployers/hook/watch", undefined, { who: "other" })).toMatchObject({ status: 403 });
  expect(await call("/deployers/hook/watch", undefined, { secret: "wrong" })).toMatchObject({ status: 401 });
});

test("what is ignored is no drift", async () => {
  await watchedTestBed(driftConfig('{ heal: on, ignore: ["Deployment/*:spec.replicas"] }'));
  const deployment = await deployed();
  await drifted(deployment);
  expect([issueBody(), deployments()]).toEqual([undefined, [expect.anything()]]);
});

test("nobody reports three rounds long: not watched, until the next report", async () => {
  await watchedTestBed(driftConfig("{ every: 30s }"));
  const deployment = await deployed();
  await drifted(deployment, []);
  expect(issueBody()).toBeUndefined();
  await pass(3 * 30_000);
  expect(issueBody()).toContain("`dev` is **not watched**");
  await drifted(deployment, []);
  expect(issueBody()).toBeUndefined();
  await pass(3 * 30_000);
  expect(issues()).toHaveLength(2);
});

test("an issue that GitHub shows as it was before is closed when it shows what was written last, which stays below", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  await drifted(deployment);
  await drifted(deployment, [{ ...SCALED, name: "api" }]);
  const match = ({ graphql }: Call) => graphql?.operationName === "OpenIssues";
  testBed.github.fault({ match }, "stale-read");
  await drifted(deployment, []);
  await until(() => issueBody() === undefined);
  expect(issues()[0]?.body).toMatch(/^\*\*Over:\*\*.*`Deployment\/api`/s);
});

test("where nobody watches any more, the issue is closed and a report is a conflict", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  await drifted(deployment);
  await configure(driftConfig("{}").replace(/ {4}drift.*\n/, ""));
  expect(issueBody()).toBeUndefined();
  expect(issues()[0]?.body).toMatch(/^\*\*Over:\*\* the configuration does not have `dev` watched any more/);
  expect((await drifted(deployment)).status).toBe(409);
});

test("a broken config file closes nothing, and reports are kept for when it is right", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  await drifted(deployment);
  await configure("environments: 7\n");
  expect((await drifted(deployment, [])).status).toBe(204);
  expect(issueBody()).toContain("spec.replicas");
  await configure(driftConfig("{}"));
  expect(issueBody()).toBeUndefined();
});

test("after the loss of the database the issue is known, with since when", async () => {
  await watchedTestBed(driftConfig("{}"));
  const deployment = await deployed();
  await drifted(deployment);
  const since = /\d{4}-\d\d-\d\d \d\d:\d\d UTC/.exec(issueBody() ?? "")?.[0] ?? "none";
  await testBed.restartWithoutDatabase();
  expect(issueBody()).toContain(`| \`Deployment/web\` in \`dev\` | is changed | ${since} | 1 report |`);
  await drifted(deployment);
  expect(issueBody()).toContain("`spec.replicas`");
  await drifted(deployment, []);
  expect(issues().map(({ state }) => state)).toEqual(["closed"]);
});

test("metrics show how much drifted, what was healed, and how old the last report is", async () => {
  await watchedTestBed(driftConfig("{ heal: on }"));
  const metrics = async () => {
    const text = await (await fetch(`${testBed.url()}/metrics`)).text();
    const shown = text.matchAll(/^chart_promoter_(drift\w*|heals_total)\{(.*)\} (.*)$/gm);
    return Object.fromEntries(
      [...shown].map(([, name, labels, value]) => [`${name} ${labels}`, Number(value)]),
    );
  };
  const dev = 'repository="acme/config",environment="dev"';
  const deployment = await deployed();
  expect(await metrics()).toEqual({
    [`drifted_resources ${dev}`]: 0,
    [`drift_report_age_seconds ${dev}`]: expect.any(Number),
  });
  await drifted(deployment, [SCALED, { kind: "ClusterRole", name: "web", change: "missing" }]);
  expect(await metrics()).toMatchObject({ [`drifted_resources ${dev}`]: 2, [`heals_total ${dev}`]: 1 });
});

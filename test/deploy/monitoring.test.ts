// The Grafana dashboard and the alert rules: every expression is PromQL, and asks only for what a running server has.

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { startTestBed } from "../../src/sandbox/test-bed.ts";

const folder = new URL("../../deploy/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");

interface GrafanaDashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string; readonly for: string }[];
  }[];
}

const dashboard: GrafanaDashboard = JSON.parse(read("grafana/chart-promoter.json"));
const rules: RuleFile = parse(read("prometheus/alerts.yaml"));

const EXPRESSIONS = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.groups.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr] as const)),
];

/** What the parser could not read, and the metrics that are named. */
function inspect(expression: string) {
  const errors: string[] = [];
  const metrics: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) errors.push(`${from}-${to}`);
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector")
        metrics.push(expression.slice(from, to));
    },
  });
  return { errors, metrics };
}

test("the parser tells what is no PromQL, and which metrics are named", () => {
  expect(inspect("sum by (a) (rate(b_total[5m])) > ").errors).not.toEqual([]);
  expect(inspect('sum by (a) (rate(b_total{c="d"}[5m])) / c')).toEqual({
    errors: [],
    metrics: ["b_total", "c"],
  });
});

test.each(EXPRESSIONS)("%s is PromQL", (_, expression) => {
  const { errors, metrics } = inspect(expression);
  expect(errors).toEqual([]);
  expect(metrics.length).toBeGreaterThan(0);
});

test("a running server has every metric that they name", async () => {
  const testBed = await startTestBed();
  try {
    const text = await (await fetch(`${testBed.url()}/metrics`)).text();
    const has = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name));
    const named = EXPRESSIONS.flatMap(([, expression]) => inspect(expression).metrics);
    const plain = named.map((name) => (has.has(name) ? name : name.replace(/_(bucket|count|sum)$/, "")));
    expect(plain.filter((name) => !has.has(name))).toEqual([]);
    expect(new Set(plain).size).toBeGreaterThan(12);
  } finally {
    await testBed.stop();
  }
});

test("each alert says what it is about and what to do", () => {
  const all = rules.groups.flatMap((group) => group.rules);
  expect(all.length).toBeGreaterThan(5);
  for (const rule of all)
    expect(rule).toMatchObject({
      for: expect.stringMatching(/^\d+[mh]$/),
      labels: { severity: expect.any(String) },
      annotations: { summary: expect.any(String), description: expect.any(String) },
    });
});

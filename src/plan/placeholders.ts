// The values a promotion sets: those of the config's rule, with placeholders filled, then those of the publish.

import type { ChartRule } from "../model/config.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Publish } from "../model/publish.ts";
import type { Value } from "../model/umbrella.ts";

interface ValueAt {
  readonly path: readonly string[];
  readonly value: Value;
}

/** Below the chart's own key, in the order to set them: what the publisher says wins over the config's rule. */
export function valuesToSet(rule: ChartRule, publish: Publish): Result<readonly ValueAt[]> {
  const facts = new Map([
    ["version", publish.version],
    ["appVersion", publish.appVersion],
    ["digest", publish.digest],
    ["revision", publish.source.revision],
  ]);
  const missing = new Set<string>();
  const configured = rule.values.map(({ path, value }) => ({ path, value: fill(value, facts, missing) }));
  const [first, ...rest] = [...missing].map((name) => unknownFact(name, rule, publish));
  if (first) return fail(first, ...rest);
  return ok([...configured, ...flatten(publish.values)]);
}

function fill(value: Value, facts: ReadonlyMap<string, string | undefined>, missing: Set<string>): Value {
  if (typeof value === "string") {
    return value.replace(/\{(version|appVersion|digest|revision)\}/g, (_, name: string) => {
      const fact = facts.get(name);
      if (fact === undefined) missing.add(name);
      return fact ?? "";
    });
  }
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => fill(item, facts, missing));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, facts, missing)]));
}

/** Maps are walked to their leaves, so that siblings which the publish does not name keep theirs. Keys are taken as they are. */
function flatten(
  values: { readonly [key: string]: Value },
  above: readonly string[] = [],
): readonly ValueAt[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = [...above, key];
    const isMap = value !== null && typeof value === "object" && !isList(value);
    return isMap && Object.keys(value).length > 0 ? flatten(value, path) : [{ path, value }];
  });
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function unknownFact(name: string, rule: ChartRule, publish: Publish): Problem {
  return {
    code: "values-invalid",
    message: `charts."${rule.glob}".values asks for {${name}}, which is not known of ${publish.chart} ${publish.version}.`,
    help:
      name === "appVersion"
        ? "Give the chart an appVersion, or use {version}."
        : `Announce the publish with its ${name === "revision" ? "source.revision" : name}, or take {${name}} out of the config.`,
  };
}

// The values that a promotion sets: those of the config's rule with placeholders filled in, then those of the publish.

import type { ChartRule } from "../model/config/config.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Publish } from "../model/publish.ts";
import type { Value } from "../model/umbrella.ts";
import { unfoldValues, type ValueAt } from "../strvals/unfold-values.ts";

/** Paths relative to the chart's own key, in the order to set them: the publish's values override those of the rule. */
export function valuesToSet(rule: ChartRule, publish: Publish): Result<readonly ValueAt[]> {
  const facts = new Map([
    ["version", publish.version],
    ["appVersion", publish.appVersion],
    ["digest", publish.digest],
    ["revision", publish.source.revision],
  ]);
  const missing = new Set<string>();
  const configured = rule.values.map(({ path, value }) => {
    const key = path.findLast((step) => typeof step === "string") ?? "";
    return { path, value: fill(value, { facts, missing, key }) };
  });
  const [first, ...rest] = [...missing].map((name) => unknownFact(name, rule, publish));
  if (first) return fail(first, ...rest);
  const announced = unfoldValues(publish.values);
  return announced.ok ? ok([...configured, ...announced.value]) : announced;
}

interface Filling {
  readonly facts: ReadonlyMap<string, string | undefined>;
  /** Names of placeholders whose value is unknown. */
  readonly missing: Set<string>;
  /** The key that contains the value. */
  readonly key: string;
}

function fill(value: Value, filling: Filling): Value {
  if (typeof value === "string") return fillText(value, filling);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => fill(item, filling));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fill(item, { ...filling, key })]),
  );
}

/** In an image tag `+` becomes `_`: tags cannot contain it, and `helm push` replaces it in the same way. */
function fillText(text: string, { facts, missing, key }: Filling): string {
  return text.replace(/\{(version|appVersion|digest|revision)\}/g, (_, name: string, at: number) => {
    const fact = facts.get(name);
    if (fact === undefined) missing.add(name);
    const isTag = /tags?$/i.test(key) || (/image$/i.test(key) && text.slice(0, at).includes(":"));
    return isTag ? (fact ?? "").replaceAll("+", "_") : (fact ?? "");
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

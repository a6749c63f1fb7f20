// May this version go there? Every publish of one chart gets a verdict for one environment, and at most one is picked.

import type { ChartRule } from "../model/config.ts";
import type { Verdict } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import { parseConstraint, satisfies } from "../versions/constraint.ts";
import { stepBetween } from "../versions/step.ts";
import { compareVersions, parseVersion, type Version } from "../versions/version.ts";
import type { History } from "./history.ts";

export interface Case {
  readonly environment: string;
  readonly rule: ChartRule;
  /** What the base branch has now; absent when nothing there tells. */
  readonly current?: Version;
  readonly history: History;
  /** Why a version has to wait for another environment; `undefined` when it need not. */
  readonly waits: (version: string) => string | undefined;
  /** A version that people asked for by name: having declined it, or a newer one, does not keep it out. */
  readonly insisted?: string;
}

type Opinion = Pick<Verdict, "state" | "because"> | "eligible";

export interface Judged {
  readonly pick?: Publish;
  readonly verdicts: readonly Verdict[];
}

/** `publishes`: all of one chart from one chart repository, in any order. */
export function judge(publishes: readonly Publish[], facts: Case): Judged {
  const opinions = publishes.map((publish) => ({ publish, opinion: opinionOn(publish, facts) }));
  const eligible = opinions.filter(({ opinion }) => opinion === "eligible").map(({ publish }) => publish);
  const best = eligible.reduce<Publish | undefined>(newer, undefined);
  const held = best && heldBack(best, facts);
  const verdicts = opinions.map(({ publish, opinion }) => ({
    publishId: publish.id,
    environment: facts.environment,
    ...(opinion === "eligible" ? rank(publish, best, held) : opinion),
  }));
  return { ...(best && !held && { pick: best }), verdicts };
}

function opinionOn(publish: Publish, facts: Case): Opinion {
  const { environment, rule, current, waits } = facts;
  const version = parseVersion(publish.version);
  if (!version) return { state: "refused", because: `${publish.version} is not a semantic version` };
  const order = current ? compareVersions(version, current) : 1;
  if (order === 0) return { state: "unchanged", because: sameVersion(environment, publish, current) };
  if (order < 0) return { state: "superseded", because: `${environment} already has ${current?.original}` };
  const breach = policyBreach(version, rule, current);
  if (breach) return { state: "refused", because: breach };
  const declined = declinedBecause(version, facts);
  if (declined !== undefined) return { state: "declined", because: declined };
  const wait = waits(publish.version);
  return wait === undefined ? "eligible" : { state: "unchanged", because: wait };
}

/** A version that is open now has been taken back up, whatever was declined before. */
function declinedBecause(version: Version, { history, insisted }: Case): string | undefined {
  const { declined, open } = history;
  if ([insisted, open?.carried?.version].includes(version.original)) return undefined;
  const highest = declined && parseVersion(declined.version);
  return highest && compareVersions(version, highest) <= 0 ? declined.because : undefined;
}

function sameVersion(environment: string, publish: Publish, current: Version | undefined): string {
  return current?.original === publish.version
    ? `${environment} already has ${publish.version}`
    : `${environment} has ${current?.original}, which ranks the same as ${publish.version}`;
}

/** Why the rule keeps a version out, in the config's own words. */
export function policyBreach(
  version: Version,
  rule: ChartRule,
  current: Version | undefined,
): string | undefined {
  const constraint = parseConstraint(rule.versions);
  if (!constraint.ok || !satisfies(version, constraint.value)) {
    return `charts."${rule.glob}".versions is "${rule.versions}", which ${version.original} does not satisfy`;
  }
  const step = current ? stepBetween(current, version) : "none";
  const steps = ["none", "patch", "minor", "major"];
  return steps.indexOf(step) > steps.indexOf(rule.updates)
    ? `charts."${rule.glob}".updates is ${rule.updates}, and ${current?.original} to ${version.original} is a ${step} step`
    : undefined;
}

/** An open pull request is never moved backwards, and a rollback is not overwritten while people look at it. */
function heldBack(best: Publish, { history }: Case): Pick<Verdict, "state" | "because"> | undefined {
  const { pullRequest, carried } = history.open ?? {};
  if (!pullRequest || !carried) return undefined;
  if (carried.rolledBackFrom !== undefined) {
    return { state: "unchanged", because: `waits for the rollback in #${pullRequest.number}` };
  }
  const [open, wanted] = [parseVersion(carried.version), parseVersion(best.version)];
  return open && wanted && compareVersions(open, wanted) > 0
    ? { state: "superseded", because: `#${pullRequest.number} already proposes ${carried.version}` }
    : undefined;
}

function rank(
  publish: Publish,
  best: Publish | undefined,
  held: Pick<Verdict, "state" | "because"> | undefined,
): Pick<Verdict, "state" | "because"> {
  if (held) return held;
  if (publish === best)
    return { state: "proposed", because: `${publish.version} is the newest version allowed here` };
  return { state: "superseded", because: `${best?.version} overtook it` };
}

function newer(best: Publish | undefined, next: Publish): Publish {
  const [a, b] = [best && parseVersion(best.version), parseVersion(next.version)];
  if (!best || !a || !b) return best ?? next;
  const order = compareVersions(b, a);
  return order > 0 || (order === 0 && next.at > best.at) ? next : best;
}

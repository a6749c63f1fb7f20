// Selects a chart's version for an environment: every publish gets a verdict, and at most one is picked.

import type { ChartRule } from "../model/config/config.ts";
import type { Move, Verdict } from "../model/promotion.ts";
import type { Publish } from "../model/publish.ts";
import { parseConstraint, satisfies } from "../versions/constraint.ts";
import { incrementBetween } from "../versions/increment.ts";
import { compareVersions, parseVersion, type Version } from "../versions/version.ts";
import { type EarlierDecline, type History, highest } from "./history.ts";
import type { UpstreamVerdict } from "./upstream.ts";

export interface VersionFacts {
  readonly environment: string;
  readonly rule: ChartRule;
  /** The version on the base branch; absent when neither manifest nor lock gives it. */
  readonly current?: Version;
  readonly history: History;
  /** Earlier declines of this chart. */
  readonly declinedBefore?: readonly EarlierDecline[];
  /** The upstream environment's verdict on a version. */
  readonly upstream: (version: string) => UpstreamVerdict;
  /** A version that people requested by name: an earlier decline of it, or of a newer one, does not apply. */
  readonly requestedVersion?: { readonly version: string; readonly by: string };
}

type Eligibility = Pick<Verdict, "state" | "because" | "until" | "never" | "isOnBase"> | "eligible";

export interface SelectedVersion {
  readonly pick?: Publish;
  /** Set when the picked version is proposed although it waits. */
  readonly override?: Move["override"];
  /** Why the open pull request has to be withdrawn before another version is picked. */
  readonly withdraws?: string;
  readonly verdicts: readonly Verdict[];
}

/** `publishes`: all of one chart from one chart repository, in any order. */
export function selectVersion(publishes: readonly Publish[], facts: VersionFacts): SelectedVersion {
  const opinions = publishes.map((publish) => ({ publish, opinion: eligibilityOf(publish, facts) }));
  const eligible = opinions.filter(({ opinion }) => opinion === "eligible").map(({ publish }) => publish);
  const best = eligible.reduce<Publish | undefined>(newer, undefined);
  const held = best && heldBack(best, facts);
  const verdicts = opinions.map(({ publish, opinion }) => ({
    publishId: publish.id,
    environment: facts.environment,
    ...(opinion === "eligible" ? rank(publish, best, held) : opinion),
  }));
  const override = best && overrideOf(best, facts);
  const withdraws = held?.withdraws;
  return {
    ...(best && !held && { pick: best, ...(override && { override }) }),
    ...(withdraws !== undefined && { withdraws }),
    verdicts,
  };
}

function eligibilityOf(publish: Publish, facts: VersionFacts): Eligibility {
  const { environment, rule, current, upstream } = facts;
  const version = parseVersion(publish.version);
  if (!version) return { state: "refused", because: `${publish.version} is not a semantic version` };
  const order = current ? compareVersions(version, current) : 1;
  if (order === 0)
    return { state: "unchanged", because: sameVersion(environment, publish, current), isOnBase: true };
  if (order < 0) return { state: "superseded", because: `${environment} already has ${current?.original}` };
  const breach = policyBreach(version, rule, current);
  if (breach) return { state: "refused", because: breach };
  const declined = declinedBecause(version, facts);
  if (declined !== undefined) return { state: "declined", because: declined };
  const before = upstream(publish.version);
  if (before.kind === "free" || overrideOf(publish, facts)) return "eligible";
  if (before.kind === "withdrawn") return { state: "unchanged", because: before.because };
  const { because, until, never } = before;
  return { state: "waiting", because, ...(until && { until }), ...(never && { never }) };
}

/**
 * Who overrides the wait for a version: the person who requested it now, or whose earlier request is open as a
 * promotion.
 */
function overrideOf(
  { version }: Publish,
  { upstream, requestedVersion, history: { open } }: VersionFacts,
): Move["override"] {
  const before = upstream(version);
  if (before.kind !== "waits") return undefined;
  const { because, never } = before;
  if (never && requestedVersion?.version === version) return { by: requestedVersion.by, because };
  const { version: carried, requestedBy } = open?.promoted ?? {};
  return carried === version && requestedBy !== undefined ? { by: requestedBy, because } : undefined;
}

/** A reopened version counts as wanted, whatever was declined before. */
function declinedBecause(
  version: Version,
  { history, declinedBefore = [], requestedVersion }: VersionFacts,
): string | undefined {
  const { open } = history;
  const declined = highest([...(history.declined ? [history.declined] : []), ...declinedBefore]);
  if ([requestedVersion?.version, open?.promoted?.version].includes(version.original)) return undefined;
  const limit = declined && parseVersion(declined.version);
  const order = limit ? compareVersions(version, limit) : 1;
  if (!declined || order > 0) return undefined;
  if (order === 0) return declined.because;
  return `${version.original} is older, and ${declined.because}; ${wayBack(declined)}`;
}

function wayBack({ pullRequest }: Pick<EarlierDecline, "pullRequest">): string {
  const command = pullRequest
    ? `/promote VERSION on #${pullRequest.number}`
    : "/promote CHART VERSION to ENVIRONMENT on any promotion";
  return `comment ${command} to have it all the same`;
}

function sameVersion(environment: string, publish: Publish, current: Version | undefined): string {
  return current?.original === publish.version
    ? `${environment} already has ${publish.version}`
    : `${environment} has ${current?.original}, which ranks the same as ${publish.version}`;
}

/** The config rule that excludes a version, quoted; `undefined` when it is allowed. */
export function policyBreach(
  version: Version,
  rule: ChartRule,
  current: Version | undefined,
): string | undefined {
  const constraint = parseConstraint(rule.versions);
  if (!constraint.ok || !satisfies(version, constraint.value)) {
    return `charts."${rule.glob}".versions is "${rule.versions}", which ${version.original} does not satisfy`;
  }
  const step = current ? incrementBetween(current, version) : "none";
  const steps = ["none", "patch", "minor", "major"];
  return steps.indexOf(step) > steps.indexOf(rule.updates)
    ? `charts."${rule.glob}".updates is ${rule.updates}, and ${current?.original} to ${version.original} is a ${step} step`
    : undefined;
}

interface HeldBack extends Pick<Verdict, "state" | "because"> {
  readonly withdraws?: string;
}

/**
 * An open pull request never goes to a lower version, and an open rollback is not overwritten. One that the policy
 * excludes by now is withdrawn in favour of an allowed version.
 */
function heldBack(best: Publish, { history, rule, current }: VersionFacts): HeldBack | undefined {
  const { pullRequest, promoted } = history.open ?? {};
  if (!pullRequest || !promoted) return undefined;
  if (promoted.rolledBackFrom !== undefined) {
    return { state: "waiting", because: `waits for the rollback in #${pullRequest.number}` };
  }
  const [open, wanted] = [parseVersion(promoted.version), parseVersion(best.version)];
  if (!open || !wanted || compareVersions(open, wanted) <= 0) return undefined;
  const breach = pullRequest.byApp ? policyBreach(open, rule, current) : undefined;
  if (breach !== undefined)
    return {
      ...{ state: "waiting", because: `waits until #${pullRequest.number} is withdrawn` },
      withdraws: breach,
    };
  return { state: "superseded", because: `#${pullRequest.number} already proposes ${promoted.version}` };
}

function rank(
  publish: Publish,
  best: Publish | undefined,
  held: HeldBack | undefined,
): Pick<Verdict, "state" | "because"> {
  if (held) return { state: held.state, because: held.because };
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

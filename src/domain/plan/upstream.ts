// `after` and `soak`: the upstream environment's verdict on a version. A version that was never deployed there waits.

import { type DeployedPeriod, isLower, versionStatusOf } from "../deployment/version-status.ts";
import { durationInWords } from "../model/config/duration.ts";
import type { Deployment } from "../model/deployment.ts";
import { instantText, untilText } from "../model/instant.ts";

/** The state of the environment that `after` names. */
export type UpstreamState =
  | { readonly kind: "none" }
  /** It cannot be read: every version waits. */
  | { readonly kind: "unknown"; readonly because: string }
  | {
      readonly kind: "known";
      readonly environment: string;
      readonly soakMs: number;
      /** Newest first. */
      readonly deployments: readonly Deployment[];
      /** `<chart> <version>` of each version declined there. */
      readonly declined: ReadonlySet<string>;
      /** Current versions on its branch, by chart; absent when they were not read. */
      readonly present?: ReadonlyMap<string, PresentVersion>;
    };

/** The state for an environment without `after`. */
export const NO_UPSTREAM: UpstreamState = { kind: "none" };

/** A version on an environment's branch. */
export interface PresentVersion {
  readonly version: string;
  /** Whether a merged promotion brought it: then its deployment is recorded, or will be shortly. */
  readonly isPromoted: boolean;
}

export type UpstreamVerdict =
  /** `satisfied`: how the `after` and `soak` conditions were met; absent when there were none. */
  | { readonly kind: "free"; readonly satisfied?: string }
  /** `until`: when the soak ends, if nothing happens. `never`: the condition cannot be met as things are. */
  | { readonly kind: "waits"; readonly because: string; readonly until?: Date; readonly never?: true }
  /** An open promotion of it has to be withdrawn, although it was allowed before. */
  | { readonly kind: "withdrawn"; readonly because: string };

interface ChartVersion {
  readonly chart: string;
  readonly version: string;
}

/** Pure: depends only on the state, the version and `now`. */
export function judgeUpstream(
  upstream: UpstreamState,
  { chart, version }: ChartVersion,
  now: Date,
): UpstreamVerdict {
  if (upstream.kind === "none") return { kind: "free" };
  if (upstream.kind === "unknown") return { kind: "waits", because: upstream.because, never: true };
  const { environment, deployments, declined } = upstream;
  const status = versionStatusOf(deployments, chart, version);
  switch (status.kind) {
    case "taken-back": {
      const because = `${version} was rolled back to ${status.to} in ${environment} by #${status.pullRequest}`;
      return { kind: "withdrawn", because };
    }
    case "failed": {
      const because = `deploying ${version} to ${environment} failed (#${status.pullRequest})`;
      return { kind: "withdrawn", because };
    }
    case "never":
    case "out":
      if (declined.has(`${chart} ${version}`))
        return { kind: "withdrawn", because: `${version} was declined in ${environment}` };
      if (status.kind === "out") return soaked(status.periods, { ...upstream, version, now });
      return notYet(upstream, { chart, version });
  }
}

function notYet(
  { environment, present }: Extract<UpstreamState, { kind: "known" }>,
  { chart, version }: ChartVersion,
): UpstreamVerdict {
  const because = `waits until ${version} is deployed in ${environment}`;
  if (!present) return { kind: "waits", because };
  const there = present.get(chart);
  if (!there) return { kind: "waits", because: `${because}, which does not have ${chart}`, never: true };
  if (there.isPromoted || isLower(there.version, version)) return { kind: "waits", because };
  const known = `${environment} has ${there.version}, and no deployment of it is on record`;
  return { kind: "waits", because: `${because}: ${known}`, never: true };
}

interface Soaking {
  readonly environment: string;
  readonly soakMs: number;
  readonly version: string;
  readonly now: Date;
}

/** Only time in which the version is deployed counts towards the soak, not the time after it was replaced. */
function soaked(periods: readonly DeployedPeriod[], soaking: Soaking): UpstreamVerdict {
  const { environment, soakMs, version, now } = soaking;
  const long = periods.find(({ since, until = now }) => until.getTime() - since.getTime() >= soakMs);
  if (long) return { kind: "free", satisfied: satisfied(long, soaking) };
  const standing = periods.find(({ until }) => until === undefined);
  if (!standing) {
    const wanted = `the ${durationInWords(soakMs)} asked for`;
    return { kind: "waits", because: `waits: ${version} was replaced in ${environment} before ${wanted}` };
  }
  const until = new Date(standing.since.getTime() + soakMs);
  const because = `waits until ${untilText(until)}: ${version} soaks in ${environment}`;
  return { kind: "waits", because, until };
}

function satisfied({ since, until }: DeployedPeriod, { environment, soakMs }: Soaking): string {
  const wanted = soakMs === 0 ? "" : `, longer than the ${durationInWords(soakMs)} asked for`;
  const time =
    until === undefined
      ? `since ${instantText(since)}`
      : `from ${instantText(since)} to ${instantText(until)}`;
  return `deployed to ${environment} ${time}${wanted}`;
}

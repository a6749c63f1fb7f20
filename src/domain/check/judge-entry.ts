// Judges one dependency that a pull request changes: is it the right chart, and is this version allowed here?

import type { SignatureVerdict } from "../model/chart/signature.ts";
import type { Environment } from "../model/config/config.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { shownAddress } from "../model/secret/shown-address.ts";
import { ruleFor } from "../plan/chart-rule.ts";
import { policyBreach } from "../plan/select-version.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import { untilAllowed } from "./allowance.ts";
import type { ChartFact, EntryFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { MovedEntry } from "./moved-entries.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface EntryCase {
  readonly environment: Environment;
  readonly facts: EntryFacts;
  /** The version that a rollback by the App takes back. */
  readonly rolledBackFrom?: string;
  /** Login of the person who allowed findings that need an allowance. */
  readonly allowedBy?: string;
  /** Login of the person who requested its version although it waits. */
  readonly requestedBy?: string | undefined;
  /** Where its version is written, with its path in the repository. */
  readonly place: SourceLocation;
}

export function judgeEntry(entry: EntryCase): readonly Finding[] {
  if (!entry.facts.entry.moves) return [];
  return [...judgeOrigin(entry), ...judgeChart(entry), ...judgePolicy(entry)];
}

/** A chart of the same name and version in another repository may be a different one. */
function judgeOrigin({ facts: { entry, repointedFrom }, allowedBy, place }: EntryCase): readonly Finding[] {
  if (repointedFrom === undefined) return [];
  const { isNew, key, dependency } = entry;
  const { name, repository } = dependency;
  const now = shownAddress(repository) || "no chart repository";
  const was = shownAddress(repointedFrom) || "none";
  const what = isNew
    ? `${name} would come from ${now} under the key ${key}, and the base has it from ${was}`
    : `${name} would come from ${now} and no more from ${was}`;
  return [{ ...untilAllowed(what, allowedBy), place }];
}

/** Does the chart exist, and is it the one that was announced and signed? */
function judgeChart({ facts: { entry, chart }, place }: EntryCase): readonly Finding[] {
  const what = nameOf(entry);
  switch (chart.kind) {
    case "unasked":
      return chart.because === undefined
        ? []
        : [{ level: "warning", sentence: `${what} is not looked up: ${chart.because}.`, place }];
    case "unreachable":
      return [
        {
          level: "wait",
          sentence: unsettled(`Whether ${what} exists is not known yet`, chart.problem),
          retryAfterMs: retryAfterMs(chart),
        },
      ];
    case "missing":
      return [
        {
          level: "failure",
          sentence: `${what} is not in the chart repository "${chart.repository}": ${chart.requested}.`,
          place,
        },
      ];
    case "found":
      return [
        { level: "fine", sentence: `${what} is in the chart repository "${chart.repository}".` },
        ...judgeDigest(what, chart, place),
        ...judgeBuild(what, chart, place),
        ...judgeArchive(what, chart, place),
        ...judgeSignature(what, chart.signature, place),
      ];
  }
}

function judgeDigest(
  what: string,
  { digest, announced }: { readonly digest?: string; readonly announced?: string },
  place: SourceLocation,
): readonly Finding[] {
  if (digest === undefined || announced === undefined) return [];
  return digest === announced
    ? [{ level: "fine", sentence: `Its digest is the one it was published with.` }]
    : [
        {
          level: "failure",
          sentence: `${what} was published with ${announced}, but the chart repository has ${digest}.`,
          place,
        },
      ];
}

/** Helm selects by precedence, which ignores build metadata. */
function judgeBuild(
  what: string,
  { repository, sameRank = [] }: { readonly repository: string; readonly sameRank?: readonly string[] },
  place: SourceLocation,
): readonly Finding[] {
  if (sameRank.length === 0) return [];
  const sentence = `What is merged may not be what is deployed: the chart repository "${repository}" also has ${sameRank.join(", ")}, and \`helm dependency build\` may download that for ${what}, because build metadata does not count for it (Helm issue 13245).`;
  return [{ level: "warning", sentence, place }];
}

/**
 * An archive that cannot be fetched here cannot be fetched by Helm either. Omitted when the signature finding says the
 * same.
 */
function judgeArchive(
  what: string,
  { unfetched, signature }: Extract<ChartFact, { readonly kind: "found" }>,
  place: SourceLocation,
): readonly Finding[] {
  if (unfetched === undefined || signature.kind !== "unasked") return [];
  if (unfetched.code === "chart-missing")
    return [{ level: "failure", sentence: `${what} cannot be downloaded: ${unfetched.message}`, place }];
  const sentence = unsettled(`Whether ${what} can be downloaded is not known yet`, unfetched);
  return [{ level: "wait", sentence, retryAfterMs: retryAfterMs() }];
}

function judgeSignature(
  what: string,
  signature: SignatureVerdict,
  place: SourceLocation,
): readonly Finding[] {
  switch (signature.kind) {
    case "unasked":
      return [];
    case "valid":
      return [{ level: "fine", sentence: `Its provenance is signed by ${signature.signer}.` }];
    case "unknown":
      return [
        {
          level: "wait",
          sentence: unsettled(`Whether ${what} is signed is not known yet`, signature.problem),
          retryAfterMs: retryAfterMs(),
        },
      ];
    case "invalid":
      return [
        { level: "failure", sentence: `${signature.problem.message} ${signature.problem.help}`, place },
      ];
  }
}

function unsettled(what: string, { message }: Problem): string {
  return `${what}: ${message} It is looked at again by itself.`;
}

/** Is this version allowed here? Only a rollback by the App may go back. */
function judgePolicy(subject: EntryCase): readonly Finding[] {
  const { environment, facts, rolledBackFrom, requestedBy, place } = subject;
  const { entry, wait } = facts;
  const version = entry.to === undefined ? undefined : parseVersion(entry.to);
  if (!version) return [];
  const { from } = entry;
  if (rolledBackFrom !== undefined && rolledBackFrom === from?.original)
    return [
      { level: "fine", sentence: `${entry.dependency.name} goes back from ${from.original} by a rollback.` },
    ];
  const name = entry.dependency.name;
  if (from && compareVersions(version, from) < 0)
    return [
      {
        level: "failure",
        sentence: `${name} would go back from ${from.original} to ${entry.to} in ${environment.name}. The way back is the command /rollback on the pull request that brought ${from.original}.`,
        place,
      },
    ];
  const rule = ruleFor(environment, name);
  const breach = rule && policyBreach(version, rule, from);
  if (breach !== undefined)
    return [
      {
        level: "failure",
        sentence: `The policy of ${environment.name} keeps ${name} ${entry.to} out: ${breach}.`,
        place,
      },
    ];
  if (!wait) return rule ? [{ level: "fine", sentence: `The policy of ${environment.name} admits it.` }] : [];
  const sentence = `${name} ${entry.to} ${wait.because}.`;
  if (requestedBy !== undefined && !wait.isWithdrawn)
    return [{ level: "warning", sentence: `${sentence} ${requestedBy} asked for it all the same.`, place }];
  return wait.until
    ? [{ level: "wait", sentence, until: wait.until }]
    : [{ level: "failure", sentence, place }];
}

function nameOf({ dependency: { name }, to }: MovedEntry): string {
  return to === undefined ? name : `${name} ${to}`;
}

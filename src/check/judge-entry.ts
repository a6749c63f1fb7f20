// Judges one dependency that a pull request moves: is the chart what it should be, and may this version go there?

import type { Environment } from "../model/config.ts";
import type { Place, Problem } from "../model/problem.ts";
import { policyBreach } from "../plan/judge.ts";
import { ruleFor } from "../plan/rules.ts";
import { compareVersions, parseVersion } from "../versions/version.ts";
import type { EntryFacts, Provenance } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { MovedEntry } from "./moved-entries.ts";

export interface EntryCase {
  readonly environment: Environment;
  readonly facts: EntryFacts;
  /** The version that a rollback of the App's own takes away. */
  readonly rolledBackFrom?: string;
  /** Where its version is written, with its path in the repository. */
  readonly place: Place;
}

export function judgeEntry(entry: EntryCase): readonly Finding[] {
  if (!entry.facts.entry.moves) return [];
  return [...judgeChart(entry), ...judgePolicy(entry)];
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
          retry: true,
        },
      ];
    case "missing":
      return [
        {
          level: "failure",
          sentence: `${what} is not in the chart repository "${chart.repository}": ${chart.asked}.`,
          place,
        },
      ];
    case "found":
      return [
        { level: "fine", sentence: `${what} is in the chart repository "${chart.repository}".` },
        ...judgeDigest(what, chart, place),
        ...judgeProvenance(what, chart.provenance, place),
      ];
  }
}

function judgeDigest(
  what: string,
  { digest, announced }: { readonly digest?: string; readonly announced?: string },
  place: Place,
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

function judgeProvenance(what: string, provenance: Provenance, place: Place): readonly Finding[] {
  switch (provenance.kind) {
    case "unasked":
      return [];
    case "valid":
      return [{ level: "fine", sentence: `Its provenance is signed by ${provenance.signer}.` }];
    case "unreachable":
      return [
        {
          level: "wait",
          sentence: unsettled(`Whether ${what} is signed is not known yet`, provenance.problem),
          retry: true,
        },
      ];
    case "invalid":
      return [
        { level: "failure", sentence: `${provenance.problem.message} ${provenance.problem.help}`, place },
      ];
  }
}

function unsettled(what: string, { message }: Problem): string {
  return `${what}: ${message} It is looked at again by itself.`;
}

/** May this version go there? A rollback of the App's own is the one way back. */
function judgePolicy(subject: EntryCase): readonly Finding[] {
  const { environment, facts, rolledBackFrom, place } = subject;
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
  return wait.until
    ? [{ level: "wait", sentence, until: wait.until }]
    : [{ level: "failure", sentence, place }];
}

function nameOf({ dependency: { name }, to }: MovedEntry): string {
  return to === undefined ? name : `${name} ${to}`;
}

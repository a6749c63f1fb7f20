// The issue about an environment's drift: the differing resources, since when, and what happens next. Times are
// absolute, so that the text stays true until the next update.

import type { KnownDeployment } from "../deployment/next-deployment.ts";
import type { DriftReport, SeenResource } from "../model/drift.ts";
import { hiddenJson } from "../model/github/hidden-marker.ts";
import { instantText } from "../model/instant.ts";
import { code } from "../pull-request-body/markdown/escape.ts";
import type { DriftDecision, DriftFacts } from "./decide-drift.ts";
import { healedLine, nextStep } from "./next-step.ts";

export interface DriftIssue {
  readonly title: string;
  /** Markdown; absent when there is no drift. */
  readonly body?: string;
  /** Markdown: why the issue is closed. */
  readonly lastWords?: string;
  /** The text without counts and times of reports: when only those change, it need not be updated. */
  readonly tells: string;
}

export interface DriftStory {
  readonly environment: string;
  readonly facts: DriftFacts;
  readonly decision: DriftDecision;
  /** Reports about the last successful deployment. */
  readonly reports: readonly DriftReport[];
}

/** Below GitHub's limit of 65,536 characters, with room for the hidden marker. */
const ROOM = 60_000;
const LISTED = 40;
/** How many fields are listed for a resource. */
const FIELDS = 5;

export function driftTitle(environment: string): string {
  return `Drift in ${environment}`;
}

export function describeDrift(story: DriftStory): DriftIssue {
  const title = driftTitle(story.environment);
  if (story.decision.kind === "clean") return { title, tells: "", lastWords: goodEnd(story) };
  let listed = LISTED;
  while (listed > 1 && bodyOf(story, listed).length > ROOM) listed = Math.floor(listed / 2);
  return { title, body: bodyOf(story, listed), tells: paragraphs(unseen(story), listed).join("\n\n") };
}

function goodEnd({ environment, facts: { last, reportedAt }, reports }: DriftStory): string {
  const as = last ? `as ${what(last)} left it` : "as it was deployed";
  const when = reportedAt ? ` at ${instantText(reportedAt)}` : "";
  return `**Over:** ${code(environment)} is ${as}, as ${reporters(reports)} reported${when}. ${BELOW}`;
}

/** When an environment is not watched any more. */
export function endUnwatched(environment: string, now: Date): string {
  return `**Over:** the configuration does not have ${code(environment)} watched any more, as read at ${instantText(now)}. ${BELOW}`;
}

const BELOW = "Below stands what was known before that.";

function bodyOf(story: DriftStory, listed: number): string {
  return [...paragraphs(story, listed), hiddenJson("drift-state", stateOf(story, listed))].join("\n\n");
}

/** Leaves out what changes with each report. */
function unseen(story: DriftStory): DriftStory {
  const { facts } = story;
  const resources = facts.resources.map((one) => ({ ...one, seen: 0 }));
  const reportedAt = facts.reportedAt && new Date(0);
  return { ...story, reports: [], facts: { ...facts, resources, reportedAt } };
}

function paragraphs(story: DriftStory, listed: number): readonly string[] {
  const { facts, decision } = story;
  const healed = healedLine(facts.heals);
  return [
    headline(story),
    ...(facts.resources.length > 0 ? [table(facts.resources, listed)] : []),
    `**What happens next:** ${nextStep(facts, decision)}`,
    ...(healed === undefined ? [] : [healed]),
    "People with write access can comment `/heal` (deploy that commit again now) or `/keep 4h` (leave it alone that long). The first report without a difference closes this issue.",
  ];
}

function headline({ environment, facts, decision, reports }: DriftStory): string {
  const { last, reportedAt, resources } = facts;
  const where = code(environment);
  if (!last) return `Nothing that was deployed to ${where} is known.`;
  if (decision.kind === "unwatched" && resources.length === 0)
    return `${where} is **not watched**: nobody has reported on it since ${instantText(decision.since)}, so that it is not known whether it differs from ${what(last)}.`;
  if (resources.length === 0 || !reportedAt)
    return `${where} had drifted before ${what(last)} succeeded at ${instantText(last.changedAt)}. Nobody has reported on it since then.`;
  return `${where} is not as ${what(last)} left it, as ${reporters(reports)} reported at ${instantText(reportedAt)}:`;
}

function reporters(reports: readonly DriftReport[]): string {
  return reports.map(({ deployer }) => code(deployer)).join(", ") || "the deployer";
}

function what({ githubId, sha, pullRequest }: KnownDeployment): string {
  return `deployment ${githubId} (${code(sha.slice(0, 7))}, #${pullRequest})`;
}

function table(resources: readonly SeenResource[], listed: number): string {
  const rows = resources.slice(0, listed).map(row);
  const more = resources.length - rows.length;
  return [
    "| resource | differs | since | seen in |",
    "|---|---|---|---|",
    ...rows,
    ...(more > 0 ? [`| and ${more} more | | | |`] : []),
  ].join("\n");
}

function row(resource: SeenResource): string {
  const { kind, namespace, name, since, seen } = resource;
  const where = namespace === undefined ? "" : ` in ${code(namespace)}`;
  const reports = seen === 1 ? "1 report" : `${seen} reports`;
  return `| ${code(`${kind}/${name}`)}${where} | ${difference(resource)} | ${instantText(since)} | ${reports} |`;
}

function difference({ change, fields = [], manager }: SeenResource): string {
  const by = manager === undefined ? "" : `, last written by ${code(manager)}`;
  if (change === "missing") return "is missing";
  const named = fields.slice(0, FIELDS).map(code).join(", ");
  const more = fields.length > FIELDS ? ` and ${fields.length - FIELDS} more` : "";
  if (change === "unknown") return `could not be compared${named === "" ? "" : `: ${named}${more}`}`;
  return `${named === "" ? "is changed" : `${named}${more}`}${by}`;
}

/** The state to restore after the loss of the database: only the listed resources; fields come with the next report. */
function stateOf({ facts, reports }: DriftStory, listed: number): object {
  const { keep } = facts;
  const shown = new Set(facts.resources.slice(0, listed).map(keyOf));
  return {
    ...(keep && { keep }),
    reports: reports.map((report) => ({
      ...report,
      resources: report.resources
        .filter((one) => shown.has(keyOf(one)))
        .slice(0, listed)
        .map(({ fields: _fields, manager: _manager, ...kept }) => kept),
    })),
  };
}

function keyOf({ kind, namespace, name }: SeenResource): string {
  return JSON.stringify([kind, namespace, name]);
}

/** The environment that one of the App's issues is about; `undefined` for other issues. */
export function environmentOfIssue(body: string): string | undefined {
  return /<!-- chart-promoter:drift:(\S+) -->/.exec(body)?.[1];
}

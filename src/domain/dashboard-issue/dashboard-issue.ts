// The text of a config repository's dashboard issue: deployed versions, open promotions, obstacles, and boxes to tick.
// Times are absolute and there are no counters of time, so that the text changes only when something has happened.

import type { BoardEnvironment, BoardPromotion, BoardRepository } from "../board/board.ts";
import { isLower } from "../deployment/version-status.ts";
import type { Deployment, DeploymentState } from "../model/deployment.ts";
import { hiddenMarker } from "../model/github/hidden-marker.ts";
import { boxLine, type TickAction, type TickOutcome } from "../model/github/tick-box.ts";
import { instantText, untilText } from "../model/instant.ts";
import { clip, code, prose } from "../pull-request-body/markdown/escape.ts";

export interface DashboardFacts {
  readonly repository: BoardRepository;
  /** Versions that are not proposed, newest announced first. */
  readonly unproposed: readonly UnproposedVersion[];
  /** Outcomes of ticks, newest first. */
  readonly outcomes: readonly TickOutcome[];
  /** Round of the tick boxes. */
  readonly round: number;
}

export interface UnproposedVersion {
  readonly environment: string;
  readonly chart: string;
  readonly version: string;
  readonly state: "waiting" | "refused" | "declined";
  readonly because: string;
}

/** Below GitHub's limit of 65,536 characters, with room for the hidden marker. */
const ROOM = 60_000;
/** The most rows for one environment, and for all. */
const MOST_ROWS = 200;
const MOST_ROWS_IN_ALL = 800;
/** Maximum length, in characters, of a sentence that may quote others. */
const LONGEST = 200;

export function dashboardTitle(repository: string): string {
  return `Dashboard of ${repository}`;
}

/** The last text, when the config asks for no dashboard issue any more. */
export function endDashboard(now: Date): string {
  return `**Over:** the configuration asks for no dashboard issue any more, as read at ${instantText(now)}. Below stands what was known before that.`;
}

/** Shortened to GitHub's limit. */
export function describeDashboard(facts: DashboardFacts): string {
  const { environments } = facts.repository;
  const sorted = sortedFacts(facts);
  const share = Math.floor(MOST_ROWS_IN_ALL / Math.max(1, environments.length));
  let rows = Math.max(1, Math.min(MOST_ROWS, share));
  const sections = environments.map((environment) => sectionOf(environment, sorted, rows));
  const text = (shown: readonly Section[]) => textOf(facts, shown, rows);
  while (rows > 1 && text(sections).length > ROOM) rows = Math.floor(rows / 2);
  let shown = sections;
  while (shown.length > 0 && text(shown).length > ROOM)
    shown = shown.slice(0, Math.floor(shown.length * 0.9));
  return text(shown);
}

/** The facts, indexed for the rows. */
interface SortedFacts {
  readonly round: number;
  /** By chart. */
  readonly newest: ReadonlyMap<string, string | undefined>;
  /** By environment, then by chart: for each state the version that was announced last. */
  readonly unproposed: ReadonlyMap<string, ReadonlyMap<string, readonly UnproposedVersion[]>>;
}

function sortedFacts({ repository, unproposed, round }: DashboardFacts): SortedFacts {
  const found = new Map<string, Map<string, UnproposedVersion[]>>();
  for (const one of unproposed) {
    const charts = found.get(one.environment) ?? new Map<string, UnproposedVersion[]>();
    const known = charts.get(one.chart) ?? [];
    if (known.some(({ state }) => state === one.state)) continue;
    found.set(one.environment, charts.set(one.chart, [...known, one]));
  }
  return {
    ...{ round, unproposed: found },
    newest: new Map(repository.charts.map(({ name, newest }) => [name, newest])),
  };
}

function textOf(
  { repository, outcomes, round }: DashboardFacts,
  shown: readonly Section[],
  rows: number,
): string {
  const left = repository.environments.length - shown.length;
  return [
    INTRODUCTION,
    ...shown.flatMap((one) => sectionText(one, rows)),
    ...(left > 0 ? [`**${left} more environments are not shown.**`] : []),
    ...(outcomes.length > 0 ? [`## What came of ticks\n\n${outcomes.map(outcomeLine).join("\n")}`] : []),
    hiddenMarker(`round ${round}`),
  ].join("\n\n");
}

const INTRODUCTION =
  "What stands on each environment's branch, what is on its way there, and what keeps it. A tick in a box counts from people with write access, and is cleared when it was dealt with; to propose does what `/promote` does, so that a version which may still come by itself goes on waiting. This text is written anew when something has changed, and what people change of it is put back.";

/** The text about one environment. */
interface Section {
  readonly head: string;
  /** Number of its charts. */
  readonly charts: number;
  readonly rows: readonly string[];
  readonly boxes: readonly string[];
}

function sectionOf(environment: BoardEnvironment, facts: SortedFacts, most: number): Section {
  const { round } = facts;
  const charts = [...environment.cells.keys()].toSorted();
  return {
    head: `## ${code(environment.name)}\n\n${stateLines(environment).join("\n")}`,
    charts: charts.length,
    rows: charts.slice(0, most).map((chart) => row(chart, environment, facts)),
    boxes: boxesOf(environment, facts)
      .slice(0, most)
      .map(({ action, label }) => boxLine({ round, action }, label)),
  };
}

function sectionText({ head, charts, rows, boxes }: Section, most: number): readonly string[] {
  const shown = rows.slice(0, most);
  const left = charts - shown.length;
  const table = [
    "| chart | on the branch | published last | on its way |",
    "|---|---|---|---|",
    ...shown,
    ...(left > 0 ? [`| and ${left} more | | | |`] : []),
  ];
  return [
    head,
    charts === 0 ? "None of its dependencies is from a chart repository that is known." : table.join("\n"),
    ...(boxes.length > 0 ? [boxes.slice(0, most).join("\n")] : []),
  ];
}

function stateLines({ hold, drift, last }: BoardEnvironment): readonly string[] {
  return [
    `* ${lastText(last)}`,
    ...(hold
      ? [
          `* **${HELD_BY[hold.by]}**${hold.until ? ` until ${untilText(hold.until)}` : ""}: ${prose(clip(hold.reason, LONGEST))}`,
        ]
      : []),
    ...(drift ? driftLines(drift) : []),
  ];
}

const HELD_BY = { freeze: "Frozen", windows: "Outside of its windows", operator: "Paused" } as const;

function driftLines({ resources, isWatched }: NonNullable<BoardEnvironment["drift"]>): readonly string[] {
  const differ = resources === 1 ? "1 resource differs" : `${resources} resources differ`;
  return [
    ...(isWatched ? [] : ["* **Not watched**: its deployer has not reported on the cluster for long."]),
    ...(resources > 0 ? [`* **Drift**: ${differ} from what was deployed, as was reported last.`] : []),
  ];
}

const BECAME: Readonly<Record<DeploymentState, string>> = {
  creating: "is about to be recorded",
  held: "is held back",
  queued: "waits for its deployer",
  in_progress: "is under way",
  success: "succeeded",
  failure: "**failed**",
  error: "**ended with an error**",
  inactive: "was overtaken",
};

function lastText(last: Deployment | undefined): string {
  if (!last) return "No deployment is known.";
  const { repeats, state, sha, pullRequest, changedAt } = last;
  const what = repeats ? `The last deployment (a ${repeats.task})` : "The last deployment";
  return `${what}, ${code(sha.slice(0, 7))} of #${pullRequest}, ${BECAME[state]} (${instantText(changedAt)}).`;
}

function row(chart: string, environment: BoardEnvironment, facts: SortedFacts): string {
  const { present, open } = environment.cells.get(chart) ?? {};
  const coming = [
    ...(open ? [openText(open)] : []),
    ...unproposedOf(chart, environment, facts).map(unproposedText),
  ];
  const columns = [
    code(chart),
    versionText(present),
    versionText(facts.newest.get(chart)),
    coming.join("<br>"),
  ];
  return `| ${columns.join(" | ")} |`;
}

function versionText(version: string | undefined): string {
  return version === undefined ? "not known" : code(version);
}

function openText({ version, pullRequest, since, check }: BoardPromotion): string {
  const when = since ? ` since ${instantText(since)}` : "";
  return `${code(version)} in #${pullRequest}${when}${check ? `: ${checkText(check)}` : ""}`;
}

function checkText({ conclusion, title, isHeld }: NonNullable<BoardPromotion["check"]>): string {
  if (isHeld) return "**held** by its label";
  const text = prose(clip(title, LONGEST));
  if (conclusion === "failure") return `its check **fails** (${text})`;
  return conclusion === "pending" ? `its check waits (${text})` : "its check lets it be merged";
}

function unproposedText({ version, state, because }: UnproposedVersion): string {
  return `${code(version)} ${STATES[state]}: ${prose(clip(because, LONGEST))}`;
}

const STATES = { waiting: "waits", refused: "is **refused**", declined: "was declined" } as const;

/** Only versions above both the one on the branch and the open one. */
function unproposedOf(
  chart: string,
  { name, cells }: BoardEnvironment,
  facts: SortedFacts,
): readonly UnproposedVersion[] {
  const { present, open } = cells.get(chart) ?? {};
  const here = facts.unproposed.get(name)?.get(chart) ?? [];
  return here.filter(
    ({ version }) =>
      (present === undefined || isLower(present, version)) && (!open || isLower(open.version, version)),
  );
}

interface OfferedBox {
  readonly action: TickAction;
  readonly label: string;
}

function boxesOf(environment: BoardEnvironment, facts: SortedFacts): readonly OfferedBox[] {
  const { name, last, cells } = environment;
  const charts = [...(facts.unproposed.get(name)?.keys() ?? [])].filter((chart) => cells.has(chart));
  const proposals = charts.toSorted().flatMap((chart) =>
    unproposedOf(chart, environment, facts)
      .filter(({ state }) => state !== "refused")
      .map(({ version }): OfferedBox => {
        const action = { kind: "promote", environment: name, chart, version } as const;
        return { action, label: `propose ${code(`${chart} ${version}`)} in ${code(name)} now` };
      }),
  );
  const canRepeat = last && last.deployers.length > 0 && ENDED.has(last.state);
  const redeploy: OfferedBox = {
    action: { kind: "redeploy", environment: name },
    label: `deploy again what was deployed to ${code(name)} last`,
  };
  return canRepeat ? [...proposals, redeploy] : proposals;
}

const ENDED: ReadonlySet<DeploymentState> = new Set(["success", "failure", "error"]);

function outcomeLine({ at, person, action, result, said }: TickOutcome): string {
  const who = person === undefined ? "Somebody" : code(person);
  const wanted =
    action.kind === "promote"
      ? `propose ${code(`${action.chart} ${action.version}`)} in ${code(action.environment)}`
      : `deploy again in ${code(action.environment)}`;
  const end = result === "done" ? "done" : "**not done**";
  return `* ${instantText(at)}, ${who}, ${wanted}: ${end}.${said === "" ? "" : ` ${said}`}`;
}

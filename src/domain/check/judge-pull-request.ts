// The judgement of the check run `chart-promoter` on one head. Pure: the same facts give the same judgement.

import { windowText } from "../deployment/windows.ts";
import { clip } from "../model/clip.ts";
import type { Environment, TimeWindow } from "../model/config/config.ts";
import type { Annotation } from "../model/github/checked-pull-request.ts";
import { EMERGENCY_LABEL } from "../model/github/guarded-labels.ts";
import { untilText } from "../model/instant.ts";
import type { Problem, SourceLocation } from "../model/problem.ts";
import { inRepository } from "../model/repository-path.ts";
import { MANIFEST_FILES } from "../model/umbrella.ts";
import { oneLine } from "../model/visible.ts";
import { text } from "../pull-request-body/markdown/escape.ts";
import { judgeFiles } from "./allowance.ts";
import type { CheckFacts, EntryFacts, EnvironmentFacts, ImageFact } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { judgeArchives } from "./judge-archives.ts";
import { judgeEntry } from "./judge-entry.ts";
import { judgeLock } from "./judge-lock.ts";
import { judgeRendering } from "./judge-rendering.ts";
import { retryAfterMs } from "./retry-after.ts";
import { checkTitle, summarise } from "./summarise.ts";

export interface Judgement {
  /**
   * `pending` while something has to be waited for; `neutral` when nothing relevant has changed, or it cannot be
   * judged.
   */
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  /** Plain text. */
  readonly title: string;
  /** Markdown, below GitHub's limit of 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Sentences of the summary about the config, independent of the conclusion. */
  readonly notes?: readonly string[];
  /** When the next wait ends by itself. */
  readonly until?: Date;
  /** Something did not answer: requeue after this many milliseconds. */
  readonly retryAfterMs?: number;
}

export function judgePullRequest(facts: CheckFacts): Judgement {
  const parts = facts.environments.map((one) => ({
    environment: one.environment.name,
    findings: [
      ...judgeEnvironment(one, facts),
      ...judgeFreeze(one.environment, facts),
      ...judgePause(one.environment),
      ...windowNotes(one.environment),
    ],
  }));
  const whole: readonly Finding[] = [
    ...judgeFiles(facts),
    ...(facts.held ? [{ level: "wait", sentence: HELD[facts.held] } as const] : []),
  ];
  const raised = [...whole, ...parts.flatMap(({ findings }) => findings)];
  const all = raised.filter(({ level }) => level !== "note");
  const notes = raised.flatMap(({ level, sentence }) => (level === "note" ? [sentence] : []));
  const conclusion = conclusionOf(all);
  const until = earliest(all.flatMap((finding) => finding.until ?? []));
  const waits = [
    ...all.flatMap((finding) => finding.retryAfterMs ?? []),
    ...facts.environments.flatMap(({ comparesLater }) => (comparesLater ? [COMPARES_AFTER_MS] : [])),
  ];
  return {
    conclusion,
    title: checkTitle(conclusion, all, facts),
    summary: summarise(whole, parts),
    annotations: all.flatMap(annotationOf),
    ...(notes.length > 0 && { notes }),
    ...(until && { until }),
    ...(waits.length > 0 && { retryAfterMs: Math.max(...waits) }),
  };
}

/** Retry interval for the archive of a current version; the old chart repository may never answer again. */
const COMPARES_AFTER_MS = 10 * 60_000;

/** The judgement when judging failed: never successful. */
export function unjudged(problems: readonly Problem[]): Judgement {
  const sentences = problems.map(({ message, help }) => `${message} ${help}`);
  return {
    conclusion: "failure",
    title: "Not judged",
    summary: sentences.map((sentence) => text(sentence)).join("\n\n"),
    annotations: [],
  };
}

const HELD = {
  labelled: "Held by the label promotion/hold until somebody comments /unhold or takes the label away.",
  "taken-off":
    "Held: somebody without write access took the label promotion/hold off. Who has write access lets it go by putting the label on and taking it off.",
} as const;

function conclusionOf(findings: readonly Finding[]): Judgement["conclusion"] {
  if (findings.some(({ level }) => level === "failure")) return "failure";
  if (findings.some(({ level }) => level === "wait")) return "pending";
  return findings.length === 0 || findings.some(({ level }) => level === "undecided") ? "neutral" : "success";
}

function judgeEnvironment(facts: EnvironmentFacts, head: CheckFacts): readonly Finding[] {
  const { environment, umbrella, entries, images, imagesUnknown } = facts;
  if (!umbrella.ok) return umbrella.problems.map((problem) => unreadable(problem, environment));
  const moving = entries.some(({ entry }) => entry.moves);
  const locked = moving || lockChanged(facts) ? judgeLock(umbrella.value, facts) : [];
  return [
    ...entries.flatMap((one) => entryFindings(one, facts, head)),
    ...judgeArchives(facts, head),
    ...renderingFindings(facts),
    ...locked.map((finding) => placedInRepository(finding, environment)),
    ...images.map(imageFinding),
    ...(imagesUnknown === undefined
      ? []
      : [{ level: "warning", sentence: `Images are not looked up: ${imagesUnknown}.` } as const]),
  ];
}

function entryFindings(
  facts: EntryFacts,
  { environment }: EnvironmentFacts,
  head: CheckFacts,
): readonly Finding[] {
  const { entry } = facts;
  const rollback = head.rollback.get(entry.dependency.name);
  const requested = head.requested.get(entry.dependency.name);
  return judgeEntry({
    environment,
    facts,
    place: below(environment, entry.place),
    ...(rollback && rollback.version === entry.to && { rolledBackFrom: rollback.from }),
    ...(head.allowedBy !== undefined && { allowedBy: head.allowedBy }),
    ...(requested?.version === entry.to && { requestedBy: requested?.by }),
  });
}

/** Annotations are placed at the entry whose version changes, or else at the first one concerned. */
function renderingFindings({ environment, entries, judgement }: EnvironmentFacts): readonly Finding[] {
  if (judgement === undefined) return [];
  const [first] = [...entries.filter(({ entry }) => entry.moves), ...entries];
  return judgeRendering(judgement, first && below(environment, first.entry.place));
}

function imageFinding({ image, answer }: ImageFact): Finding {
  switch (answer.kind) {
    case "exists":
      return { level: "fine", sentence: `The image ${image} exists.` };
    case "missing":
      return { level: "failure", sentence: `The image ${image} does not exist: ${answer.requested}.` };
    case "unknown":
      return {
        level: "wait",
        sentence: `${answer.problem.message} It is looked at again by itself.`,
        retryAfterMs: retryAfterMs(),
      };
  }
}

/** Its text is valid until the freeze ends; then the check is judged again. */
function judgeFreeze(
  { name, freeze }: Environment,
  { now, emergency }: Pick<CheckFacts, "now" | "emergency">,
): readonly Finding[] {
  const way = emergency
    ? `The label ${EMERGENCY_LABEL} lets it be merged and deployed all the same.`
    : `The label ${EMERGENCY_LABEL}, from somebody with write access, lets it be merged and deployed before.`;
  return freeze
    .filter(({ from, to }) => from <= now && now < to)
    .map(({ to, reason }) => ({
      level: emergency ? "warning" : "wait",
      sentence: `${name} is frozen until ${untilText(to)}: ${reason}. ${way}`,
      until: to,
    }));
}

/** A pause ends when the server restarts without it; then the check is judged again. */
function judgePause({ name, paused }: Environment): readonly Finding[] {
  if (paused === undefined) return [];
  const sentence = `Nothing is deployed to ${name} for now: the server's operator paused it (${paused}).`;
  return [{ level: "wait", sentence }];
}

/** Deployment windows hold the deployment, not the merge, so they are only noted. */
function windowNotes({ windows }: Environment): readonly Finding[] {
  if (!windows) return [];
  const listed = (some: readonly TimeWindow[]) => some.map(windowText).join(", ");
  const { allow, deny } = windows;
  const sentences = [
    ...(allow.length > 0
      ? [
          `What is merged is deployed within ${listed(allow)} only, unless it has the label ${EMERGENCY_LABEL}.`,
        ]
      : []),
    ...(deny.length > 0
      ? [`Nothing is deployed within ${listed(deny)}, except for what has the label ${EMERGENCY_LABEL}.`]
      : []),
  ];
  return sentences.map((sentence) => ({ level: "note", sentence }));
}

function unreadable({ message, help, place }: Problem, environment: Environment): Finding {
  return {
    level: "failure",
    sentence: `${message} ${help}`,
    ...(place && { place: below(environment, place) }),
  };
}

function lockChanged({ texts: { fork, head } }: EnvironmentFacts): boolean {
  return MANIFEST_FILES.some((file) => fork.get(file) !== head.get(file));
}

/** Maximum length of an annotation's message: it may quote a chart's author, at any length. */
const MESSAGE = 1_000;

function annotationOf({ level, place, sentence }: Finding): readonly Annotation[] {
  if (!place || (level !== "failure" && level !== "warning")) return [];
  return [{ path: place.file, line: place.line ?? 1, level, message: clip(oneLine(sentence), MESSAGE) }];
}

function placedInRepository(finding: Finding, environment: Environment): Finding {
  return finding.place ? { ...finding, place: below(environment, finding.place) } : finding;
}

function below({ path }: Environment, place: SourceLocation): SourceLocation {
  return { ...place, file: inRepository(path, place.file) };
}

function earliest(dates: readonly Date[]): Date | undefined {
  return dates.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

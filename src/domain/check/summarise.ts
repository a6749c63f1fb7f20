// A judgement in words: the title that GitHub shows beside the check, and its summary.

import { oneLine } from "../model/visible.ts";
import { clip, prose, text } from "../pull-request-body/markdown/escape.ts";
import type { CheckFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";

const TITLE_LIMIT = 120;
/** Below GitHub's limit of 65,535 characters. */
const LIMIT = 60_000;

/** For each conclusion, the level of the findings that caused it. */
const DECIDES = { failure: "failure", pending: "wait", neutral: "undecided", success: undefined } as const;

/** Plain text: the first finding that keeps the check from succeeding, or else the changes. */
export function checkTitle(
  conclusion: "success" | "failure" | "neutral" | "pending",
  findings: readonly Finding[],
  facts: CheckFacts,
): string {
  const [first, ...more] = findings.filter(({ level }) => level === DECIDES[conclusion]);
  if (first) {
    const rest = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return clip(oneLine(first.sentence), TITLE_LIMIT - rest.length) + rest;
  }
  const moves = facts.environments.flatMap(({ environment, entries }) =>
    entries
      .filter(({ entry }) => entry.moves)
      .map(
        ({ entry }) =>
          `${entry.dependency.name} ${entry.to ?? entry.dependency.version} in ${environment.name}`,
      ),
  );
  return moves.length === 0
    ? "No chart moves"
    : clip(oneLine(`Good to merge: ${[...new Set(moves)].join(", ")}`), TITLE_LIMIT);
}

/** Markdown: findings about the whole pull request, then a list for each environment. */
export function summarise(
  first: readonly Finding[],
  parts: readonly { readonly environment: string; readonly findings: readonly Finding[] }[],
): string {
  const sections = parts.map(({ environment, findings }) => {
    const lines = findings.length === 0 ? ["Nothing that is checked has changed."] : findings.map(line);
    return [`### ${text(environment)}`, "", ...lines].join("\n");
  });
  const whole = [...(first.length > 0 ? [first.map(line).join("\n")] : []), ...sections].join("\n\n");
  return whole.length <= LIMIT ? whole : `${whole.slice(0, whole.lastIndexOf("\n", LIMIT))}\n\n… and more.`;
}

const MARKS: Readonly<Record<Finding["level"], string>> = {
  failure: ":x:",
  wait: ":hourglass:",
  undecided: ":grey_question:",
  warning: ":warning:",
  fine: ":white_check_mark:",
  note: ":information_source:",
};

function line({ level, sentence, markdown, place }: Finding): string {
  const at = place?.line === undefined ? "" : ` (${prose(`\`${place.file}:${place.line}\``)})`;
  return `- ${MARKS[level]} ${markdown ?? prose(clip(sentence, 1000))}${at}`;
}

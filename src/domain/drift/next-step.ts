// What happens to a drift next, in one or two sentences.

import type { DeploymentState } from "../model/deployment.ts";
import { instantText, untilText } from "../model/instant.ts";
import { code, prose, text } from "../pull-request-body/markdown/escape.ts";
import type { DriftDecision, DriftFacts, Heal, Hold, OpenQuestion } from "./decide-drift.ts";

export function nextStep(facts: DriftFacts, decision: DriftDecision): string {
  switch (decision.kind) {
    case "clean":
    case "nothing":
      return "The next report says whether it still differs.";
    case "unwatched":
      return `It is reported on every ${facts.policy.every} or nothing is healed by itself. See to it that the deployer's drift job runs and reaches this App.`;
    case "heal":
      return `${commitOf(facts)} is deployed again.`;
    case "show":
      return held(decision, facts);
    case "ask":
      return description(decision, facts);
  }
}

/** The recent heals and their results; `undefined` when there were none. */
export function healedLine(heals: readonly Heal[]): string | undefined {
  const ended = heals.map(
    ({ githubId, state, createdAt }) => `${named(githubId)} at ${instantText(createdAt)} (${ENDS[state]})`,
  );
  return ended.length === 0 ? undefined : `Heals so far, newest first: ${ended.slice(0, LISTED).join(", ")}.`;
}

const LISTED = 10;

const ENDS: { readonly [State in DeploymentState]: string } = {
  creating: "under way",
  held: "held back",
  queued: "under way",
  in_progress: "under way",
  success: "succeeded",
  failure: "failed",
  error: "ended with an error",
  inactive: "a newer deployment went out in its place",
};

function held(hold: Hold, facts: DriftFacts): string {
  switch (hold.because) {
    case "off":
      return "Nothing, until somebody deploys or heals it: the configuration says `heal: off`.";
    case "not-comparable":
      return "Nothing by itself: none of it could be compared, so that it is not known whether deploying again would change it.";
    case "keep":
      return `It is left alone until ${untilText(facts.keep?.until ?? facts.now)}, as ${code(facts.keep?.by ?? "")} asked.`;
    case "open":
      return openSentence(hold.open, facts);
    case "frozen":
      return frozenSentence(facts.frozen);
    case "too-young":
      return `It is healed at ${untilText(hold.until ?? facts.now)}, unless a report before then is without a difference.`;
    case "not-looked-since":
      return `Nothing at once: ${named(hold.heal.githubId)}, which was to heal it, ended with an error${quoted(hold.heal)} The next report decides whether it is tried again.`;
  }
}

function frozenSentence(frozen: DriftFacts["frozen"]): string {
  const { by, until, reason = "" } = frozen ?? {};
  const end = until ? ` until ${untilText(until)}` : "";
  return `${by === "freeze" ? "A freeze holds it" : "It waits"}${end} (${text(reason)}). What is reported then is healed.`;
}

function openSentence(open: Extract<Hold, { because: "open" }>["open"], facts: DriftFacts): string {
  if (open.repeats?.task === "heal") return `It is being healed: ${commitOf(facts)} is deployed again.`;
  return `It waits for the end of ${named(open.githubId)} (#${open.pullRequest}). What is reported after it decides.`;
}

function description(question: OpenQuestion, facts: DriftFacts): string {
  switch (question.because) {
    case "failed-since":
      return `Nothing by itself: deployment ${question.failed.githubId} (#${question.failed.pullRequest}) failed since, and to heal would be to go back behind it. Mend that deployment, or roll it back.`;
    case "heal-failed":
      return `Nothing by itself: ${named(question.heal.githubId)}, which was to heal it, failed${quoted(question.heal)} It would fail again. Put right by hand what it names, such as an object that has to be deleted first, then comment \`/heal\`.`;
    case "at-most":
      return `**It comes back.** It was healed ${facts.policy.atMost === 1 ? "once" : `${facts.policy.atMost} times`} within 24 hours, and is not healed again by itself before ${untilText(question.until)}. Find out who writes it, and stop that or have it ignored (\`drift.ignore\`); then comment \`/heal\`.`;
  }
}

function quoted({ description }: Heal): string {
  return description === undefined || description === ""
    ? "."
    : `: ${prose(/[.!?]$/.test(description) ? description : `${description}.`)}`;
}

function commitOf({ last }: DriftFacts): string {
  return code(last?.sha.slice(0, 7) ?? "");
}

/** A heal that GitHub has not confirmed yet has no number. */
function named(githubId: number | undefined): string {
  return githubId === undefined ? "a deployment" : `deployment ${githubId}`;
}

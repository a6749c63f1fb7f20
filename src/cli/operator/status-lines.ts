// `status` as text: waiting work with its reasons, dead keys, and repositories.

import type { ServerStatus } from "../../adapters/control/control.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import { type WebhookState, webhooksInWords } from "../../domain/model/github/webhook-state.ts";
import { instantText } from "../../domain/model/instant.ts";

export function statusLines({
  queue,
  dead,
  repositories,
  failingPolls,
  unfinishedDeployments,
  troubledPublishes,
  webhooks,
  watched,
  github,
  held,
}: ServerStatus): readonly string[] {
  return [
    `Queue: ${queue.due} due, ${queue.running} running, ${queue.later} later, ${queue.dead} given up`,
    ...dead.map(({ key, error, tries }) => `  given up after ${tries} tries: ${key}: ${error}`),
    ...(github ? [gitHubLine(github)] : ["No server runs on this data folder."]),
    ...(webhooks ? [webhooksInWords(revived(webhooks))] : []),
    `Config repositories: ${repositories.length}`,
    ...repositories.flatMap(({ repository, environments, problems }) => [
      `  ${repository}: ${environments.join(", ") || "no environment"}`,
      ...problems.map(({ message, place }) => `    line ${place?.line ?? "?"}: ${message}`),
    ]),
    ...failingPolls.map(
      ({ repository, chart, problem, since }) =>
        `${chart === undefined ? "Chart" : `The chart ${chart} of chart`} repository ${repository} cannot be polled since ${instantText(new Date(since))}: ${problem.message}`,
    ),
    ...troubledPublishes.map(
      ({ chart, version, repository, state, problem }) =>
        `Publish of ${chart} ${version} from ${repository} ${state === "rejected" ? "was given up" : "waits"}: ${problem?.message ?? ""}`,
    ),
    ...held.map(
      ({ repository, environment, chart, version, state, because }) =>
        `Promotion of ${chart} ${version} to ${repository} ${environment}: ${state}, ${because}`,
    ),
    ...watched.flatMap(({ environment, watch }) => driftLines(environment, watch)),
    ...unfinishedDeployments.map(
      ({ environment, sha, state }) => `Deployment of ${sha.slice(0, 7)} to ${environment}: ${state}`,
    ),
  ];
}

function gitHubLine({ answers, because }: NonNullable<ServerStatus["github"]>): string {
  return answers ? "GitHub answers." : `GitHub does not answer: ${because ?? "it is not known why"}`;
}

/** The control's JSON has instants as texts. */
function revived({ since, lastGood, ...rest }: WebhookState): WebhookState {
  return { ...rest, since: new Date(since), ...(lastGood && { lastGood: new Date(lastGood) }) };
}

/** From the control's JSON, which has instants as texts. */
function driftLines(environment: string, { latest, keep, issue }: DriftWatch): readonly string[] {
  if (!latest) return [];
  const at = latest.reportedAt === undefined ? "never" : new Date(latest.reportedAt).toISOString();
  const kept = keep && new Date(keep.until) > new Date() ? `, kept by ${keep.by}` : "";
  const what = latest.isWatched ? `${latest.resources} resources drifted` : "not watched";
  return [
    `Drift in ${environment}: ${what}, last reported ${at}${kept}${issue ? ", shown in an issue" : ""}`,
  ];
}

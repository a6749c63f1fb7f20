// The text of the issue about pushes without a pull request. A hidden comment holds the same as JSON, from which the
// record is restored after the loss of the database.

import { hiddenJson, readHiddenJson } from "../../domain/model/github/hidden-marker.ts";
import type { DirectPush } from "../../domain/model/github/repository.ts";
import { clip, code, text } from "../../domain/pull-request-body/markdown/escape.ts";
import type { IssueText } from "../ports/github/texts-on-github.ts";

/** Keeps the text within GitHub's limit of 65,536 characters. */
const LISTED = 30;
const LONGEST = 200;
/** How many pushes are kept on record, besides the newest of each environment. */
const KEPT = 100;

/**
 * The pushes that are kept on record. A dropped push is older than a kept one of its environment, so the deployment
 * that contains the kept one contains it as well.
 */
export function keptPushes(pushes: readonly DirectPush[]): readonly DirectPush[] {
  const newest = new Map(pushes.map((push) => [push.environment, push]));
  const recent = new Set(pushes.slice(-KEPT));
  return pushes.filter((push) => recent.has(push) || newest.get(push.environment) === push).map(clipped);
}

/** Without pushes the issue is closed. Newest last. */
export function describeDirectPushes(pushes: readonly DirectPush[]): IssueText {
  const title = "Pushed without a pull request, and not deployed";
  if (pushes.length === 0) return { kind: "direct-push", title };
  const listed = pushes.slice(-LISTED).map(clipped);
  const older = pushes.length - listed.length;
  const count = pushes.length < KEPT ? older : `${older} or more`;
  const lines = [...(older > 0 ? [`* ${count} earlier ones`] : []), ...listed.map(line)];
  const body = [
    "Only what a merged pull request puts on an environment's branch is deployed. These commits were pushed, so they are not:",
    lines.join("\n"),
    "The next deployment to the environment that contains them brings them out and closes this issue.",
    hiddenJson("pushes", listed),
  ].join("\n\n");
  return { kind: "direct-push", title, body };
}

/** Restores the pushes from the hidden JSON of the issue. People may have edited it: invalid entries are skipped. */
export function readDirectPushes(issues: readonly string[]): readonly DirectPush[] {
  const read = issues.map((body) => readHiddenJson(body, "pushes")).find((found) => found !== undefined);
  return Array.isArray(read) ? read.filter(isDirectPush) : [];
}

/** Keeps the headline of the newest commit; the others are only counted. */
function clipped(push: DirectPush): DirectPush {
  const [newest = "", ...others] = push.headlines;
  return { ...push, headlines: [clip(newest, LONGEST), ...others.map(() => "")] };
}

function line({ environment, branch, after, forced, pusher, headlines }: DirectPush): string {
  const [newest = "", ...more] = headlines;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  const how = forced ? "forced" : "pushed";
  const who = pusher === "" ? "somebody" : code(pusher);
  return `* ${code(environment)}: ${who} ${how} ${code(after.slice(0, 7))} to ${code(branch)}: ${text(newest)}${others}`;
}

function isDirectPush(value: unknown): value is DirectPush {
  const push: Readonly<Record<string, unknown>> = Object(value);
  const { headlines, after } = push;
  return (
    ["environment", "branch", "pusher"].every((key) => typeof push[key] === "string") &&
    typeof after === "string" &&
    /^[0-9a-f]{40}$/.test(after) &&
    typeof push["forced"] === "boolean" &&
    Array.isArray(headlines) &&
    headlines.every((headline) => typeof headline === "string")
  );
}

// Parses webhook payloads into events. Only the needed fields are read, and they are trusted for no more than
// triggering a reconcile.

import type { ParsedWebhook, RepositoryEvent } from "../../../domain/model/github/event.ts";
import { ONBOARDING_BRANCH } from "../../../domain/model/github/onboarding-branch.ts";
import { boxKey, DASHBOARD_MARKER, tickedBoxes } from "../../../domain/model/github/tick-box.ts";

export interface WebhookEvent {
  /** X-GitHub-Event. */
  readonly name: string;
  readonly payload: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * `slug`: the App's slug, to recognise events that the App itself caused; `undefined` until GitHub was reached once.
 */
export function parseWebhook({ name, payload }: WebhookEvent, slug: string | undefined): ParsedWebhook {
  const fields = record(payload);
  const installationId = number(record(fields["installation"])["id"]);
  if (name === "installation" || name === "installation_repositories" || name === "installation_target") {
    return installationId === undefined
      ? ignored("no installation")
      : { kind: "installation", installationId };
  }
  const repositoryId = number(record(fields["repository"])["id"]);
  if (repositoryId === undefined || installationId === undefined) return ignored("of no repository");
  const action = text(fields["action"]);
  if (name === "repository") {
    return action === "created" || action === "transferred" || action === "deleted"
      ? { kind: "installation", installationId }
      : { kind: "repository", repositoryId, events: [{ kind: "repository-changed" }] };
  }
  const app = `${slug}[bot]`;
  const byApp = text(record(fields["sender"])["login"]) === app;
  const ofApp = text(record(record(fields["pull_request"])["user"])["login"]) === app;
  const events = eventsOf(name, { action, byApp, ofApp, fields });
  return events.length === 0 ? ignored(`${name} ${action}`) : { kind: "repository", repositoryId, events };
}

interface Read {
  readonly action: string;
  /** Caused by an action of the App itself. */
  readonly byApp: boolean;
  /** About a pull request that the App opened. */
  readonly ofApp: boolean;
  readonly fields: Fields;
}

function eventsOf(name: string, read: Read): readonly RepositoryEvent[] {
  switch (name) {
    case "push":
      return push(read);
    case "pull_request":
      return pullRequest(read);
    case "issue_comment":
      return commented(read);
    case "issues":
      return dashboardEdited(read);
    case "check_run":
    case "check_suite":
      return checkRequested(name, read);
    case "merge_group":
      return mergeGroup(read);
    default:
      return [];
  }
}

/** Ignores pushes by the App itself, which it makes only to its own branches. */
function push({ fields, byApp }: Read): readonly RepositoryEvent[] {
  const branch = /^refs\/heads\/(.+)$/.exec(text(fields["ref"]))?.[1];
  if (branch === undefined || branch.startsWith("gh-readonly-queue/") || branch.startsWith("promote-stage/"))
    return [];
  if ((branch.startsWith("promote/") || branch === ONBOARDING_BRANCH) && byApp) return [];
  const pusher = text(record(fields["pusher"])["name"]);
  const [before, after] = [text(fields["before"]), text(fields["after"])];
  return [{ kind: "branch-pushed", branch, before, after, forced: fields["forced"] === true, pusher }];
}

function pullRequest({ action, fields, byApp, ofApp }: Read): readonly RepositoryEvent[] {
  const pull = record(fields["pull_request"]);
  const [head, base] = [record(pull["head"]), text(record(pull["base"])["ref"])];
  const about = {
    number: number(fields["number"]) ?? 0,
    headSha: text(head["sha"]),
    headBranch: text(head["ref"]),
    base,
  };
  if (action === "closed" && pull["merged"] === true) {
    return [{ kind: "pull-request-merged", number: about.number, base, headBranch: about.headBranch }];
  }
  const [before, label] = [text(fields["before"]), text(record(fields["label"])["name"])];
  const sender = record(fields["sender"]);
  const changed: RepositoryEvent = {
    kind: "pull-request-changed",
    action,
    ...about,
    ...(before !== "" && { before }),
    ...(ofApp && { ofApp }),
    ...(isFork(pull) && isStranger(pull) && { byStranger: true }),
    ...(label !== "" && { label }),
    ...(label !== "" && sender["type"] === "User" && { person: text(sender["login"]) }),
  };
  return [byApp && action !== "closed" ? { ...changed, byApp } : changed];
}

/**
 * On pull requests, and on issues opened by a bot, which may be the App; written by a person, also into the comment of
 * a bot.
 */
function commented({ action, fields }: Read): readonly RepositoryEvent[] {
  const [issue, comment] = [record(fields["issue"]), record(fields["comment"])];
  const onIssue = issue["pull_request"] === undefined;
  if (action === "deleted" || isBot(fields["sender"]) || (onIssue && !isBot(issue["user"]))) return [];
  const [thread, commentId] = [number(issue["number"]), number(comment["id"])];
  if (thread === undefined || commentId === undefined) return [];
  const edited = action === "edited";
  // Only people with write access can edit comments by others.
  const isOwn = number(record(comment["user"])["id"]) === number(record(fields["sender"])["id"]);
  const byStranger = isStranger(comment) && (isOwn || !edited);
  return [
    {
      ...{ kind: "commented", number: thread, commentId },
      ...(onIssue && { onIssue }),
      ...(edited && { edited }),
      ...(byStranger && { byStranger }),
    },
  ];
}

const EDITS = new Set(["edited", "closed", "deleted"]);
/** The most ticked boxes taken from one edit; the others are found when the issue is read. */
const MOST_BOXES = 10;

/** Boxes count as ticked by the person who made the edit that ticked them. */
function dashboardEdited({ action, fields, byApp }: Read): readonly RepositoryEvent[] {
  const [issue, sender] = [record(fields["issue"]), record(fields["sender"])];
  const edit = record(record(fields["changes"])["body"])["from"];
  const [body, before] = [text(issue["body"]), text(edit)];
  const isDashboard = isBot(issue["user"]) && `${body}\n${before}`.includes(DASHBOARD_MARKER);
  const thread = number(issue["number"]);
  if (byApp || !EDITS.has(action) || !isDashboard || thread === undefined) return [];
  const known = new Set(tickedBoxes(before).map(boxKey));
  const ticked = typeof edit === "string" ? tickedBoxes(body).filter((box) => !known.has(boxKey(box))) : [];
  const isPerson = sender["type"] === "User";
  return [
    {
      ...{ kind: "dashboard-edited", number: thread },
      boxes: isPerson ? ticked.slice(0, MOST_BOXES) : [],
      ...(isPerson && { person: text(sender["login"]) }),
    },
  ];
}

function isBot(user: unknown): boolean {
  return record(user)["type"] === "Bot";
}

/** docs.github.com, "CommentAuthorAssociation"; members with a private membership count as outsiders. */
const BELONGS = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

function isStranger(thing: Fields): boolean {
  return !BELONGS.has(text(thing["author_association"]));
}

function isFork(pull: Fields): boolean {
  const [head, base] = [record(pull["head"]), record(pull["base"])];
  return number(record(head["repo"])["id"]) !== number(record(base["repo"])["id"]);
}

function checkRequested(
  name: "check_run" | "check_suite",
  { action, fields }: Read,
): readonly RepositoryEvent[] {
  // A new head has a pull request event as well; only re-run requests matter here.
  if (action !== "rerequested") return [];
  const check = record(fields[name]);
  const pulls = Array.isArray(check["pull_requests"]) ? check["pull_requests"] : [];
  const numbers = pulls.flatMap((pull) => number(record(pull)["number"]) ?? []);
  return [{ kind: "check-requested", headSha: text(check["head_sha"]), numbers }];
}

function mergeGroup({ action, fields }: Read): readonly RepositoryEvent[] {
  if (action !== "checks_requested") return [];
  const group = record(fields["merge_group"]);
  const [headSha, headRef, baseRef] = ["head_sha", "head_ref", "base_ref"].map((key) => text(group[key]));
  return [
    { kind: "merge-group-requested", headSha: headSha ?? "", headRef: headRef ?? "", baseRef: baseRef ?? "" },
  ];
}

function ignored(because: string): ParsedWebhook {
  return { kind: "ignored", because };
}

function record(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Ids and numbers of threads. */
function number(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? Number(value) : undefined;
}

import { describe, expect, test } from "@jest/globals";
import type { Delivery, RepositoryEvent } from "../../../src/domain/model/github/event.ts";
import { findStaleFact, type Observed } from "../../../src/reconcile/repository/stale-read.ts";

const [OLD, NEW, NEWER] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;

type Changed = Extract<RepositoryEvent, { kind: "pull-request-changed" }>;

const pushed = (before: string, after: string, branch = "main"): RepositoryEvent => ({
  kind: "branch-pushed",
  branch,
  before,
  after,
  forced: false,
  pusher: "alice",
});
const changed = (action: string, more: Partial<Changed> = {}): RepositoryEvent => ({
  kind: "pull-request-changed",
  number: 7,
  action,
  headSha: NEW,
  headBranch: "promote/dev/xposer",
  base: "main",
  ...more,
});
const merged: RepositoryEvent = { kind: "pull-request-merged", number: 7, base: "main" };

const showing = (pull: Partial<Observed["pulls"][number]> = {}, main = NEW): Observed => ({
  heads: new Map([["main", main]]),
  pulls: [{ number: 7, state: "open", headSha: NEW, labels: [], ...pull }],
});

const deliveriesOf = (events: readonly RepositoryEvent[]): readonly Delivery[] =>
  events.map((event, n) => ({ id: `d${n}`, repositoryId: 1, event, receivedAt: new Date(n) }));

describe("an answer is behind its webhooks when it shows", () => {
  test.each<[string, readonly RepositoryEvent[], Observed]>([
    ["the commit that a push moved a branch from", [pushed(OLD, NEW)], showing({}, OLD)],
    ["a commit from before several pushes", [pushed(OLD, NEW), pushed(NEW, NEWER)], showing({}, OLD)],
    [
      "the head that a push moved a pull request from",
      [changed("synchronize", { before: OLD })],
      showing({ headSha: OLD }),
    ],
    ["no pull request where one was opened", [changed("opened")], showing({ state: "missing" })],
    ["a pull request open that was closed", [changed("closed")], showing()],
    ["a pull request open that was merged", [merged], showing()],
    ["a pull request closed that was reopened", [changed("reopened")], showing({ state: "closed" })],
    [
      "no label that was put on",
      [changed("labeled", { label: "emergency" })],
      showing({ labels: ["other"] }),
    ],
    [
      "a label that was taken off",
      [changed("unlabeled", { label: "emergency" })],
      showing({ labels: ["emergency"] }),
    ],
  ])("%s", (_what, events, shown) => {
    expect(findStaleFact(shown, deliveriesOf(events))).toBeDefined();
  });
});

describe("an answer is not behind when it shows", () => {
  test.each<[string, readonly RepositoryEvent[], Observed]>([
    ["what was told", [pushed(OLD, NEW), changed("synchronize", { before: OLD })], showing()],
    ["more than what was told", [pushed(OLD, NEW)], showing({}, NEWER)],
    ["a branch put back to where it was", [pushed(OLD, NEW), pushed(NEW, OLD)], showing({}, OLD)],
    ["a pull request closed and reopened since", [changed("closed"), changed("reopened")], showing()],
    ["another branch than the one pushed to", [pushed(OLD, NEW, "other")], showing({}, OLD)],
    ["another pull request than the one told of", [changed("closed", { number: 8 })], showing()],
    ["a pull request whose text was edited", [changed("edited")], showing()],
    ["anything, after nothing was told", [], showing({}, OLD)],
  ])("%s", (_what, events, shown) => {
    expect(findStaleFact(shown, deliveriesOf(events))).toBeUndefined();
  });
});

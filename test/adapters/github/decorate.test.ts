// What decorating asks of GitHub, word for word.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Draft } from "../../../src/domain/model/draft.ts";
import { leave, place } from "./place.ts";

let at: ReturnType<typeof place>;

beforeEach(() => {
  at = place();
  at.grants("ghs_1");
});
afterEach(leave);

const pullRequest = { id: "PR_1", number: 1, url: "https://github.example.com/acme/config/pull/1" };
const ids = { labels: new Map([["promotion", "LA_1"]]), users: new Map([["alice", "U_1"]]) };

function decorate(wanted: Partial<Draft>) {
  const nothing = { labels: [], reviewers: { users: [], teams: [] }, autoMerge: "off" } as const;
  return at.github.decoratePullRequest({ ids }, { wanted: { ...nothing, ...wanted }, pullRequest });
}

/** Answers the mutation document and keeps it. */
function document(answer: object) {
  const kept: { query?: string; variables?: object } = {};
  at.host.post("/api/graphql", (body: object) => Object.assign(kept, body) === kept).reply(200, answer);
  return kept;
}

test("labels, users and auto-merge travel in one document, by their ids", async () => {
  const sent = document({ data: { labels: {}, reviewers: {}, autoMerge: {} } });
  const reviewers = { users: ["alice"], teams: [] };
  expect(await decorate({ labels: ["promotion"], reviewers, autoMerge: "squash" })).toEqual([]);
  expect(sent.query).toMatch(/requestReviews[\s\S]*enablePullRequestAutoMerge[\s\S]*addLabelsToLabelable/);
  expect(sent.variables).toEqual({
    labels: { labelableId: "PR_1", labelIds: ["LA_1"] },
    reviewers: { pullRequestId: "PR_1", userIds: ["U_1"], union: true },
    autoMerge: { pullRequestId: "PR_1", mergeMethod: "SQUASH" },
  });
  expect(at.requests).toEqual(["mutation 200"]);
});

test("teams are asked over REST, and nothing else is sent for them", async () => {
  at.rest
    .post("/repos/acme/config/pulls/1/requested_reviewers", { team_reviewers: ["platform"] })
    .reply(201, {});
  const wanted = { reviewers: { users: [], teams: ["platform"] } };
  expect(await decorate(wanted)).toEqual([]);
});

test("a label is made first, and used under the id it got", async () => {
  at.rest.post("/repos/acme/config/labels", { name: "new" }).reply(201, { node_id: "LA_2" });
  const sent = document({ data: { labels: {} } });
  await decorate({ labels: ["new", "promotion"] });
  expect(sent.variables).toEqual({ labels: { labelableId: "PR_1", labelIds: ["LA_2", "LA_1"] } });
});

test("a label that somebody made in the meantime is read", async () => {
  const taken = { message: "Validation Failed", errors: [{ resource: "Label", code: "already_exists" }] };
  at.rest.post("/repos/acme/config/labels").reply(422, taken);
  at.rest.get("/repos/acme/config/labels/new").reply(200, { node_id: "LA_3" });
  const sent = document({ data: { labels: {} } });
  expect(await decorate({ labels: ["new"] })).toEqual([]);
  expect(sent.variables).toEqual({ labels: { labelableId: "PR_1", labelIds: ["LA_3"] } });
});

test("a user nobody knows is a problem, and there is nothing to send", async () => {
  const problems = await decorate({ labels: [], reviewers: { users: ["nobody"], teams: [] } });
  expect(problems).toEqual([
    expect.objectContaining({
      message: "GitHub did not set what reviewers asks for: there is no user nobody",
      help: expect.stringContaining(".github/chart-promoter.yml"),
    }),
  ]);
  expect(at.requests).toEqual([]);
});

test("a field that GitHub refuses names its key; the others had their effect", async () => {
  document({
    data: { labels: {}, autoMerge: null },
    errors: [{ type: "UNPROCESSABLE", path: ["autoMerge"], message: "Auto merge is not allowed" }],
  });
  const problems = await decorate({ labels: ["promotion"], autoMerge: "merge" });
  expect(problems.map(({ message }) => message)).toEqual([
    "GitHub did not set what autoMerge asks for: Auto merge is not allowed",
  ]);
});

test("a permission that is missing is a problem, too; an outage is thrown", async () => {
  document({
    data: { autoMerge: null },
    errors: [{ type: "FORBIDDEN", path: ["autoMerge"], message: "Resource not accessible by integration" }],
  });
  const [problem] = await decorate({ autoMerge: "merge" });
  expect(problem?.message).toContain("Resource not accessible");
  at.host.post("/api/graphql").reply(502, "Bad gateway");
  await expect(decorate({ autoMerge: "merge" })).rejects.toMatchObject({
    kind: "unavailable",
  });
});

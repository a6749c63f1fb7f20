// Generates GitHub's deliveries of every event that the App reads, with anything in any of the fields that it reads.

import fc from "fast-check";
import { words } from "./bytes.ts";

const EVENTS = [
  ...[
    "push",
    "pull_request",
    "issue_comment",
    "issues",
    "check_run",
    "check_suite",
    "merge_group",
    "repository",
  ],
  ...["installation", "installation_repositories", "installation_target", "ping"],
];
const ACTIONS = [
  ...["created", "edited", "deleted", "closed", "labeled", "rerequested", "checks_requested"],
  ...["transferred", "synchronize"],
];

const id = fc.integer({ min: 1, max: 9 });
const anything = fc.oneof(fc.jsonValue(), words, fc.constantFrom<unknown>(null, 1e308, -0, "\ud800"));

/** Mostly as GitHub has it, and now and then anything else, or nothing. */
function mostly<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: anything });
}

function fields(of: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return mostly(fc.record(of, { requiredKeys: [] }));
}

const person = fields({
  id: mostly(id),
  login: mostly(fc.constantFrom("alice", "promoter[bot]")),
  type: mostly(fc.constantFrom("User", "Bot")),
});
const end = fields({ sha: mostly(words), ref: mostly(words), repo: fields({ id: mostly(id) }) });
const pullRequest = fields({
  ...{ number: mostly(id), user: person, head: end, base: end },
  ...{ merged: mostly(fc.boolean()), author_association: mostly(words) },
});
const issue = fields({ number: mostly(id), user: person, body: mostly(words), pull_request: anything });
const check = fields({ head_sha: mostly(words), pull_requests: mostly(fc.array(pullRequest)) });

const payload = fc.record(
  {
    ...{ action: mostly(fc.constantFrom(...ACTIONS)), sender: person, number: mostly(id) },
    ...{ pull_request: pullRequest, issue, check_run: check, check_suite: check },
    installation: fields({ id: mostly(id) }),
    repository: fields({ id: mostly(id) }),
    ref: mostly(words.map((name) => `refs/heads/${name}`)),
    ...{ before: mostly(words), after: mostly(words), forced: mostly(fc.boolean()) },
    pusher: fields({ name: mostly(words) }),
    label: fields({ name: mostly(words) }),
    comment: fields({ id: mostly(id), user: person, author_association: mostly(words) }),
    changes: fields({ body: fields({ from: mostly(words) }) }),
    merge_group: fields({ head_sha: mostly(words), head_ref: mostly(words), base_ref: mostly(words) }),
  },
  { requiredKeys: ["installation", "repository"] },
);

export const hostileDeliveries = fc.record({ name: fc.constantFrom(...EVENTS), payload });

// What the App says in comments, word by word.

import { expect, test } from "@jest/globals";
import {
  declined,
  help,
  humanCommits,
  movedOn,
  notAllowed,
  olderThanDeclined,
  refused,
  rejectedElsewhere,
  rolledBack,
} from "../../../src/domain/pull-request-body/comments.ts";
import { githubPage } from "./github-page.ts";

test.each([
  [
    movedOn([{ chart: "xposer", was: "1.3.2", now: "1.4.0" }]),
    "now 1.4.0 (was 1.3.2); approvals of the earlier version do not count",
  ],
  [
    movedOn([
      { chart: "a", was: "1.0.0", now: "1.1.0" },
      { chart: "b", was: "2.0.0", now: "2.1.0" },
    ]),
    "a now 1.1.0 (was 1.0.0), b now 2.1.0 (was 2.0.0); approvals of the earlier version do not count",
  ],
  [
    humanCommits([{ chart: "xposer", to: "1.4.0" }], "the branch holds commits by @ada"),
    "xposer 1.4.0 was published, but the branch holds commits by `@ada`, so this branch is left as it is. Merge or close this pull request, or comment `/rebase` to have the branch made anew without those commits.",
  ],
  [
    humanCommits([{ chart: "xposer", to: "1.4.0" }], "#7 holds commits by ada", false),
    "xposer 1.4.0 was published, but `#7` holds commits by ada, so this branch is left as it is. Merge or close this pull request, and delete its branch: the App opens its own then.",
  ],
  [
    declined({ versions: [{ chart: "a", version: "1.4.0" }], elsewhere: false }),
    "Declined: `1.4.0` and older versions are not proposed again here; newer ones will be. Reopening takes this back (restore the branch first where it is gone), and `/promote VERSION` brings it or an older one; each as long as no newer version is proposed here.",
  ],
  [
    declined({
      versions: [
        { chart: "a", version: "1.4.0" },
        { chart: "b", version: "2.0.0" },
      ],
      elsewhere: true,
    }),
    "Declined: `a 1.4.0`, `b 2.0.0` and older versions are not proposed again here; newer ones will be. Reopening takes this back (restore the branch first where it is gone), and `/promote CHART VERSION` brings it or an older one; each as long as no newer version is proposed here. `/reject everywhere` declines it in every other environment of this repository that proposes it.",
  ],
  [
    olderThanDeclined({ chart: "a", version: "1.4.1", declined: "1.5.0" }),
    "`a` `1.4.1` was published. It is older than `1.5.0`, which was declined or rolled back here, so it is not proposed. Comment `/promote a 1.4.1` to have it all the same.",
  ],
  [rejectedElsewhere({ closed: [], mixed: [], standing: [] }), "No other environment proposed it."],
  [
    rejectedElsewhere({ closed: [], mixed: [{ environment: "qa", number: 3 }], standing: [] }),
    "Left open in `qa` (#3), together with other charts: comment `/reject` there to decline all.",
  ],
  [
    rejectedElsewhere({
      closed: [{ environment: "prod", number: 2 }],
      mixed: [{ environment: "qa", number: 3 }],
      standing: [{ environment: "dev", number: 1 }],
    }),
    "Declined in `prod` (#2) as well. Left open in `qa` (#3), together with other charts: comment `/reject` there to decline all. Merged in `dev` (#1): `/rollback` there is the way back.",
  ],
  [
    rolledBack([{ chart: "a", from: "1.4.0", to: "1.3.2" }], { number: 12, elsewhere: true }),
    "The way back from `1.4.0` to `1.3.2` is #12. `/reject everywhere` declines it in every other environment of this repository that proposes it.",
  ],
  [
    rolledBack(
      [
        { chart: "a", from: "1.4.0", to: "1.3.2" },
        { chart: "b", from: "2.0.0", to: "1.0.0" },
      ],
      { number: 12, elsewhere: false },
    ),
    "The way back of `a` from `1.4.0` to `1.3.2`, of `b` from `2.0.0` to `1.0.0` is #12.",
  ],
  [
    refused({ command: "/promote 9", because: "There is no version 9.", help: "See <b>#1</b>." }),
    "`/promote 9` was not done: There is no version 9. See `<b>#1</b>`.",
  ],
  [
    refused({ command: "/promote 9", because: "GitHub said https://example.com: no.", help: "" }),
    "`/promote 9` was not done: GitHub said `https://example.com`: no.",
  ],
  [notAllowed("/hold"), "`/hold` was not done: it takes write access to this repository."],
])("%s", (comment, expected) => expect(comment).toBe(expected));

test("the help names every command once, in a table", () => {
  const page = githubPage(help());
  expect(page.elements).toContain("table");
  for (const command of ["/hold", "/unhold", "/rebase", "/reject", "/rollback", "/promote", "/help"]) {
    expect(page.text.split("\n").filter((line) => line.split(" ")[0] === command)).toHaveLength(1);
  }
});

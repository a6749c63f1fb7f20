// What the App says in comments, word by word.

import { expect, test } from "@jest/globals";
import {
  declined,
  help,
  humanCommits,
  movedOn,
  notAllowed,
  refused,
  rolledBack,
} from "../../src/review/comments.ts";
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
    declined("1.4.0"),
    "Declined: `1.4.0` and older versions are not proposed again here. The next version will be; reopening takes this back.",
  ],
  [
    rolledBack([{ chart: "a", from: "1.4.0", to: "1.3.2" }], 12),
    "The way back from `1.4.0` to `1.3.2` is #12.",
  ],
  [
    rolledBack(
      [
        { chart: "a", from: "1.4.0", to: "1.3.2" },
        { chart: "b", from: "2.0.0", to: "1.0.0" },
      ],
      12,
    ),
    "The way back of `a` from `1.4.0` to `1.3.2`, of `b` from `2.0.0` to `1.0.0` is #12.",
  ],
  [
    refused({ command: "/promote 9", because: "There is no version 9.", help: "See <b>#1</b>." }),
    "`/promote 9` was not done: There is no version 9. See `<b>#1</b>`.",
  ],
  [notAllowed("/hold"), "`/hold` was not done: it takes write access to this repository."],
])("%s", (said, expected) => expect(said).toBe(expected));

test("the help names every command once, in a table", () => {
  const page = githubPage(help());
  expect(page.elements).toContain("table");
  for (const command of ["/hold", "/unhold", "/rebase", "/reject", "/rollback", "/promote", "/help"]) {
    expect(page.text.split("\n").filter((line) => line.split(" ")[0] === command)).toHaveLength(1);
  }
});

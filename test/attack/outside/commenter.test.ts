// What somebody who may comment, and nothing else, can do: eve reads alice's repository. Her comments are looked at after
// her rights are, no further than a command can stand, in one pass.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ALICE, startTarget, type Target } from "../target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);

const LONGEST = 65_536;

/** GitHub takes comments of 65,536 characters. */
function filled(unit: string): string {
  return `/hold\n${unit.repeat(LONGEST / unit.length)}`.slice(0, LONGEST);
}

test.each([
  ["emphasis that never closes", filled("*a_ ")],
  ["quotes within quotes", filled(">")],
  ["quotes and lists in turn", filled("> - ")],
  ["lists of quotes", filled("- >\n")],
  ["brackets that never close", filled("[")],
  ["links within links", filled("[a](")],
  ["images within links", filled("[![a](b)](c)")],
  ["tags that never close", filled("<a ")],
  ["comments that never close", filled("<!-- ")],
  [
    "backticks, each run longer than the last",
    filled(Array.from({ length: 300 }, (_, n) => `${"`".repeat(n)} `).join("")),
  ],
  ["a command in every line", filled("/promote 1.0.1\n")],
  ["blanks", filled(" ")],
  ["one word", filled("a")],
])(
  "comments with %s: it costs nobody anything and changes nothing",
  async (_what, body) => {
    await target.longestBlock();
    const id = target.github.as("eve").comment(ALICE.repository, 1, body);
    await target.github.webhooks.idle();
    const { answeredMs } = await target.alicesTurn();
    expect(answeredMs).toBeLessThan(1_000);
    expect(await target.longestBlock()).toBeLessThan(100);
    const { reactions, checkRuns } = target.github.repository(ALICE.repository);
    const contents = [...reactions.values()]
      .filter(({ subject }) => subject.key === id)
      .map(({ content }) => content);
    expect(contents.filter((content) => content !== "-1")).toEqual([]);
    expect([...checkRuns.values()].at(-1)?.conclusion).not.toBe("in_progress");
  },
  60_000,
);

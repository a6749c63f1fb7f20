// Whoever writes a text that ends on GitHub: a publisher's source, a chart's name, words of a command. There it shows as it is
// written; it mentions nobody, closes nothing, and is not taken for what the App notes for itself.

import { beforeEach, expect, test } from "@jest/globals";
import { code, prose, text } from "../../../src/domain/pull-request-body/markdown/escape.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, testBed } from "../../stories/setting.ts";

beforeEach(() => live());

/** Keywords, references and mentions as GitHub finds them in a commit message that reaches the default branch. */
const ORDERS =
  /(?:close|fix|resolve)\w*:?\s+(?:[\w.-]+\/[\w.-]+)?#\d|(?<!\w)@\w|\bgh-\d|#\d|\/(?:issues|pull)\/\d/i;

test("a publisher's source closes no issue and mentions nobody in the commit that is merged", async () => {
  const source = {
    repository: "Fixes acme/other#7, closes https://github.com/acme/config/issues/12",
    revision: "closes #1 GH-2 @acme/admins (@alice)",
  };
  await testBed.publish({ chart: "xposer", version: "1.0.1", source });
  await testBed.waitUntilIdle();
  const { objects } = testBed.repository();
  const { message } = objects.mustCommit(testBed.repository().branch("promote/dev/xposer") ?? "");
  expect(message).toContain("Source-Revision: closes %231 GH%2D2 %40acme/admins (%40alice)");
  expect(message).not.toMatch(ORDERS);
  const { body, title } = testBed.repository().mustPull(1);
  expect(title).not.toMatch(ORDERS);
  expect(body.replace(/`[^`]*`|&#\d+;/g, "")).not.toMatch(/(?<!\w)@\w|#\d/);
});

test("names of repositories and revisions stay as they are", async () => {
  const source = { repository: "git@github.com:acme/xposer.git", revision: "v1.0.1-rc.1+build" };
  await testBed.publish({ chart: "xposer", version: "1.0.1", source });
  await testBed.waitUntilIdle();
  const { message } = testBed
    .repository()
    .objects.mustCommit(testBed.repository().branch("promote/dev/xposer") ?? "");
  expect(message).toContain(
    "Source-Repository: git@github.com:acme/xposer.git\nSource-Revision: v1.0.1-rc.1+build",
  );
});

test("words of a command are not taken for the App's answer to another one", async () => {
  await testBed.publish({ chart: "xposer", version: "1.0.1" });
  await testBed.waitUntilIdle();
  const textOf = (id: number) => {
    const { comments } = testBed.repository();
    return [...comments.values()].filter(({ body }) =>
      body.endsWith(`\n<!-- chart-promoter:answer ${id} -->`),
    );
  };
  const next = testBed.alice.comment(CONFIG_REPOSITORY, 1, "words") + 1;
  const forged = [next + 1, next + 2, next + 3].map((id) => `<!-- chart-promoter:answer ${id} -->`).join(" ");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, `/promote ${forged}`);
  await testBed.waitUntilIdle();
  const comment = testBed.github.as("alice").comment(CONFIG_REPOSITORY, 1, "/help");
  await testBed.waitUntilIdle();
  expect(textOf(comment).map(({ body }) => body)).toEqual([expect.stringContaining("/rollback")]);
});

test.each([code, text, prose])("a comment of HTML is none in %p", (shown) => {
  expect(shown("a <!-- chart-promoter:answer 5 --> b")).not.toContain("<!--");
});

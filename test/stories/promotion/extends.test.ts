// `extends: owner/repo`: what environments take from another repository. Over HTTP, against the offline GitHub.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/town.ts";
import { live, pass, published, town } from "../setting.ts";

const DEFAULTS = "acme/defaults";
const FILE = "chart-promoter-defaults.yml";
const CONFIG = ".github/chart-promoter.yml";

function defaults(text: string, name = DEFAULTS): void {
  town.github.createRepository({ name, files: { [FILE]: text }, people: { alice: "write" } });
}

function config(text: string): void {
  town.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: text } });
}

function labels(number: number): readonly string[] {
  const repository = town.repository();
  return repository.mustPull(number).labels.map((id) => repository.labels.get(id)?.name ?? "");
}

/** The list of the open config issue. */
function issue(): readonly string[] {
  const open = town
    .repository()
    .issues()
    .filter(({ state, title }) => state === "open" && title.includes("cannot read"));
  return open.flatMap(({ body }) => body.match(/^\* .*/gm) ?? []);
}

const EXTENDING = `extends: ${DEFAULTS}\nenvironments:\n  dev:\n    path: dev\n`;

test("an environment takes what it does not write itself, and a changed file is taken up by a push or a sync", async () => {
  await live();
  defaults('environments:\n  "*":\n    labels: [all]\n    draft: true\n  dev:\n    labels: [theirs]\n');
  await town.waitUntilIdle();
  config(EXTENDING);
  await published("1.0.1");
  expect(labels(1)).toEqual(["theirs"]);
  expect(town.repository().mustPull(1).draft).toBe(true);
  town.alice.close(CONFIG_REPOSITORY, 1);
  config(`${EXTENDING}    labels: [mine]\n`);
  await published("1.0.2");
  expect(labels(2)).toEqual(["mine"]);
  town.alice.close(CONFIG_REPOSITORY, 2);
  await town.waitUntilIdle();
  const draftNoMore = 'environments:\n  "*":\n    labels: [all]\n';
  town.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: draftNoMore } });
  await town.waitUntilIdle();
  await published("1.0.3");
  expect(town.repository().mustPull(3).draft).toBe(false);
  town.alice.close(CONFIG_REPOSITORY, 3);
  await town.waitUntilIdle();
  await town.stopServer();
  town.github.webhooks.sendTo(undefined);
  town.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: `${draftNoMore}    draft: true\n` } });
  await town.startServer();
  await published("1.0.4");
  expect(town.repository().mustPull(4).draft).toBe(true);
});

test("what is wrong with the defaults stands in the config issue, with both files and lines, and closes nothing", async () => {
  await live();
  await published("1.0.1");
  config(EXTENDING);
  await town.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringContaining(
      "`.github/chart-promoter.yml` line 1: extends: acme/defaults/chart-promoter-defaults.yml",
    ),
  ]);
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  defaults('environments:\n  "*":\n    lables: [all]\n');
  await town.waitUntilIdle();
  await town.restart();
  expect(issue()).toEqual([
    expect.stringMatching(
      /^\* `acme\/defaults\/chart-promoter-defaults\.yml` line 3: .*lables.* \(\.github\/chart-promoter\.yml extends it in line 1\.\) Did you mean "labels"\?/,
    ),
  ]);
  town.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: `extends: acme/more\nenvironments: {}\n` } });
  await town.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringContaining("line 1: extends: a file of defaults extends nothing itself."),
  ]);
  town.alice.push(DEFAULTS, {
    branch: "main",
    files: { [FILE]: 'environments:\n  "*": { after: nowhere }\n' },
  });
  await town.waitUntilIdle();
  expect(issue()).toEqual([
    expect.stringMatching(/chart-promoter-defaults\.yml` line 2: .*nowhere.*extends it in line 1/),
  ]);
  town.alice.push(DEFAULTS, { branch: "main", files: { [FILE]: "environments: {}\n" } });
  await town.waitUntilIdle();
  expect(issue()).toEqual([]);
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("another account's defaults are not read, nor those of a repository without the App", async () => {
  await live();
  defaults('environments:\n  "*": { labels: [theirs] }\n', "globex/defaults");
  town.github.install({ account: "globex", repositories: "all" });
  await town.waitUntilIdle();
  config("extends: globex/defaults\nenvironments:\n  dev:\n    path: dev\n");
  await published("1.0.1");
  expect(issue()).toEqual([expect.stringContaining("or that belongs to another account")]);
  expect(town.pulls()).toEqual([]);
  config(configRepository()[CONFIG] as string);
  await pass(2_000);
  expect(town.pulls()).toEqual(["#2 open Promote xposer to 1.0.1 in dev"]);
});

test("it costs one request at a sync, and nothing at a look that nothing called for", async () => {
  await live();
  defaults('environments:\n  "*": { labels: [] }\n');
  await town.waitUntilIdle();
  const cost = async () => {
    town.github.requests.mark();
    await town.restart();
    return town.github.requests.sinceMark.filter(({ path }) => path.includes("graphql")).length;
  };
  const without = await cost();
  config(EXTENDING);
  // Whether the push was a merge is asked by then.
  await pass(2_000);
  await pass(5_000);
  expect(await cost()).toBe(without + 1);
});

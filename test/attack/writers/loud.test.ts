// A person with write access whose names are made to be told: what is told of them stays one line in which nothing is hidden or
// reordered, as long as a system takes, and nobody waits for how much there is to tell.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Recipient } from "../../../src/domain/model/config/settings.ts";
import { TOLD_KINDS } from "../../../src/domain/model/history.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, published, reactionsTo, testBed, until } from "../../stories/setting.ts";
import { commandLine } from "../../support/command-line.ts";
import { type Hook, startHook } from "../../support/hook.ts";
import { basic } from "../target.ts";

const KINDS = ["slack", "teams", "webhook", "cdevents"] as const;
const HIDING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const HOSTILE = "x\n2026-11-30 prod was deployed by bob\u001b[2J\u009b31m\u202etxt.exe <!channel>";

async function startTelling(kinds: readonly Recipient["kind"][] = KINDS): Promise<Hook> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  const recipients = kinds.map((kind) => ({
    ...{ name: kind, kind, url: `${hook.url}/${kind}`, events: TOLD_KINDS },
  }));
  const deployer = { kind: "webhook", name: "hook", secret: "s", repositories: ["*/*"] } as const;
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  await live({
    ...{ recipients, deployers: [{ ...deployer, url: `${hook.url}/deploy` }] },
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
  });
  return hook;
}

async function deployed(hook: Hook, report: object = { state: "success" }): Promise<void> {
  await until(() => bodies(hook, "deploy").length > 0);
  const { DEPLOYMENT_ID: id }: { DEPLOYMENT_ID: string } = JSON.parse(bodies(hook, "deploy").at(-1) ?? "{}");
  const answer = await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: { "content-type": "application/json", ...basic({ publisher: "hook", secret: "s" }) },
    body: JSON.stringify(report),
  });
  expect(answer.status).toBe(204);
}

function requirements(names: readonly string[], version: string): string {
  const entries = names.map(
    (name) => `  - name: ${quoted(name)}\n    version: ${version}\n    repository: ${MUSEUM_URL}\n`,
  );
  return `dependencies:\n${entries.join("")}`;
}

/** YAML's double quotes, with escapes for all that its text may not hold as it is. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Moves dependencies of these names by a pull request of her own, and merges it. */
async function merged(names: readonly string[]): Promise<number> {
  const path = "dev/requirements.yaml";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [path]: requirements(names, "1.0.0") } });
  await testBed.waitUntilIdle();
  const files = { [path]: requirements(names, "1.0.1") };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "Move them" });
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  return number;
}

function bodies(hook: Hook, kind: string): readonly string[] {
  return hook.received.filter(({ path }) => path === `/${kind}`).map(({ body }) => body);
}

test("words of several lines, with what hides, reorders and steers", async () => {
  const hook = await startTelling(["slack", "teams", "webhook"]);
  await merged(["xposer"]);
  await deployed(hook, { state: "failure", description: HOSTILE });
  const config = `environments:\n  dev:\n    path: dev\n    ${quoted(HOSTILE)}: 1\n`;
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await until(() => ["slack", "teams", "webhook"].every((kind) => bodies(hook, kind).length >= 3));
  const texts = hook.received.flatMap(({ body }) => textsIn(JSON.parse(body)));
  expect(texts.filter((text) => HIDING.test(text))).toEqual([]);
  expect(texts.filter((text) => text.includes("⟨U+202E⟩txt.exe")).length).toBeGreaterThan(5);
  expect(bodies(hook, "slack").join("")).not.toContain("<!channel>");
  const statuses = [...testBed.repository().deployments.values()].flatMap(textsIn);
  expect(statuses.join("")).toContain("prod was deployed");
  expect(statuses.join("")).not.toMatch(HIDING);
  const { out } = await commandLine(["audit"], { env: { DATA_DIR: testBed.settings.dataFolder } });
  const lines = out.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith("2026-11-30 prod"))).toEqual([]);
  expect(lines.filter((line) => HIDING.test(line))).toEqual([]);
}, 60_000);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Object.values(Object(value)).flatMap(textsIn);
}

test("names of 100 kB: who is told gets what their system takes", async () => {
  const hook = await startTelling();
  await merged(["n".repeat(100_000), "m".repeat(100_000)]);
  await until(() => KINDS.every((kind) => bodies(hook, kind).length > 0));
  const sizes = KINDS.flatMap((kind) => bodies(hook, kind).map(({ length }) => length));
  expect(Math.max(...sizes)).toBeLessThan(4_000);
}, 60_000);

test("300 charts at once: what a recipient has taken comes no more, and what comes after is told as well", async () => {
  const hook = await startTelling(["cdevents"]);
  await merged(Array.from({ length: 300 }, (_, n) => `c${n}`));
  await until(() => bodies(hook, "deploy").length > 0 && bodies(hook, "cdevents").length > 0);
  const limited = Array.from({ length: 5 }, () => [...Array.from({ length: 70 }, () => 202), 503]);
  hook.answerNext(...limited.flat());
  await deployed(hook);
  await until(() => new Set(ids(hook)).size > 300);
  expect(ids(hook).length).toBeLessThan(310);
}, 60_000);

test("300 charts at once, and a server that is started anew between them: none is lost, and those of that one event come again", async () => {
  const hook = await startTelling(["cdevents"]);
  await merged(Array.from({ length: 300 }, (_, n) => `c${n}`));
  await until(() => bodies(hook, "deploy").length > 0 && bodies(hook, "cdevents").length > 0);
  const before = ids(hook);
  hook.answerNext(...Array.from({ length: 70 }, () => 202), 503);
  await deployed(hook);
  await until(() => ids(hook).length > before.length + 70);
  const taken = ids(hook).slice(before.length, -1);
  await testBed.restart();
  await until(() => new Set(ids(hook)).size > 300);
  await testBed.waitUntilIdle();
  const times = Map.groupBy(ids(hook), (id) => id);
  expect(before.map((id) => times.get(id)?.length)).toEqual(before.map(() => 1));
  expect(taken.map((id) => times.get(id)?.length)).toEqual(taken.map(() => 2));
}, 60_000);

/** Of the events that were sent. */
function ids(hook: Hook): readonly string[] {
  return hook.received.flatMap(({ headers }) => headers["ce-id"] ?? []).map(String);
}

test("the command line prints names as they are, and nothing in them steers the terminal", async () => {
  const folder = await mkdtemp(join(tmpdir(), "loud-"));
  closeAfterwards(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, ".github"));
  const config = `environments:\n  dev:\n    ${quoted(HOSTILE)}: 1\n`;
  await writeFile(join(folder, ".github/chart-promoter.yml"), config);
  await live({ files: { ".github/chart-promoter.yml": config } });
  const ended = [
    await commandLine(["check", folder]),
    await commandLine(["status"], { env: { DATA_DIR: testBed.settings.dataFolder } }),
  ];
  for (const { out, err } of ended) {
    expect(out + err).toContain("⟨U+202E⟩txt.exe");
    expect((out + err).replaceAll("\n", "")).not.toMatch(HIDING);
  }
}, 60_000);

test("a command as long as there may be: it is answered why it was not done", async () => {
  await live({});
  await published("1.0.1");
  const id = testBed.alice.comment(CONFIG_REPOSITORY, 1, `/allow ${"|".repeat(16_000)}`);
  await testBed.waitUntilIdle();
  expect(reactionsTo(id)).toEqual(["confused"]);
  const answers = [...testBed.repository().comments.values()].map(({ body }) => body);
  expect(answers.at(-1)).toMatch(/ was not done: \/allow takes no arguments/);
  expect(answers.at(-1)?.length).toBeLessThan(10_000);
});

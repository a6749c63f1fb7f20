// A review that takes longer than anybody waits for it: text and check say that it is under way, and are completed by
// themselves, whatever happens in between.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../../src/sandbox/test-bed.ts";
import { inTheEnd, liveWithHelm } from "../../helm-that-waits.ts";
import { published, testBed } from "../../setting.ts";

const text = () => testBed.repository().pull(1)?.body ?? "";
const runs = () => [...testBed.repository().checkRuns.values()];
const check = () => runs().map(({ status, conclusion }) => conclusion ?? status);

const EVENTS: readonly (readonly [what: string, happens: () => unknown])[] = [
  ["nothing else happens", () => undefined],
  ["somebody comments", () => testBed.alice.comment(CONFIG_REPOSITORY, 1, "Looks good to me")],
  ["somebody gives a command", () => testBed.alice.comment(CONFIG_REPOSITORY, 1, "/help")],
  ["a label is put on", () => testBed.alice.label(CONFIG_REPOSITORY, 1, "urgent")],
  [
    "the base moves",
    () => testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "words\n" } }),
  ],
  ["another chart is published", () => testBed.publish({ chart: "xposer-web", version: "1.0.0" })],
];

test.each(EVENTS)("it is completed by itself when %s", async (_what, happens) => {
  const helm = await liveWithHelm();
  await helm.waits();
  await published("1.0.1");
  expect(text()).toContain("Not compared yet");
  expect(check()).toEqual(["in_progress"]);
  happens();
  await helm.goesOn();
  await inTheEnd(() => !text().includes("Not compared yet") && check()[0] === "success");
  expect(text()).not.toContain("Not compared yet");
  expect(check()).toEqual(["success"]);
});

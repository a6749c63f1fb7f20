// A version that is taken out of its chart repository, or replaced there, while its pull request is open.

import { beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, testBed, until } from "../setting.ts";

const OTHER = packChart({ name: "xposer", version: "1.0.1", description: "other bytes" });

/** What the newest run of a pull request says. */
function check(number: number): string {
  const oid = testBed.repository().pull(number)?.head.oid;
  const run = [...testBed.repository().checkRuns.values()].findLast(({ headOid }) => headOid === oid);
  return `${run?.conclusion ?? run?.status}: ${run?.output.title}`;
}

function text(number: number): string {
  return testBed.repository().pull(number)?.body ?? "";
}

async function remove(version: string): Promise<void> {
  const answer = await fetch(`${testBed.museum.url}/api/charts/xposer/${version}`, { method: "DELETE" });
  expect(answer.status).toBe(200);
}

/** Promotes 1.0.1, and waits until the check lets it be merged. */
async function proposed(): Promise<void> {
  await testBed.publish({ version: "1.0.1" });
  await until(() => check(1) === "success: Good to merge: xposer 1.0.1 in dev");
}

function uploadAgain(): Promise<Response> {
  const url = `${testBed.url()}/museum/stakater/api/charts?force`;
  return fetch(url, { method: "POST", body: new Uint8Array(OTHER) });
}

const GONE = "`1.0.1` of `xposer` is in the chart repository no more";
const REPLACED = "`1.0.1` of `xposer` was replaced in the chart repository";

beforeEach(() => live({ pollMs: 300 }));

test("one that is gone fails the check and is told, until it is there again", async () => {
  await proposed();
  const packed = testBed.pack("1.0.1");
  await remove("1.0.1");
  await until(() => check(1).startsWith('failure: xposer 1.0.1 is not in the chart repository "stakater"'));
  await until(() => text(1).includes(GONE));
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  await testBed.museum.upload(packed);
  await until(() => check(1) === "success: Good to merge: xposer 1.0.1 in dev");
  await until(() => !text(1).includes(GONE));
});

test("one that is replaced fails the check and is told, with both digests", async () => {
  await proposed();
  await testBed.museum.upload(OTHER);
  await until(() => /^failure: xposer 1\.0\.1 was published with sha256:\w+, but the chart/.test(check(1)));
  await until(() => text(1).includes(REPLACED));
});

test("a person's own pull request is judged again as well", async () => {
  await testBed.museum.upload(testBed.pack("1.0.1"));
  const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.1\n    repository: ${MUSEUM_URL}\n`;
  const files = { "dev/requirements.yaml": requirements };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "own" });
  await until(() => check(number) === "success: Good to merge: xposer 1.0.1 in dev");
  await remove("1.0.1");
  await until(() => check(number).startsWith("failure: xposer 1.0.1 is not in the chart repository"));
});

test("one that is replaced through the upload door is answered with a warning, and judged again without a poll", async () => {
  await testBed.stop();
  await live();
  await proposed();
  const answer = await uploadAgain();
  expect(answer.status).toBe(201);
  expect(answer.headers.get("warning")).toMatch(
    /^299 - "xposer 1\.0\.1 was announced before with the digest sha256:/,
  );
  await until(() => check(1).startsWith("failure: xposer 1.0.1 was published with"));
  await until(() => text(1).includes(REPLACED));
});

test("a repository that serves other bytes than it lists is told as that", async () => {
  const served = { kind: "status", status: 200, body: OTHER } as const;
  testBed.museum.faults.add(served, { match: /charts\/xposer-1\.0\.1\.tgz/ });
  await testBed.publish({ version: "1.0.1" });
  await until(() =>
    check(1).startsWith('failure: Chart repository "stakater" serves other bytes of xposer 1.0.1'),
  );
});

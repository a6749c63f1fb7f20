// Packed charts that many need at once, or one after the other: fetched once for each digest.

import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Archives } from "../../../../src/adapters/charts/archive/archives.ts";
import { ChartSources } from "../../../../src/adapters/charts/chart-sources.ts";
import { type Museum, startMuseum } from "../../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import { chartRepository } from "../repository.ts";

const PACKED = packChart({ name: "xposer", version: "1.0.0" });
const NAME = { chart: "xposer", version: "1.0.0" };
const KNOWN = { ...NAME, digest: `sha256:${createHash("sha256").update(PACKED).digest("hex")}` };

let museum: Museum;
let archives: Archives;

beforeEach(async () => {
  museum = await startMuseum();
  await museum.upload(PACKED);
  archives = new Archives(new ChartSources());
});
afterEach(() => museum.close());

test("at once", async () => {
  const repository = chartRepository(museum.url);
  const fetched = await Promise.all(Array.from({ length: 10 }, () => archives.fetch(repository, KNOWN)));
  for (const one of fetched) expect(one).toMatchObject({ ok: true, value: { digest: KNOWN.digest } });
  expect(museum.requests).toHaveLength(1);
});

test("one after the other, also when the first did not know the digest", async () => {
  const repository = chartRepository(museum.url);
  await archives.fetch(repository, NAME);
  const fetched = await archives.fetch(repository, KNOWN);
  expect(fetched.ok && Buffer.compare(fetched.value.packed, PACKED)).toBe(0);
  expect(museum.requests).toHaveLength(1);
});

test("a failure is shared by those who wait for it, and not kept", async () => {
  const repository = chartRepository(museum.url);
  museum.faults.add({ kind: "status", status: 503 }, { times: 1 });
  const [one, other] = await Promise.all([
    archives.fetch(repository, KNOWN),
    archives.fetch(repository, KNOWN),
  ]);
  expect([one.ok, other.ok]).toEqual([false, false]);
  expect(await archives.fetch(repository, KNOWN)).toMatchObject({ ok: true });
  expect(museum.requests).toHaveLength(2);
});

test("without a digest it is fetched anew: the version may have been replaced", async () => {
  const repository = chartRepository(museum.url);
  await archives.fetch(repository, NAME);
  await archives.fetch(repository, NAME);
  expect(museum.requests).toHaveLength(2);
});

test("other bytes than the digest names are given to nobody", async () => {
  const repository = chartRepository(museum.url);
  const other = { ...NAME, digest: `sha256:${"0".repeat(64)}` };
  for (let time = 1; time <= 2; time += 1)
    expect(await archives.fetch(repository, other)).toMatchObject({ problems: [{ code: "chart-digest" }] });
});

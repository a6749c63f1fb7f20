// What a pipeline learns of its publish without waiting.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { live, testBed, until } from "../setting.ts";

const WITHIN_MS = 60_000;

test(
  "a publish is settled once it is planned for everywhere, and names until then whom it waits for",
  async () => {
    await live();
    testBed.github.fault({ times: Number.POSITIVE_INFINITY }, "502");
    const { body } = await testBed.publish({ version: "1.0.1" });
    await until(async () => (await testBed.publishState(body.id)).state === "verified");
    expect(await testBed.publishState(body.id)).toMatchObject({
      settled: false,
      pending: [CONFIG_REPOSITORY],
      promotions: [],
    });
    testBed.github.faults.clear();
    await until(async () => (await testBed.publishState(body.id)).promotions.length > 0);
    expect(await testBed.publishState(body.id)).toMatchObject({
      settled: true,
      pending: [],
      promotions: [{ state: "proposed" }],
    });
  },
  WITHIN_MS,
);

test("a publish that waits for the chart repository is not settled", async () => {
  await live();
  const { body } = await testBed.announce({ version: "9.9.9" });
  await testBed.waitUntilIdle();
  expect(await testBed.publishState(body.id)).toMatchObject({
    state: "accepted",
    settled: false,
    pending: [],
  });
});

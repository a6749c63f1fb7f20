// What a pipeline learns of its publish without waiting.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/town.ts";
import { live, town, until } from "../setting.ts";

const WITHIN_MS = 60_000;

test(
  "a publish is settled once it is planned for everywhere, and names until then whom it waits for",
  async () => {
    await live();
    town.github.fault({ times: Number.POSITIVE_INFINITY }, "502");
    const { body } = await town.publish({ version: "1.0.1" });
    await until(async () => (await town.publishState(body.id)).state === "verified");
    expect(await town.publishState(body.id)).toMatchObject({
      settled: false,
      pending: [CONFIG_REPOSITORY],
      promotions: [],
    });
    town.github.faults.clear();
    await until(async () => (await town.publishState(body.id)).promotions.length > 0);
    expect(await town.publishState(body.id)).toMatchObject({
      settled: true,
      pending: [],
      promotions: [{ state: "proposed" }],
    });
  },
  WITHIN_MS,
);

test("a publish that waits for the chart repository is not settled", async () => {
  await live();
  const { body } = await town.announce({ version: "9.9.9" });
  await town.waitUntilIdle();
  expect(await town.publishState(body.id)).toMatchObject({ state: "accepted", settled: false, pending: [] });
});

// /readyz is open to everybody: what it asks of GitHub is asked once for all who ask within some seconds.

import { expect, test } from "@jest/globals";
import { Readiness } from "../../../src/adapters/http/readiness.ts";

const store = { ping: async () => undefined } as never;

test("while GitHub refuses, it is asked once in three seconds, and ready as soon as it has answered then", async () => {
  let [pings, now, answers] = [0, 0, false];
  const identity = async () => {
    pings += 1;
    if (!answers) throw new Error("not now");
    return "promoter";
  };
  const readiness = new Readiness(store, identity, { knownAtStart: true, now: () => now });
  const refused = ["GitHub does not answer, or does not know this App."];
  const all = await Promise.all(Array.from({ length: 100 }, () => readiness.notReady()));
  expect(new Set(all.flat())).toEqual(new Set(refused));
  now = 2_999;
  answers = true;
  expect(await readiness.notReady()).toEqual(refused);
  expect(pings).toBe(1);
  now = 3_000;
  expect(await readiness.notReady()).toEqual([]);
  expect(pings).toBe(2);
});

// Who gets the next seat: so many at once, so many of one flow, and whoever was served longest ago comes first.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { FairSeats } from "../../../src/adapters/threads/fair-seats.ts";

async function flushed(): Promise<void> {
  await new Promise(setImmediate);
}

test("flows take turns, however many of one are waiting", async () => {
  const seats = new FairSeats({ seats: 1, perFlow: 1 });
  const served: string[] = [];
  const leaving: (() => void)[] = [];
  const sit = (flow: string) =>
    void seats.take([flow]).then((leave) => {
      served.push(flow);
      leaving.push(leave);
    });
  for (const flow of ["a", "a", "a", "a", "b", "c", "b"]) sit(flow);
  for (let n = 0; n < 7; n++) {
    await flushed();
    leaving.shift()?.();
  }
  await flushed();
  expect(served).toEqual(["a", "b", "c", "a", "b", "a", "a"]);
});

test("a flow has no more than its share while seats are free", async () => {
  const seats = new FairSeats({ seats: 3, perFlow: 1 });
  const leave = await seats.take(["a", "chart"]);
  expect(seats.tryTake(["a"])).toBeUndefined();
  expect(seats.tryTake(["b", "chart"])).toBeUndefined();
  expect(seats.tryTake(["b"])).toBeDefined();
  leave();
  leave();
  expect(seats.tryTake(["a"])).toBeDefined();
  expect(seats.tryTake(["chart"])).toBeDefined();
  expect(seats.tryTake(["d"])).toBeUndefined();
});

test("whatever comes and goes, limits hold and everybody is served", async () => {
  const flow = fc.constantFrom("a", "b", "c", "d");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(flow, { minLength: 1, maxLength: 2 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      async (works, limit, perFlow) => {
        const seats = new FairSeats({ seats: limit, perFlow });
        const seated: (readonly string[])[] = [];
        let served = 0;
        await Promise.all(
          works.map(async (flows) => {
            const leave = await seats.take(flows);
            seated.push(flows);
            expect(seated.length).toBeLessThanOrEqual(limit);
            for (const one of flows)
              expect(seated.filter((others) => others.includes(one)).length).toBeLessThanOrEqual(perFlow);
            await flushed();
            seated.splice(seated.indexOf(flows), 1);
            served += 1;
            leave();
          }),
        );
        expect(served).toBe(works.length);
      },
    ),
    { numRuns: 100 },
  );
});

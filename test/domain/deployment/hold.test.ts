// When an environment may be deployed, and what is said while it may not. Expected instants are read off a calendar.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { holdAt } from "../../../src/domain/deployment/hold.ts";
import { closedAt, isCron, isTimeZone, reopens } from "../../../src/domain/deployment/windows.ts";
import type { TimeWindow } from "../../../src/domain/model/config/config.ts";

const HOUR = 3_600_000;
const window = (cron: string, hours: number, timeZone = "UTC"): TimeWindow => ({
  ...{ cron, timeZone },
  ...{ duration: `${hours}h`, durationMs: hours * HOUR },
});
const WORK = window("0 9 * * 1-5", 8, "Europe/Berlin");
const FRIDAY = window("0 12 * * 5", 60, "Europe/Berlin");

describe("windows", () => {
  test.each<readonly [string, readonly TimeWindow[], readonly TimeWindow[], string, string | undefined]>([
    ["no window", [], [], "2026-11-28T03:00:00Z", undefined],
    ["within working hours", [WORK], [], "2026-11-30T12:00:00Z", undefined],
    ["their first instant", [WORK], [], "2026-11-30T08:00:00Z", undefined],
    ["a moment before it", [WORK], [], "2026-11-30T07:59:59.999Z", "2026-11-30T08:00:00Z"],
    ["their end is outside", [WORK], [], "2026-11-30T16:00:00Z", "2026-12-01T08:00:00Z"],
    ["over a weekend", [WORK], [], "2026-11-27T16:30:00Z", "2026-11-30T08:00:00Z"],
    ["in summer time an hour earlier", [WORK], [], "2026-07-05T00:00:00Z", "2026-07-06T07:00:00Z"],
    ["over the change of the clocks", [WORK], [], "2026-10-24T00:00:00Z", "2026-10-26T08:00:00Z"],
    [
      "the earlier of two",
      [WORK, window("0 6 * * *", 1)],
      [],
      "2026-11-28T00:00:00Z",
      "2026-11-28T06:00:00Z",
    ],
    ["denied", [], [FRIDAY], "2026-11-27T11:00:00Z", "2026-11-29T23:00:00Z"],
    ["before the denied one", [], [FRIDAY], "2026-11-27T10:59:59Z", undefined],
    ["denied within working hours", [WORK], [FRIDAY], "2026-11-27T12:00:00Z", "2026-11-30T08:00:00Z"],
    [
      "denied ones that follow each other",
      [],
      [window("0 * * * *", 1), window("30 23 * * *", 1)],
      "2026-11-27T12:00:00Z",
      "never",
    ],
    ["one that lasts into the next", [window("0 */2 * * *", 3)], [], "2026-11-27T12:00:00Z", undefined],
  ])("%s", (...[, allow, deny, at, until]) => {
    const closed = closedAt({ allow, deny }, new Date(at));
    if (until === "never") expect(reopens({ allow, deny }, new Date(at))).toBe(false);
    else expect(closed?.until).toEqual(until === undefined ? undefined : new Date(until));
  });

  test("when it opens it is open, and a moment before it is not", () => {
    const hours = fc.integer({ min: 1, max: 30 });
    const cron = fc.constantFrom("0 9 * * 1-5", "30 2 * * *", "0 0 1 * *", "15 22 * * 0,6", "0 0 L * *");
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu");
    const some = fc.array(
      fc.tuple(cron, hours, zone).map((one) => window(...one)),
      { maxLength: 3 },
    );
    const instant = fc.date({
      min: new Date("2026-01-01"),
      max: new Date("2027-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(some, some, instant, (allow, deny, at) => {
        const closed = closedAt({ allow, deny }, at);
        fc.pre(closed !== undefined && reopens({ allow, deny }, at));
        const until = closed?.until ?? at;
        expect(until.getTime()).toBeGreaterThan(at.getTime());
        expect(closedAt({ allow, deny }, until)).toBeUndefined();
        expect(closedAt({ allow, deny }, new Date(until.getTime() - 1))).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["0 9 * * 1-5", true],
    ["*/15 8-18 * * MON-FRI", true],
    ["0 0 29 2 *", true],
    ["0 0 30 2 *", false],
    ["* * * * * *", false],
    ["@daily", false],
    ["2026-01-01T00:00:00", false],
    ["61 * * * *", false],
    ["", false],
  ])("cron %s: %s", (pattern, is) => {
    expect(isCron(pattern)).toBe(is);
  });

  test.each([
    ["Europe/Berlin", true],
    ["UTC", true],
    ["Mars/Base", false],
    ["", false],
  ])("time zone %s: %s", (name, is) => {
    expect(isTimeZone(name)).toBe(is);
  });
});

describe("what holds deployments", () => {
  const freeze = [
    { from: new Date("2026-11-27T00:00:00Z"), to: new Date("2026-11-28T00:00:00Z"), reason: "fair" },
  ];
  const windows = { allow: [WORK], deny: [] };
  const at = (text: string) => new Date(text);

  test.each<readonly [string, Parameters<typeof holdAt>[0], string, object | undefined]>([
    ["nothing", { freeze: [] }, "2026-11-27T12:00:00Z", undefined],
    [
      "a freeze holds what was merged in it",
      { freeze },
      "2026-11-27T12:00:00Z",
      { by: "freeze", until: at("2026-11-28T00:00:00Z"), reason: "fair" },
    ],
    [
      "a freeze that ends outside of the windows goes on until they open",
      { freeze, windows },
      "2026-11-27T12:00:00Z",
      { by: "freeze", until: at("2026-11-30T08:00:00Z"), reason: "fair" },
    ],
    [
      "windows hold everything",
      { freeze: [], windows },
      "2026-11-28T12:00:00Z",
      {
        ...{ by: "windows", until: at("2026-11-30T08:00:00Z"), holdsAll: true },
        reason: "outside its windows for deployments",
      },
    ],
    [
      "the operator holds everything, without an end",
      { freeze, windows, paused: "the cluster moves" },
      "2026-11-27T12:00:00Z",
      {
        ...{ by: "operator", holdsAll: true },
        reason: "the server's operator lets nothing be deployed here: the cluster moves",
      },
    ],
  ])("%s", (...[, environment, now, hold]) => {
    expect(holdAt(environment, at(now))).toEqual(hold);
  });
});

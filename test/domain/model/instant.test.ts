import { expect, test } from "@jest/globals";
import { instantText, untilText } from "../../../src/domain/model/instant.ts";

test("what was is told with its minute", () => {
  expect(instantText(new Date("2027-01-02T03:04:59.999Z"))).toBe("2027-01-02 03:04 UTC");
});

test.each([
  ["2027-01-02T00:00:00.000Z", "2027-01-02 00:00 UTC"],
  ["2026-12-31T23:59:00.001Z", "2027-01-01 00:00 UTC"],
])("what ends at %s is over at %s", (end, expected) => {
  expect(untilText(new Date(end))).toBe(expected);
});

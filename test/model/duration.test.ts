import { expect, test } from "@jest/globals";
import { parseDuration } from "../../src/model/duration.ts";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
  ["0s", 0],
])("%s is %d milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "5", "m", "-1h", "1.5h", "1h30m", " 1h", "1h ", "1H", "1w", "9999999999s", "constructor"])(
  "%p is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

import { expect, test } from "@jest/globals";
import { durationInWords, parseDuration } from "../../../src/domain/model/config/duration.ts";

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

test.each([
  [1_000, "1 second"],
  [60_000, "60 seconds"],
  [300_000, "5 minutes"],
  [3_600_000, "60 minutes"],
  [86_400_000, "24 hours"],
  [129_600_000, "36 hours"],
  [604_800_000, "7 days"],
])("%d milliseconds are %s", (milliseconds, words) => {
  expect(durationInWords(milliseconds)).toBe(words);
});

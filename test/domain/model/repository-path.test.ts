import { expect, test } from "@jest/globals";
import { isBelow } from "../../../src/domain/model/repository-path.ts";

test.each([
  ["dev/values.yaml", "dev", true],
  ["devices/values.yaml", "dev", false],
  ["dev", "dev", false],
  ["anything", "", true],
])("%s below %j: %s", (file, folder, expected) => {
  expect(isBelow(file, folder)).toBe(expected);
});

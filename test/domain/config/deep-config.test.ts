// A config file whose keys stand in keys, thousands deep: a problem in it, and no exception.

import { expect, test } from "@jest/globals";
import { readYaml } from "../../../src/domain/config/yaml-document.ts";

test.each([
  ["keys", `${"? ".repeat(20_000)}\n&a b`],
  ["lists", `${"- ".repeat(20_000)}\n&a b`],
  ["brackets", "[".repeat(20_000)],
])("%s within each other are too deep", (_what, text) => {
  const read = readYaml(text, "chart-promoter.yml");
  expect(read.ok ? [] : read.problems.slice(0, 1)).toMatchObject([{ code: "config-invalid" }]);
});

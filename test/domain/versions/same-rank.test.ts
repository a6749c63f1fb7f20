import { expect, test } from "@jest/globals";
import { sameRank } from "../../../src/domain/versions/same-rank.ts";

/** What Helm 4.1.4 takes for the locked version when its repository was added (`versionEquals` in pkg/downloader). */
test.each<[string, readonly string[], readonly string[]]>([
  ["1.1.0+b2", ["1.1.0+b1", "1.1.0+b2", "1.0.0"], ["1.1.0+b1"]],
  ["1.1.0", ["1.1.0", "1.1.0+b1", "v1.1.0"], ["1.1.0+b1", "v1.1.0"]],
  ["1.1.0-rc.1", ["1.1.0", "1.1.0-rc.1+x", "1.1.0-rc.2"], ["1.1.0-rc.1+x"]],
  ["1.1", ["1.1.0"], ["1.1.0"]],
  ["nonsense", ["nonsense", "1.0.0"], []],
  ["1.0.0", ["latest"], []],
])("of %s and %j, %j rank the same", (version, listed, others) => {
  expect(sameRank(version, listed)).toEqual(others);
});

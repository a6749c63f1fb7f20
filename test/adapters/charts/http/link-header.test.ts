// Link headers, as registries write them.

import { expect, test } from "@jest/globals";
import { nextLink } from "../../../../src/adapters/charts/http/link-header.ts";

const BASE = new URL("https://registry.example.com/v2/charts/web/tags/list?n=100");

test.each<[string, string | undefined, string | undefined]>([
  [
    "a path",
    '</v2/charts/web/tags/list?n=100&last=1.0.9>; rel="next"',
    "/v2/charts/web/tags/list?n=100&last=1.0.9",
  ],
  ["a query alone", '<?n=100&last=1.0.9>; rel="next"', "/v2/charts/web/tags/list?n=100&last=1.0.9"],
  ["a relative path", "<list?last=b>; rel=next", "/v2/charts/web/tags/list?last=b"],
  ["a path that goes up", '<../tags/list?last=b>;rel="next"', "/v2/charts/web/tags/list?last=b"],
  ["a whole address", '<https://registry.example.com/v2/x?last=b>; rel="next"', "/v2/x?last=b"],
  ["an address with a comma and a bracket in it", '</x?last=a,b%3E;c>; rel="next"', "/x?last=a,b%3E;c"],
  ["the second of two", '</first>; rel="first", </next>; title="a, \\"b\\"; rel=last"; rel="next"', "/next"],
  ["several relations", '</next>; rel="self next"', "/next"],
  ["other parameters first", '</next>; title="x"; REL = NEXT', "/next"],
  ["another relation", '</x>; rel="prev"', undefined],
  ["a longer word", '</x>; rel="nextish"', undefined],
  ["no relation", "</x>", undefined],
  ["no end", "</x; rel=next", undefined],
  ["nothing", undefined, undefined],
])("%s", (...[, header, expected]) => {
  const url = nextLink(header, BASE);
  expect(url && `${url.pathname}${url.search}`).toBe(expected);
});

test("a long header is read in no time", () => {
  const started = performance.now();
  for (const header of [
    "<".repeat(100_000),
    "<a>,".repeat(25_000),
    `<a>;${'"'.repeat(99_999)}`,
    `<a>${"; rel ".repeat(15_000)}`,
  ])
    nextLink(header, BASE);
  expect(performance.now() - started).toBeLessThan(500);
});

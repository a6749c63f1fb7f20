// Which callers count as proxies of one's own.

import { expect, test } from "@jest/globals";
import { trustsProxy } from "../../../src/adapters/http/trusted-proxies.ts";

test.each([
  ["10.0.0.0/8", "10.1.2.3", true],
  ["10.0.0.0/8", "::ffff:10.1.2.3", true],
  ["10.0.0.0/8", "11.1.2.3", false],
  ["192.0.2.7", "192.0.2.7", true],
  ["192.0.2.7", "192.0.2.8", false],
  ["fd00::/8", "fd12::1", true],
  ["fd00::/8", "fe80::1", false],
  ["::1", "::1", true],
])("of %s, %s: %j", (proxy, address, isProxy) => {
  expect(trustsProxy(() => [proxy])(address)).toBe(isProxy);
});

test("nobody without a list, and whom a newer list names", () => {
  let proxies: readonly string[] | undefined;
  const trusts = trustsProxy(() => proxies);
  expect(trusts("10.1.2.3")).toBe(false);
  proxies = ["10.0.0.0/8"];
  expect(trusts("10.1.2.3")).toBe(true);
  proxies = undefined;
  expect(trusts("10.1.2.3")).toBe(false);
});

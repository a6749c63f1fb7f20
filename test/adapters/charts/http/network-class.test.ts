// What kind of network an address is on, however it is written: an IPv4 address within one of IPv6 leads where that leads.

import { expect, test } from "@jest/globals";
import { networkClassOf } from "../../../../src/adapters/charts/http/network-class.ts";

test.each([
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["169.254.169.254", "link-local"],
  ["::ffff:a9fe:a9fe", "link-local"],
  ["fe80::1", "link-local"],
  ["10.0.0.1", "private"],
  ["100.64.0.1", "private"],
  ["::ffff:10.0.0.1", "private"],
  ["::", "private"],
  ["0.0.0.0", "private"],
  // IPv4-compatible, translated (RFC 2765), NAT64, Teredo and 6to4: what carries an address of 127.0.0.0/8 within.
  ["::127.0.0.1", "private"],
  ["::ffff:0:7f00:1", "private"],
  ["64:ff9b::7f00:1", "private"],
  ["2001:0:7f00:1::", "private"],
  ["2002:7f00:1::", "private"],
  ["fd00::1", "private"],
  ["2001:db8::1", "private"],
  ["203.0.113.7", "private"],
  ["93.184.216.34", "public"],
  ["::ffff:93.184.216.34", "public"],
  ["2606:2800:220:1::1", "public"],
])("%s is %s", (address, kind) => {
  expect(networkClassOf(address)).toBe(kind);
});

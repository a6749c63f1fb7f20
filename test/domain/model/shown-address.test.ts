import { expect, test } from "@jest/globals";
import { shownAddress } from "../../../src/domain/model/secret/shown-address.ts";

test.each([
  ["https://bob:s3cret@c.example.com/charts", "https://c.example.com/charts"],
  ["https://ghp_s3cret@c.example.com/charts", "https://c.example.com/charts"],
  ["HTTPS://bob:s3cret@C.example.com:8443/charts/", "https://c.example.com:8443/charts/"],
  ["oci://bob:s3cret@r.example.com/charts", "oci://r.example.com/charts"],
  ["https://c.example.com/charts?token=s3cret#s3cret", "https://c.example.com/charts"],
  ["https:\\\\bob:s3cret@c.example.com", "https://c.example.com/"],
  ["https://bob:s3/cret@c.example.com/x", "https://c.example.com/x"],
  ["https://bob:s3 cret@c.exa mple.com/x", "https://c.exa mple.com/x"],
  ["//bob:s3cret@c.example.com/x", "c.example.com/x"],
  ["https://bob:s@3cret@c.example.com/x", "https://c.example.com/x"],
  ["https://c.example.com/npm/@scope/chart", "https://c.example.com/npm/@scope/chart"],
  ["@stakater", "@stakater"],
  ["alias:stakater", "alias:stakater"],
  ["file://../beside", "file://../beside"],
  ["", ""],
])("%s is shown as %s", (address, shown) => {
  expect(shownAddress(address)).toBe(shown);
  expect(shownAddress(shown)).toBe(shown);
});

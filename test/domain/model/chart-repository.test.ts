import { expect, test } from "@jest/globals";
import { normaliseUrl, resolveRepository } from "../../../src/domain/model/chart/chart-repository.ts";
import type { ChartRepository } from "../../../src/domain/model/config/settings.ts";

const repositories = [
  repository("stakater", "chartmuseum", "https://charts.example.com/stakater", "http://museum.cd.svc:8080"),
  repository("root", "index", "https://index.example.com"),
  repository("registry", "oci", "oci://registry.example.com/charts"),
];

test.each([
  ["https://charts.example.com/stakater", "stakater"],
  ["https://charts.example.com/stakater/", "stakater"],
  ["https://Charts.Example.com:443/stakater//", "stakater"],
  ["http://museum.cd.svc:8080/", "stakater"],
  ["@stakater", "stakater"],
  ["alias:stakater", "stakater"],
  ["https://index.example.com/", "root"],
  ["oci://registry.example.com/charts", "registry"],
  ["oci://REGISTRY.example.com/charts/", "registry"],
  ["@registry", "registry"],
])("%p means %s", (text, name) => {
  expect(resolveRepository(repositories, text)?.name).toBe(name);
});

test.each([
  "",
  "file://../xposer",
  "@other",
  "alias:",
  "@",
  "stakater",
  "http://charts.example.com/stakater",
  "https://charts.example.com",
  "https://charts.example.com/Stakater",
  "https://charts.example.com/stakater?x=1",
  "https://registry.example.com/charts",
  "oci://registry.example.com/charts/xposer",
  "http://museum.cd.svc",
  "ftp://charts.example.com/stakater",
])("%p means none of them", (text) => {
  expect(resolveRepository(repositories, text)).toBeUndefined();
});

test.each([
  ["http://a.example.com:80/x/", "http://a.example.com/x"],
  ["https://a.example.com:8443", "https://a.example.com:8443"],
  ["OCI://a.example.com:443/x", "oci://a.example.com/x"],
  ["not a url", undefined],
])("%p is normalised to %p", (text, url) => {
  expect(normaliseUrl(text)).toBe(url);
});

function repository(
  name: string,
  kind: ChartRepository["kind"],
  ...[url, ...also]: readonly [string, ...string[]]
): ChartRepository {
  return { name, url, also, kind, fetchFrom: url, credentials: { kind: "none" } };
}

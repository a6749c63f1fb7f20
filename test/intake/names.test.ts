import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { matchesGlob } from "../../src/domain/model/config/glob.ts";
import { secretBytes } from "../../src/domain/model/secret/secret-bytes.ts";
import { isChartName, isChartVersion } from "../../src/intake/body/announcement.ts";
import { parseBasic } from "../../src/intake/caller/basic.ts";
import { parsePackageFile } from "../../src/intake/systems/artifact/package-file.ts";
import { parsePurl } from "../../src/intake/systems/artifact/purl.ts";

test.each<[string, string, boolean]>([
  ["xposer", "xposer", true],
  ["xposer", "xposer-api", false],
  ["xposer-*", "xposer-", true],
  ["xposer-*", "xposer", false],
  ["*", "", true],
  ["*-api", "a-api-api", true],
  ["a*b*c", "abcbc", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a.c", "abc", false],
  ["", "a", false],
])("the glob %s and the chart %s: %s", (glob, chart, expected) => {
  expect(matchesGlob(glob, chart)).toBe(expected);
});

test("a glob agrees with the regular expression of the same meaning", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?") });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b") }), (glob, text) => {
      const pattern = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(matchesGlob(glob, text)).toBe(pattern.test(text));
    }),
  );
});

test("a glob of many stars is quick on a long name", () => {
  const started = performance.now();
  expect(matchesGlob("*a".repeat(50), `${"a".repeat(5000)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});

test.each(["xposer", "X.y_z-0", "a", "a".repeat(250)])("%.20s is a chart name", (name) => {
  expect(isChartName(name)).toBe(true);
});

test.each(["", ".", "..", "a/b", "a b", "a\n", "ä", "a".repeat(251)])("%j is none", (name) => {
  expect(isChartName(name)).toBe(false);
});

test.each(["1.2.3", "v1.2.3", "0.0.0", "1.2.3-rc.1", "1.2.3-0+b.7"])("%s is a chart version", (version) => {
  expect(isChartVersion(version)).toBe(true);
});

test.each([
  "",
  "1",
  "1.2",
  "1.2.3.4",
  "=1.2.3",
  "V1.2.3",
  "1.2.3\n",
  "1.2.3-",
  "1.2.3-01",
  "1.x.0",
  "9".repeat(300),
])("%j is none", (version) => {
  expect(isChartVersion(version)).toBe(false);
});

describe("HTTP Basic", () => {
  test("takes any name and secret in UTF-8, colons in the secret too", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "grapheme" }), (text, secret) => {
        const name = text.replaceAll(":", "");
        const encoded = Buffer.from(`${name}:${secret}`).toString("base64");
        expect(parseBasic(`Basic ${encoded}`)).toEqual({ name, secret });
      }),
    );
  });

  test.each([undefined, "", "Basic", "Basic !", "Bearer eDp5", `Basic ${btoa("no colon")}`])(
    "%s is none",
    (text) => {
      expect(parseBasic(text)).toBeUndefined();
    },
  );
});

test("a secret is base64 behind whsec_, else its UTF-8 bytes", () => {
  expect(secretBytes("whsec_AAEC")).toEqual(Buffer.from([0, 1, 2]));
  expect(secretBytes("ä")).toEqual(Buffer.from([0xc3, 0xa4]));
});

test.each<[string, string, string]>([
  ["web-1.2.3.tgz", "web", "1.2.3"],
  ["a/b/my-web-2-1.2.3-rc.1+b.tgz", "my-web-2", "1.2.3-rc.1+b"],
  ["web-v1.2.3.tgz", "web", "v1.2.3"],
])("%s is a packed chart", (file, chart, version) => {
  expect(parsePackageFile(file)).toEqual({ chart, version });
});

test.each(["web.tgz", "web-1.2.tgz", "web-1.2.3.tgz.prov", "-1.2.3.tgz", "web-1.2.3.zip", ""])(
  "%s is none",
  (file) => {
    expect(parsePackageFile(file)).toBeUndefined();
  },
);

test.each(["", "pkg:", "pkg:helm", "pkg:helm/", "pkg:helm/%", "http://x/y", "pkg:helm/a@%ff"])(
  "%s is no package URL",
  (text) => {
    expect(parsePurl(text)).toBeUndefined();
  },
);

// The fast readers of an index find what a real parser finds, whatever its layout and however it is cut into pieces,
// and say no to what is no index.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { dump } from "js-yaml";
import { stringify } from "yaml";
import { parseChartVersion } from "../../../../src/adapters/charts/chart-version.ts";
import { helmYaml } from "../../../../src/adapters/charts/helm-yaml.ts";
import type { IndexContent, IndexQuery } from "../../../../src/adapters/charts/index/index-content.ts";
import { IndexReader } from "../../../../src/adapters/charts/index/index-reader.ts";
import { deserialise } from "../../../../src/adapters/charts/index/listed-version.ts";
import { WholeIndex } from "../../../../src/adapters/charts/index/yaml/whole-index.ts";
import { parseVersion } from "../../../../src/domain/versions/version.ts";

const DIGEST = "0f5c1d2e3b4a59687786a5b4c3d2e1f00f5c1d2e3b4a59687786a5b4c3d2e1f0";

function read(
  text: string,
  { layout = "index", charts, size = 7 }: Partial<IndexQuery> & { size?: number } = {},
) {
  const query = { layout, ...(charts && { charts }) };
  const bytes = Buffer.from(text);
  const feed = (reader: IndexReader | WholeIndex) => {
    for (let from = 0; from < bytes.length; from += size) reader.push(bytes.subarray(from, from + size));
  };
  const [reader, whole] = [new IndexReader(query), new WholeIndex(query)];
  feed(reader);
  const content = reader.end();
  if (content.kind !== "unsupported") return content;
  feed(whole);
  return whole.end();
}

/** `chart version digest` of every entry, in order. */
function lines(content: IndexContent): readonly string[] | string {
  if (content.kind !== "listed") return content.kind === "bad" ? content.reason : "chart";
  return content.charts.flatMap((chart) =>
    deserialise(chart).map(({ version, digest = "-" }) => `${chart.chart} ${version} ${digest.slice(0, 11)}`),
  );
}

/** The same, by a parser that reads the whole text. */
function linesByParser(text: string): readonly string[] {
  const { entries }: { entries: { [chart: string]: unknown[] } } = Object(helmYaml(text, "index")?.value);
  return Object.entries(entries).flatMap(([chart, list]) =>
    (list ?? []).flatMap((entry) => {
      const found = parseChartVersion(entry);
      return found?.metadata.name !== chart || !parseVersion(found.metadata.version)
        ? []
        : [`${chart} ${found.metadata.version} ${(found.digest ?? "-").slice(0, 11)}`];
    }),
  );
}

const HELM = `apiVersion: v1
entries:
  nginx:
  - annotations:
      note: |
        version: 9.9.9
        - nested: dash
    apiVersion: v2
    created: "2026-01-02T03:04:05.123456789Z"
    dependencies:
    - name: common
      version: 1.x.x
    description: A server that is described at such a length that the text goes on in
      the next line; version 2
    digest: ${DIGEST}
    name: nginx
    urls:
    - charts/nginx-1.2.3.tgz
    version: 1.2.3
  - created: "2025-01-02T03:04:05Z"
    digest: ${DIGEST.toUpperCase().toLowerCase()}
    name: nginx
    version: v1.2.2+build.1
  redis:
  - name: redis
    version: "7.0.0"
generated: "2026-01-02T03:04:05Z"
serverInfo: {}
`;

const LAYOUTS: readonly (readonly [string, string])[] = [
  ["as Helm writes it", HELM],
  ["with CRLF", HELM.replaceAll("\n", "\r\n")],
  ["with a byte order mark and a document start", `\u{feff}---\n${HELM}`],
  [
    "with comments and blank lines",
    HELM.replace("entries:", "# about\n\nentries: # here").replace("  redis", "# x\n\n  redis"),
  ],
  ["with deeper lists", stringify(helmYaml(HELM, "index")?.value, { indent: 4 })],
  ["with quoted names", HELM.replace("nginx:", '"nginx":').replace("  redis:", "  'redis':")],
  ["with names that need quotes", HELM.replace(/redis/g, '"1.5"')],
  ["with unquoted names of numbers", HELM.replace(/redis/g, "1.5")],
  ["with names that are words of YAML", HELM.replace(/redis/g, "on")],
  ["with a second document", `${HELM}---\n${HELM}`],
  ["with a second document that is none", `${HELM}---\n\t<<<: [ "`],
  ["with an end that is marked, and anything behind it", `${HELM}...\n{]`],
  ["with a second document behind JSON", `${JSON.stringify(helmYaml(HELM, "index")?.value)}\n---\nx: 1\n`],
  ["in JSON with rubbish behind it", `${JSON.stringify(helmYaml(HELM, "index")?.value)}}`],
  ["with a chart of null", HELM.replace("  redis:", "  none: ~\n  redis:")],
  ["with an entry of null", HELM.replace("  - name: redis", "  - ~\n  - name: redis")],
  ["with an entry that has another name", HELM.replace("name: redis", "name: rediss")],
  ["with an entry that has no name", HELM.replace("name: redis", "home: redis")],
  ["with an entry that has a quoted name", HELM.replace("name: redis", "name: 'redis'")],
  ["in JSON", JSON.stringify(helmYaml(HELM, "index")?.value)],
  ["in indented JSON", JSON.stringify(helmYaml(HELM, "index")?.value, null, 2)],
  [
    "in JSON with other things like entries around",
    `{"apiVersion":"v1","a":[{"name":"a","version":"1.0.0"}],"b":{"nginx":[{"name":"b","version":"1.0.0"}],"c":[[{}],[{}]]},"entries":${JSON.stringify(Object(helmYaml(HELM, "index")?.value)["entries"])},"z":{"redis":[{"name":"z","version":"2.0.0"}]}}`,
  ],
  [
    "in JSON with names that are escaped",
    JSON.stringify(helmYaml(HELM, "index")?.value)
      .replace('"redis":[', '"\\"r\\u00e9 \\\\" : [')
      .replace('"redis"', '"\\"r\\u00e9 \\\\"'),
  ],
  ["in flow style", "{apiVersion: v1, entries: {nginx: [{name: nginx, version: 1.2.3}]}}"],
  [
    "with an entry in flow style",
    HELM.replace("- name: redis\n    version", "- {name: redis, version").replace('"7.0.0"', '"7.0.0"}'),
  ],
  ["with versions that YAML takes for numbers", HELM.replace("1.2.3\n", "1.10\n").replace('"7.0.0"', "010")],
  ["with a digest of digits only", HELM.replaceAll(DIGEST, `"${"1".repeat(64)}"`)],
  [
    "with anchors",
    HELM.replace("name: nginx\n    urls", "name: &n nginx\n    urls").replace("name: redis", "name: *n"),
  ],
  ["with merge keys", HELM.replace("- name: redis", "- <<: {name: redis, digest: x}")],
  ["with folded versions", HELM.replace('version: "7.0.0"', "version: >-\n      7.0.0")],
  ["with a version that goes on", HELM.replace('version: "7.0.0"', "version: 7.0.0\n      beta")],
  ["with a list of dashes on their own lines", HELM.replace("  - name: redis", "  -\n    name: redis")],
  ["without versions", "apiVersion: v1\nentries: {}\ngenerated: x\n"],
  ["with a chart without versions", HELM.replace("  redis:", "  none: []\n  redis:")],
  ["with an entry without version", HELM.replace("1.2.3\n", "\n")],
  ["without generated", HELM.replace(/generated[\s\S]*/, "")],
  [
    "with names beyond ASCII",
    HELM.replace("described", "beschrieben – für alle ✓").replace(/redis/g, "rédis"),
  ],
];

describe("an index is read as a parser reads it", () => {
  test.each(LAYOUTS)("%s", (_name, text) => {
    expect(linesByParser(text)).toBeDefined();
    for (const size of [1, 7, 64, 100_000]) expect(lines(read(text, { size }))).toEqual(linesByParser(text));
  });

  test("also for one chart, with the whole entries", () => {
    for (const [, text] of LAYOUTS) {
      const parsed: { entries: { nginx?: unknown[] } } = Object(helmYaml(text, "index")?.value);
      const expected = (parsed.entries.nginx ?? []).flatMap((entry) => parseChartVersion(entry) ?? []);
      expect(read(text, { charts: ["nginx", "none"] })).toMatchObject({
        kind: "charts",
        charts: new Map([
          ["nginx", expected],
          ["none", []],
        ]),
      });
    }
  });
});

describe("what is no index is refused", () => {
  test.each([
    ["nothing", "", "is empty"],
    ["white space", " \n\t\n", "is empty"],
    ["a page", "<!DOCTYPE html>\n<html><body>Not found</body></html>\n", "is no mapping"],
    ["text", "Service Unavailable", "is no mapping"],
    ["a list", "- a\n- b\n", "is no mapping"],
    ["no entries", "apiVersion: v1\ngenerated: x\n", "has no entries"],
    ["entries without anything", "apiVersion: v1\nentries:\n", "has no entries"],
    ["no apiVersion", "entries:\n  a:\n  - name: a\n    version: 1.0.0\n", "has no apiVersion"],
    ["entries of no list", "apiVersion: v1\nentries:\n  a: 7\n", "has a chart whose versions are no list"],
    ["a list of entries", "apiVersion: v1\nentries:\n- a\n", "has no entries"],
    ["broken YAML", `${HELM}<<<<<<< HEAD\n`, "is neither well-formed YAML nor JSON"],
    ["a chart twice", HELM.replace("  redis:", "  nginx:"), "is neither well-formed YAML nor JSON"],
    [
      "a version twice in an entry",
      HELM.replace('"7.0.0"', '"7.0.0"\n    version: 7.0.1'),
      "is neither well-formed YAML nor JSON",
    ],
    ["a tab", HELM.replace("  redis", "\tredis"), "is neither well-formed YAML nor JSON"],
    ["an unclosed quote", HELM.replace('"7.0.0"', '"7.0.0'), "is neither well-formed YAML nor JSON"],
    ["an unknown alias", HELM.replace('"7.0.0"', "*unknown"), "is neither well-formed YAML nor JSON"],
    ["a line cut off", HELM.slice(0, HELM.indexOf("1.2.2+") + 3), "is cut off in the middle of a line"],
    [
      "JSON cut off",
      JSON.stringify(helmYaml(HELM, "index")?.value).slice(0, -9),
      "is neither well-formed YAML nor JSON",
    ],
  ])("%s", (_name, text, reason) => {
    expect(read(text)).toEqual({ kind: "bad", reason });
  });

  test("ChartMuseum's list must be one of lists", () => {
    const answer = (text: string) => lines(read(text, { layout: "museum" }));
    expect(answer("{}")).toEqual([]);
    expect(answer('{"a":[{"name":"a","version":"1.0.0"}]}')).toEqual(["a 1.0.0 -"]);
    expect(answer('{"error":"not found"}')).toBe("has a chart whose versions are no list");
    expect(answer("[]")).toBe("is no mapping");
    expect(answer('{"a":[{"name":"a","ver')).toBe("is neither well-formed YAML nor JSON");
  });
});

describe("JSON with a key twice is read as Go reads it", () => {
  const versions = (...list: readonly string[]) =>
    JSON.stringify(list.map((version) => ({ name: "a", version })));

  test.each([
    [
      "of a chart, the last one counts",
      `{"a":${versions("1.0.0")},"b":[],"a":${versions("2.0.0")}}`,
      ["a 2.0.0 -"],
    ],
    ["of a chart, also an empty one", `{"a":${versions("1.0.0")},"a":[]}`, []],
    [
      "in an entry, the last one counts",
      '{"a":[{"name":"b","version":"1.0.0","name":"a","version":"3.0.0"}]}',
      ["a 3.0.0 -"],
    ],
  ])("%s", (_name, entries, expected) => {
    for (const size of [1, 13, 1000]) {
      expect(lines(read(`{"apiVersion":"v1","entries":${entries}}`, { size }))).toEqual(expected);
      expect(lines(read(entries, { size, layout: "museum" }))).toEqual(expected);
    }
  });

  test("all charts of entries that come twice count, and other keys do not matter", () => {
    const text = `{"apiVersion":"v1","x":{"a":[]},"entries":{"a":${versions("1.0.0")}},"x":{"a":[]},"entries":{"a":${versions("1.0.1")},"b":[{"name":"b","version":"2.0.0"}]}}`;
    expect(lines(read(text))).toEqual(["a 1.0.1 -", "b 2.0.0 -"]);
  });
});

test("an entry that is left out is told", () => {
  const index = stringify({
    apiVersion: "v1",
    entries: {
      a: [
        { name: "a", version: "1.0.0" },
        { name: "b", version: "1.1.0" },
        { name: "a" },
        { name: "a", version: "latest" },
      ],
    },
  });
  const unsupported = [
    { chart: "a", because: "an entry calls itself b 1.1.0" },
    { chart: "a", because: "an entry has no name or no version" },
    { chart: "a", because: 'the version of an entry, "latest", is no semantic version' },
  ];
  for (const text of [index, JSON.stringify(helmYaml(index, "index")?.value)])
    for (const query of [{}, { charts: ["a"] }]) expect(read(text, query)).toMatchObject({ unsupported });
  expect(lines(read(index))).toEqual(["a 1.0.0 -"]);
  expect(read(HELM)).not.toHaveProperty("unsupported");
});

test("of a version listed twice, the one created last counts", () => {
  const entry = (created: string, digit: string) => ({
    name: "a",
    version: "1.0.0",
    created,
    digest: digit.repeat(64),
  });
  const entries = {
    a: [
      entry("2026-01-01T00:00:00Z", "a"),
      entry("2026-02-01T00:00:00Z", "b"),
      entry("2025-01-01T00:00:00Z", "c"),
    ],
  };
  expect(lines(read(stringify({ apiVersion: "v1", entries })))).toEqual(["a 1.0.0 sha256:bbbb"]);
});

const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.stringMatching(/^[-:#'"{}[\]|>&*!%@` \n\tversion0-9.]*$/),
  fc.constantFrom(
    "version: 9.9.9",
    "- version: 9.9.9",
    "a\n  b: c\n- version: 1\n\n",
    "---",
    "...",
    "entries:",
    "x #y",
    " lead",
    "1.10",
    "on",
    "2026-01-01",
  ),
);
const version = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((parts) => parts.join(".")) },
  fc.constantFrom(
    "1.10",
    "1",
    "010",
    "1e3",
    "v1.0.0",
    "1.0.0-rc.1+b_7",
    "1.0.0+up2",
    "0x10",
    "1_000",
    "true",
    "1:30",
  ),
);
const entry = fc.record(
  {
    annotations: fc.dictionary(hostileText, hostileText),
    apiVersion: fc.constant("v2"),
    created: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    description: hostileText,
    digest: fc.oneof(
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.stringMatching(/^[0-9]{64}$/),
      fc.stringMatching(/^[0-9]{20}e[0-9]{43}$/),
    ),
    keywords: fc.array(hostileText, { maxLength: 3 }),
    version,
    name: fc.constantFrom("x", "x", "x", "other"),
  },
  { requiredKeys: ["name"] },
);
const index = fc.record({
  apiVersion: fc.constant("v1"),
  entries: fc
    .dictionary(
      fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), hostileText),
      fc.array(entry, { maxLength: 4 }),
      { maxKeys: 5 },
    )
    .map((charts) =>
      Object.fromEntries(
        Object.entries(charts).map(([chart, list]) => [
          chart,
          list.map((one) => ({ ...one, name: one.name === "x" ? chart : one.name })),
        ]),
      ),
    ),
  generated: fc.constant("2026-01-02T03:04:05Z"),
});
const printer = fc.constantFrom<(value: unknown) => string>(
  (value) => stringify(value),
  (value) => stringify(value, { indent: 4, lineWidth: 30 }),
  (value) => stringify(value, { indentSeq: false, defaultStringType: "QUOTE_SINGLE" }),
  (value) => stringify(value, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 20 }),
  (value) => dump(value),
  (value) => dump(value, { flowLevel: 4 }),
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 1),
);

test("any index that a parser takes is read alike, in pieces of any size", () => {
  fc.assert(
    fc.property(index, printer, fc.integer({ min: 1, max: 200 }), (...[value, print, size]) => {
      const text = print(value);
      if (helmYaml(text, "index") === undefined) return;
      const charts = linesByParser(text);
      const newest = [...new Set(charts.map((line) => line.split(" ").slice(0, -1).join(" ")))];
      const found = lines(read(text, { size }));
      expect(
        typeof found === "string" ? found : found.map((line) => line.split(" ").slice(0, -1).join(" ")),
      ).toEqual(newest);
    }),
    {
      numRuns: 400,
      examples: [
        [
          {
            apiVersion: "v1",
            entries: { a: [{ version: "1.0.0-rc.1+b_7", name: "a" }] },
            generated: "2026-01-02T03:04:05Z",
          },
          (value) => stringify(value),
          1,
        ],
      ],
    },
  );
});

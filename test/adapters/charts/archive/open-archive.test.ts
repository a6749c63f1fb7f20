// A packed chart is opened when a packer of charts made it, and refused whole when anything in it is hostile.

import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ARCHIVE_LIMITS } from "../../../../src/adapters/charts/archive/archive-limits.ts";
import { openArchive } from "../../../../src/adapters/charts/archive/open-archive.ts";
import { packChart, packEntries } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { TarEntry } from "../../../../src/sandbox/chartmuseum/tar.ts";

const CHART_YAML = { path: "xposer/Chart.yaml", data: "apiVersion: v1\nname: xposer\nversion: 1.0.0\n" };

test("a chart opens to its files, metadata and digest", async () => {
  const packed = packChart({
    name: "xposer",
    version: "1.0.0",
    appVersion: "7.1",
    files: { "templates/web.yaml": "kind: Service\n", "charts/redis/Chart.yaml": "name: redis\n" },
  });
  const opened = await openArchive(packed);
  expect(opened).toMatchObject({
    ok: true,
    value: {
      digest: `sha256:${createHash("sha256").update(packed).digest("hex")}`,
      metadata: { name: "xposer", version: "1.0.0", appVersion: "7.1", apiVersion: "v2" },
    },
  });
  expect(opened.ok && [...opened.value.files.keys()]).toEqual([
    "Chart.yaml",
    "values.yaml",
    "templates/web.yaml",
    "charts/redis/Chart.yaml",
  ]);
  expect(opened.ok && Buffer.from(opened.value.files.get("templates/web.yaml") ?? []).toString()).toBe(
    "kind: Service\n",
  );
});

test("the dependencies of a Helm 2 chart come from its requirements.yaml", async () => {
  const requirements = "dependencies:\n- name: redis\n  version: 1.10\n  repository: '@stable'\n";
  const opened = await openArchive(
    packEntries([CHART_YAML, { path: "xposer/requirements.yaml", data: requirements }]),
  );
  expect(opened.ok && opened.value.metadata.dependencies).toEqual([
    { name: "redis", version: "1.1", repository: "@stable" },
  ]);
});

test("folders, a leading ./ and a link's absence make no difference", async () => {
  const opened = await openArchive(
    packEntries([
      { path: "./xposer/", type: "directory" },
      { ...CHART_YAML, path: "./xposer/Chart.yaml" },
    ]),
  );
  expect(opened.ok && [...opened.value.files.keys()]).toEqual(["Chart.yaml"]);
});

/** Each record begins with its own length. */
function pax(...records: readonly string[]): TarEntry {
  const data = records.map((record) => `${String(record.length + 4).padStart(2, "0")} ${record}\n`);
  return { path: "xposer/pax", type: "pax-header", data: data.join("") };
}

const good = packEntries([CHART_YAML]);
const withEntry = (entry: TarEntry) => packEntries([CHART_YAML, entry]);
const damaged = Buffer.from(good);
damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);

test("whatever bytes are changed in it, it opens or is refused", async () => {
  const whole = gunzipSync(packChart({ name: "xposer", version: "1.0.0", files: { "a/b.txt": "text" } }));
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (changes, packed) => {
        const bytes = Buffer.from(packed ? gzipSync(whole) : whole);
        for (const [at, value] of changes) bytes.writeUInt8(value, at % bytes.length);
        const opened = await openArchive(packed ? bytes : gzipSync(bytes));
        if (opened.ok) expect([...opened.value.files.keys()].join("\n")).not.toMatch(/\.\.\/|^\//m);
        else expect(["archive-invalid", "too-large"]).toContain(opened.problems[0]?.code);
      },
    ),
    { numRuns: 300 },
  );
});

describe("refused is", () => {
  test.each([
    ["nothing", Buffer.of(), "it cannot be unpacked: unexpected end of file"],
    ["text", Buffer.from("hello"), "it cannot be unpacked: incorrect header check"],
    ["half an archive", good.subarray(0, good.length >> 1), "it cannot be unpacked: unexpected end of file"],
    ["a damaged archive", damaged, "it cannot be unpacked: incorrect data check"],
    ["what is no tar", gzipSync(Buffer.alloc(5000, 65)), "it cannot be unpacked: Invalid tar header"],
    ["an empty tar", packEntries([]), "it has no well-formed Chart.yaml"],
    [
      "a chart without Chart.yaml",
      packEntries([{ path: "xposer/values.yaml" }]),
      "it has no well-formed Chart.yaml",
    ],
    [
      "a Chart.yaml at the root",
      packEntries([{ path: "Chart.yaml" }]),
      'its entry "Chart.yaml" is outside the chart\'s folder',
    ],
    [
      "a Chart.yaml that is no YAML",
      packEntries([{ ...CHART_YAML, data: "a: [" }]),
      "it has no well-formed Chart.yaml",
    ],
    [
      "a Chart.yaml without version",
      packEntries([{ ...CHART_YAML, data: "name: a\n" }]),
      "its Chart.yaml names no chart and version",
    ],
    [
      "a name that is a path",
      packEntries([{ ...CHART_YAML, data: "name: ../a\nversion: 1.0.0\n" }]),
      'its Chart.yaml names the chart "../a", which is a path',
    ],
    [
      "a path out of it",
      withEntry({ path: "xposer/../../etc/passwd" }),
      'its entry "xposer/../../etc/passwd" leaves the chart\'s folder',
    ],
    [
      "a path out of it for Windows",
      withEntry({ path: "xposer\\..\\x" }),
      'its entry "xposer\\\\..\\\\x" leaves the chart\'s folder',
    ],
    ["an absolute path", withEntry({ path: "/etc/passwd" }), 'its entry "/etc/passwd" has an absolute path'],
    ["a drive", withEntry({ path: "C:/x" }), 'its entry "C:/x" has an absolute path'],
    [
      "a line break in a path",
      withEntry({ path: "xposer/a\nb" }),
      'its entry "xposer/a\\nb" has a character no path should have',
    ],
    [
      "a symbolic link",
      withEntry({ path: "xposer/link", type: "symlink", target: "/etc/passwd" }),
      'its entry "xposer/link" is a symlink',
    ],
    [
      "a hard link",
      withEntry({ path: "xposer/link", type: "link", target: "../x" }),
      'its entry "xposer/link" is a link',
    ],
    ["a pipe", withEntry({ path: "xposer/pipe", type: "fifo" }), 'its entry "xposer/pipe" is a fifo'],
    ["a file twice", withEntry(CHART_YAML), 'it holds "Chart.yaml" twice'],
    [
      "a second folder",
      withEntry({ path: "other/Chart.yaml" }),
      'it holds two folders, "xposer" and "other"',
    ],
    [
      "a deep path",
      withEntry({ path: `xposer/${"a/".repeat(40)}b` }),
      `its entry "xposer/${"a/".repeat(40)}b" is more than 32 folders deep`,
    ],
    [
      "too many entries",
      packEntries(Array.from({ length: 10_001 }, (_, n) => ({ path: `xposer/${n}` }))),
      "it has more than 10000 entries",
    ],
    [
      "too many headers that extend others, before one entry",
      packEntries([
        ...Array.from({ length: 10_000 }, () => pax("comment=a")),
        { path: "xposer/values.yaml", data: "" },
      ]),
      "it has more than 10000 entries",
    ],
    [
      "a header that extends the others, of 8,000 keys",
      packEntries([
        { ...pax(...Array.from({ length: 8_000 }, (_, n) => `a${n}=b`)), type: "pax-global-header" },
      ]),
      "it has an extended header of more than 65536 bytes",
    ],
  ])("%s", async (_name, packed, why) => {
    expect(await openArchive(packed)).toMatchObject({
      ok: false,
      problems: [{ code: "archive-invalid", message: `The chart's archive is refused: ${why}.` }],
    });
  });

  test("too much, packed", async () => {
    expect(await openArchive(new Uint8Array(ARCHIVE_LIMITS.packedBytes + 1))).toMatchObject({
      problems: [{ code: "too-large", message: expect.stringContaining("larger than 20 MiB packed") }],
    });
  });

  test("a bomb, cut off while it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    expect(await openArchive(bomb)).toMatchObject({
      problems: [{ code: "too-large", message: expect.stringContaining("larger than 100 MiB unpacked") }],
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
  });
});

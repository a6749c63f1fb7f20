import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Bump, Files } from "../../../src/domain/model/umbrella.ts";
import { bump } from "../../../src/domain/umbrella/bump.ts";
import { readUmbrella } from "../../../src/domain/umbrella/read-umbrella.ts";
import { applied, bumpTo } from "./bump-to.ts";
import { chartSpec, makeChart, PINS, RANGES } from "./umbrella-chart.ts";

const pinned = chartSpec(PINS).map((spec) => makeChart(spec, "repository"));
const any = chartSpec([...PINS, ...RANGES]).map((spec) => makeChart(spec, "repository"));

function bumped(files: Files, change: Bump): Files {
  const result = bump(files, change);
  if (!result.ok) throw new Error(JSON.stringify([result.problems, [...files]], null, 1));
  return applied(files, result.value.edits);
}

/** The text with the one stretch that differs cut out of both. */
function stretch(before: string, after: string): readonly [string, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end))
    end += 1;
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)];
}

describe("in umbrella charts of every style", () => {
  test("Helm reads the new version, and everything else as before", () => {
    fc.assert(
      fc.property(any, ({ files, spec, dependencies }) => {
        const version = spec.entries[spec.target]?.version;
        const after = readUmbrella(
          bumped(files, bumpTo([{ index: spec.target, version: version?.next ?? "" }])),
          new Map(),
        );
        expect(after).toMatchObject({ ok: true });
        if (!after.ok) return;
        const wanted = dependencies.map((dependency, index) =>
          index === spec.target ? { ...dependency, version: version?.after } : dependency,
        );
        expect(after.value.dependencies).toEqual(wanted);
        expect(after.value.lock?.form).toBe("helm3");
        expect(after.value.lock?.dependencies.map((entry) => entry.version)).toEqual(
          spec.entries.map((entry, index) =>
            index === spec.target ? entry.version.next : entry.version.old,
          ),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("one stretch of the manifest differs, within the old version's text, and three lines of the lock", () => {
    fc.assert(
      fc.property(any, ({ files, spec }) => {
        const version = spec.entries[spec.target]?.version;
        const after = bumped(files, bumpTo([{ index: spec.target, version: version?.next ?? "" }]));
        for (const [path, text] of files) {
          const [old, now] = stretch(text, after.get(path) ?? "");
          if (path.endsWith(".lock")) {
            const lines = after.get(path)?.split("\n") ?? [];
            expect(text.split("\n").filter((line, at) => line !== lines[at])).toHaveLength(3);
          } else {
            expect(version?.text).toContain(old);
            expect(version?.after).toContain(now);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("twice is once", () => {
    fc.assert(
      fc.property(any, ({ files, spec }) => {
        const change = bumpTo([
          { index: spec.target, version: spec.entries[spec.target]?.version.next ?? "" },
        ]);
        const once = bumped(files, change);
        expect(bump(once, { ...change, at: new Date(0) })).toMatchObject({ ok: true, value: { edits: [] } });
      }),
      { numRuns: 150 },
    );
  });

  test("to B and back to A gives the bytes of A", () => {
    fc.assert(
      fc.property(pinned, ({ files, spec }) => {
        const { old = "", next = "" } = spec.entries[spec.target]?.version ?? {};
        const there = bumped(files, bumpTo([{ index: spec.target, version: next }]));
        const at = new Date("2024-05-06T07:08:09.010Z");
        expect([...bumped(there, bumpTo([{ index: spec.target, version: old }], { at }))]).toEqual([
          ...files,
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

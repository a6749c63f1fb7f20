import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Files } from "../../../src/domain/model/umbrella.ts";
import { readUmbrella } from "../../../src/domain/umbrella/read-umbrella.ts";
import { moveVersions, readUmbrellaDraft } from "../../../src/domain/umbrella/version/move-versions.ts";

/** How an entry comes by its version: its own text, an anchor's, or merged from another mapping. */
interface Sharing {
  readonly by: "own" | "anchor" | "alias" | "merge-entry" | "merge-base" | "merge-base-behind";
  readonly flow: boolean;
}

const sharing: fc.Arbitrary<Sharing> = fc.record({
  by: fc.constantFrom("own", "anchor", "alias", "merge-entry", "merge-base", "merge-base-behind"),
  flow: fc.boolean(),
});

function chartOf(entries: readonly Sharing[], carrier: "x-base" | "annotations"): Files {
  const head = ["apiVersion: v2", "name: umbrella", "version: 0.1.0"];
  const base =
    carrier === "x-base" ? "x-base: &base {version: 1.0.0}" : "annotations: &base {version: 1.0.0}";
  const list = entries.map((entry, index) => `- ${entryOf(entry, index)}`);
  return new Map([
    ["Chart.yaml", `${[...head, "x: &v 2.0.0", base, "dependencies:", ...list].join("\n")}\n`],
  ]);
}

function entryOf({ by, flow }: Sharing, index: number): string {
  const name = `name: chart-${index}`;
  const pairs = {
    own: [name, `version: 3.0.${index}`],
    anchor: [`version: &v 4.0.${index}`, name],
    alias: [name, "version: *v "],
    "merge-entry": index === 0 ? [name, "version: 5.0.0"] : [`<<: *e${index - 1}`, name],
    "merge-base": ["<<: *base", name],
    "merge-base-behind": [name, "<<: *base"],
  }[by];
  if (flow) return `&e${index} {${pairs.join(", ")}, repository: https://charts.example.com}`;
  return [`&e${index}`, ...pairs, "repository: https://charts.example.com"].join("\n  ");
}

test("only the chosen entries move, however they share their versions", () => {
  const chosen = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 });
  const carrier = fc.constantFrom("x-base" as const, "annotations" as const);
  fc.assert(
    fc.property(fc.array(sharing, { minLength: 1, maxLength: 5 }), chosen, carrier, (...given) => {
      const [entries, indexes, base] = given;
      const files = chartOf(entries, base);
      const before = readUmbrella(files, new Map());
      if (!before.ok) throw new Error(JSON.stringify(before.problems));
      const targets = [...new Set(indexes)]
        .filter((index) => index < entries.length)
        .map((index) => ({ index, text: "9.8.7" }));
      const start = readUmbrellaDraft(files);
      if (!start.ok) throw new Error(JSON.stringify(start.problems));
      const moved = moveVersions(start.value, targets);
      if (!moved.ok) throw new Error(JSON.stringify([moved.problems, files.get("Chart.yaml")]));
      const after = readUmbrella(moved.value.files, new Map());
      expect(after.ok && after.value.dependencies).toEqual(
        before.value.dependencies.map((dependency, index) =>
          targets.some((target) => target.index === index) ? { ...dependency, version: "9.8.7" } : dependency,
        ),
      );
      const annotation = /annotations: .*/.exec(files.get("Chart.yaml") ?? "")?.[0] ?? "";
      expect(moved.value.files.get("Chart.yaml")).toContain(annotation);
    }),
    { numRuns: 300 },
  );
});

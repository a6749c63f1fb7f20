// What the author of a chart can do: everything in the archive is theirs. It is opened with a budget, away from the event
// loop, and what is wrong with it stays a problem of its own promotion.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { basic, HOSTILE, HOSTILE_DEPENDENCIES, MALLORY, startTarget, type Target } from "../target.ts";

let target: Target;
let versions = 0;
beforeAll(async () => {
  target = await startTarget({
    files: { "dev/requirements.yaml": `dependencies:\n${HOSTILE_DEPENDENCIES}` },
  });
  await target.alicesTurn();
}, 180_000);
afterAll(() => target.stop(), 60_000);
beforeEach(() => target.longestBlock());

/** Small when it is packed. */
function junk(text: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, text);
}

const CHART = "apiVersion: v2\nname: mallory-x\nversion: 1.0.1\n";

/** What an archive may be made of, and what stops it. */
const BOMBS: readonly (readonly [name: string, files: Readonly<Record<string, string | Uint8Array>>])[] = [
  [
    "93 MB of small maps",
    { "Chart.yaml": Buffer.concat([Buffer.from(`${CHART}junk: [`), junk("{},", 93e6), Buffer.from("1]\n")]) },
  ],
  ["1 MB of small maps", { "Chart.yaml": `${CHART}junk: [${"{},".repeat(340_000)}1]\n` }],
  ["deep lists", { "Chart.yaml": `${CHART}junk: ${"[".repeat(500_000)}\n` }],
  [
    "aliases of aliases",
    {
      "Chart.yaml": `${CHART}a0: &a0 [x, x]\n${Array.from({ length: 60 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join("")}`,
    },
  ],
  [
    "one text by many aliases",
    {
      "Chart.yaml": `${CHART}annotations:\n  a: &a ${"x".repeat(400_000)}\n${Array.from({ length: 40_000 }, (_, n) => `  b${n}: *a\n`).join("")}`,
    },
  ],
  [
    "merges of a large map",
    {
      "Chart.yaml": `${CHART}a: &a {${Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join(", ")}}\nb:\n${"  - <<: *a\n".repeat(60_000)}`,
    },
  ],
  ["93 MB of values", { "values.yaml": junk("a: {}\n", 93e6) }],
  ["a schema of 4 MB", { "values.schema.json": `{"enum":[${"{},".repeat(1_300_000)}1]}` }],
  ["10,000 small files", Object.fromEntries(Array.from({ length: 9_990 }, (_, n) => [`files/${n}`, "x"]))],
];

describe.each(BOMBS)("an archive with %s", (_what, files) => {
  const packed = packChart({ name: "mallory-x", version: "1.0.1", files });

  test("comes through the upload door, and nobody notices", async () => {
    expect(packed.length).toBeLessThan(3_000_000);
    const answer = fetch(`${target.url}/museum/chartmuseum/api/charts`, {
      method: "POST",
      headers: basic(MALLORY),
      body: new Uint8Array(packed),
    });
    await target.alicesTurn();
    expect((await answer).status).toBe(201);
    expect(await target.longestBlock()).toBeLessThan(100);
  }, 60_000);

  test.each(HOSTILE)(
    "stands in a chart repository of kind %s, and nobody notices",
    async (kind) => {
      const chart = `mallory-${kind}`;
      versions += 1;
      const version = `1.0.${versions}`;
      target.hostile.serve({ name: chart, version, packed });
      const publisher = { ...MALLORY, publisher: chart };
      const { id } = await target.publish(publisher, { chart, version });
      await target.alicesTurn();
      expect(await target.settled(publisher, id)).toMatchObject({
        state: "verified",
        promotions: [{ state: "proposed" }],
      });
      expect(await target.longestBlock()).toBeLessThan(100);
    },
    60_000,
  );
});

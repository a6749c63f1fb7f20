// Charts within charts are opened with one budget for all of them.

import { expect, test } from "@jest/globals";
import { openArchive } from "../../src/adapters/charts/archive/open-archive.ts";
import { schemasOfFiles, templatesOf } from "../../src/chart-tools/templates.ts";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";

const MIB = 2 ** 20;

/** A megabyte when it is packed, and `count` times 50 MiB when all that is in it is. */
function chartOfCharts(count: number): Buffer {
  const zeros = Buffer.alloc(5 * MIB - 1);
  const large = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`templates/${n}.yaml`, zeros]));
  const subchart = packChart({ name: "sub", version: "1.0.0", files: large });
  const files = Array.from({ length: count }, (_, n) => [`charts/sub${n}-1.0.0.tgz`, subchart] as const);
  return packChart({ name: "web", version: "1.0.0", files: Object.fromEntries(files) });
}

async function peakMiB(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 5);
  await work();
  clearInterval(timer);
  return peak / MIB;
}

test("subcharts that unpack to gigabytes are opened as far as there is room, and that is told", async () => {
  const packed = chartOfCharts(24);
  expect(packed.length).toBeLessThan(2 * MIB);
  let untried: unknown;
  const schemas = await peakMiB(async () => {
    untried = await schemasOfFiles("umbrella", [
      { umbrellaFiles: new Map(), archives: new Map([["web", packed]]) },
    ]);
  });
  expect(untried).toEqual([
    { chart: "umbrella", because: "a chart in it could not be opened to look for its schema" },
  ]);
  expect(schemas).toBeLessThan(700);
}, 60_000);

test("those of an ordinary chart are all read", async () => {
  const subchart = packChart({ name: "sub", version: "1.0.0", files: { "templates/a.yaml": "a: b" } });
  const archive = await openArchive(
    packChart({ name: "web", version: "1.0.0", files: { "charts/sub-1.0.0.tgz": subchart } }),
  );
  expect(archive.ok && (await templatesOf([archive.value]))).toEqual(["a: b"]);
});

// Processor time of moving dependencies of a large umbrella chart, against one parse of its requirements.yaml.

import { parseDocument } from "yaml";
import { bump } from "../../../domain/umbrella/bump.ts";
import { lockDigest } from "../../../domain/umbrella/lock/lock-digest.ts";
import { compare, cpuMs, doubling, type Row } from "../row.ts";

const ROUNDS = 5;
const SIZES = { first: 125, last: 1_000 };

export async function* moveRows(): AsyncGenerator<Row> {
  yield* await doubling(SIZES, async (size) => [await moved("one", size, 1), await moved("all", size, size)]);
}

function moved(which: string, size: number, count: number): Promise<Row> {
  const { requirements, files } = umbrella(size);
  const moves = Array.from({ length: count }, (_, index) => ({ index, version: "1.0.1" }));
  return compare({
    ...{ what: `${which} of ${size} dependencies moved`, against: "one parse of its requirements.yaml" },
    ...{ unit: "ms", rounds: ROUNDS },
    measured: () => cpuMs(() => move(files, moves)),
    beside: () => cpuMs(() => parseDocument(requirements)),
  });
}

function umbrella(size: number) {
  const dependencies = Array.from({ length: size }, (_, n) => ({
    ...{ name: `chart-${n}`, version: "1.0.0", repository: "https://charts.example.com" },
  }));
  const items = dependencies.map(
    ({ name, version, repository }) =>
      `- name: ${name}\n  version: ${version}\n  repository: ${repository}\n`,
  );
  const requirements = `dependencies:\n${items.join("")}`;
  const digest = lockDigest("helm3", { required: dependencies, locked: dependencies });
  const lock = `${requirements}digest: ${digest}\ngenerated: "2026-01-01T00:00:00Z"\n`;
  const files = new Map([
    ["Chart.yaml", "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    ["requirements.yaml", requirements],
    ["requirements.lock", lock],
  ]);
  return { requirements, files };
}

function move(files: ReadonlyMap<string, string>, moves: readonly { index: number; version: string }[]) {
  const bumped = bump(files, {
    ...{ moves, repositories: new Map(), values: [], valuesFiles: [], vendored: [] },
    ...{ umbrellaVersion: "keep", staleLock: "refuse", at: new Date("2026-01-02T00:00:00Z") },
  });
  if (!bumped.ok || bumped.value.edits.length !== 2) throw new Error(JSON.stringify(bumped).slice(0, 500));
}

// node src/tools/bench/moves.ts: what moving dependencies of a large umbrella chart costs, as a ratio to one parse of its
// requirements.yaml, and how that grows with the number of dependencies.

import { parseDocument } from "yaml";
import { bump } from "../../domain/umbrella/bump.ts";
import { lockDigest } from "../../domain/umbrella/lock/lock-digest.ts";

const SIZES = [125, 250, 500, 1_000];
const RUNS = 5;

for (const size of SIZES) {
  const { requirements, files } = umbrella(size);
  const all = Array.from({ length: size }, (_, index) => ({ index, version: "1.0.1" }));
  const parsed = cost(() => parseDocument(requirements));
  const moved = (count: number) => cost(() => move(files, all.slice(0, count)));
  const [one, many] = [moved(1), moved(size)];
  console.log(
    `${size} dependencies: parse ${parsed.toFixed(0)} ms; one moved ${(one / parsed).toFixed(1)} ×, all moved ${(many / parsed).toFixed(1)} × (${many.toFixed(0)} ms)`,
  );
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

/** Milliseconds of processor time: the median of some runs, after one that warms up. */
function cost(run: () => unknown): number {
  run();
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

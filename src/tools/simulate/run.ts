// npm run simulate: how much one installation's rate limits let through, and what many installations need. Prints two
// tables and draws docs/pictures/scale.svg. With --installation-only, only prints the first.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { plot } from "./plot.ts";
import { type Course, simulate } from "./simulate.ts";
import type { Terms } from "./world.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    hours: { type: "string", default: "3" },
    burst: { type: "string", default: "600" },
    minutes: { type: "string", default: "2" },
    "installation-only": { type: "boolean", default: false },
  },
});
const PICTURE = fileURLToPath(new URL("../../../docs/pictures/scale.svg", import.meta.url));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const seed = Number(values.seed);
const hours = Number(values.hours);
const burst = Number(values.burst);
const ONE: Terms = {
  ...{ seed, replicas: 1, installations: 1, repositoriesOfEach: burst, minutes: 60 * hours, burst },
  ...{ publishesAnHour: 0, dependents: 1, isSwept: false },
};
const MANY: Terms = {
  ...{ seed, replicas: 1, installations: 5_000, repositoriesOfEach: 20, minutes: Number(values.minutes) },
  ...{ burst: 0, publishesAnHour: 3_125, dependents: 4, isSwept: true },
};

const one = await simulate(ONE);
console.log(`${burst} promotions of one installation, published at once`);
console.log(
  "| hour | pull requests | check runs | requests to GitHub | the last written after, s |\n|---|---|---|---|---|",
);
for (let hour = 0; hour < hours; hour += 1) {
  const within = (moments: readonly number[]) => moments.filter((at) => Math.floor(at / HOUR) === hour);
  const [opened, checked, requested] = [one.opened, one.checked, one.requested].map(within);
  const last = Math.max(0, ...(opened ?? []), ...(checked ?? [])) / 1000;
  const cells = [hour + 1, opened?.length, checked?.length, requested?.length, last.toFixed(1)];
  console.log(`| ${cells.join(" | ")} |`);
}
if (!values["installation-only"]) await many();
process.exit(0);

async function many(): Promise<void> {
  const { installations, repositoriesOfEach, publishesAnHour, dependents, minutes } = MANY;
  console.log(
    `\n${installations * repositoriesOfEach} repositories in ${installations} installations, ${publishesAnHour * dependents} promotions and as many merges an hour, the first ${minutes} min of the sweep`,
  );
  console.log(
    "| replicas | publish to pull request p50 / p99, s | repositories swept a minute | places busy | cores busy | requests/s | most at once | limits met | queue's statements/s |\n|---|---|---|---|---|---|---|---|---|",
  );
  const courses: Course[] = [];
  for (const replicas of [1, 2]) {
    const course = await simulate({ ...MANY, replicas });
    courses.push(course);
    console.log(`| ${cellsOf(course).join(" | ")} |`);
  }
  await writeFile(PICTURE, plot([limitsPanel(), sweepPanel(courses)]));
}

function cellsOf(course: Course): readonly (string | number)[] {
  const { terms, busy } = course;
  const seconds = terms.minutes * 60;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return [
    terms.replicas,
    `${quantile(course.waits, 0.5)} / ${quantile(course.waits, 0.99)}`,
    Math.round(course.swept / terms.minutes),
    percent(busy.places),
    percent(busy.cores),
    Math.round(course.requested.length / seconds),
    course.mostAtOnce,
    course.refused,
    Math.round(course.statements / seconds),
  ];
}

function quantile(figures: readonly number[], share: number): string {
  const sorted = [...figures].sort((one, other) => one - other);
  return ((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / 1000).toFixed(1);
}

function limitsPanel() {
  const cumulated = (moments: readonly number[]) =>
    Array.from(
      { length: 12 * hours + 1 },
      (_, n) => [n / 12, moments.filter((at) => at <= n * 5 * MINUTE).length] as const,
    );
  return {
    title: `${burst} promotions of one installation`,
    x: { label: "hours", most: hours, step: 1 },
    y: { label: "written", most: Math.ceil(burst / 100) * 100, step: 100 },
    lines: [
      { name: "pull requests", colour: "#0969da", points: cumulated(one.opened) },
      { name: "check runs", colour: "#cf222e", points: cumulated(one.checked) },
    ],
  };
}

function sweepPanel(courses: readonly Course[]) {
  const rates = courses.map(({ terms, swept }) => [terms.replicas, swept / terms.minutes] as const);
  const needed = (MANY.installations * MANY.repositoriesOfEach) / 60;
  const most = Math.ceil(Math.max(needed, ...rates.map(([, rate]) => rate)) / 1000) * 1000;
  return {
    title: "Sweep of 100,000 repositories",
    x: { label: "replicas", most: 2, step: 1 },
    y: { label: "repositories a minute", most, step: 1000 },
    lines: [
      { name: "swept", colour: "#0969da", points: [[0, 0] as const, ...rates] },
      {
        name: "all of them in an hour",
        colour: "#cf222e",
        points: [[0, needed] as const, [2, needed] as const],
      },
    ],
  };
}

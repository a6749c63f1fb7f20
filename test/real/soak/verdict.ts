// Whether everything holds that has to hold in the end: one sentence for each thing that does not.

import { compareVersions, parseVersion } from "../../../src/domain/versions/version.ts";
import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import type { Pipelines, Progress } from "./pipelines.ts";
import { CHARTS } from "./schedule.ts";
import { ENVIRONMENTS, JOB, REPOSITORIES, type Surroundings, versionOn } from "./surroundings.ts";

type Complaints = readonly string[];

/** States of a promotion from which it goes nowhere by itself. */
const ANSWERED = new Set(["proposed", "unchanged", "superseded", "merged", "deployed"]);
const AT_ONCE = 16;
/**
 * Of each chart the newest hundred are remembered (docs/operations.md, What is kept). By when they were announced: as the pipelines heard the
 * answers, some come in another order.
 */
const REMEMBERED = 90;
/** No more complaints are wanted about publishes. */
const ENOUGH = 20;

/** `answered`: publishes that were found to be answered before; those found now are added. */
export async function complaints(
  surroundings: Surroundings,
  pipelines: Pipelines,
  answered: Map<string, Progress>,
): Promise<Complaints> {
  const newest = newestOf(pipelines);
  const repositories = REPOSITORIES.map((name) => surroundings.github.repository(name));
  return [
    ...(await unanswered(pipelines, answered)),
    ...repositories.flatMap((repository) => wronglyOpen(repository, newest)),
    ...repositories.flatMap(wronglyDeployed),
    ...wronglyTold(surroundings),
    ...wronglyPushed(surroundings),
    ...strange(surroundings),
    ...(await atWork(surroundings)),
  ];
}

function newestOf({ kept }: Pipelines): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const { chart, version } of kept.values())
    if (isOlder(newest.get(chart), version)) newest.set(chart, version);
  return newest;
}

async function unanswered(pipelines: Pipelines, answered: Map<string, Progress>): Promise<Complaints> {
  const found: string[] = [];
  const overtaken = overtakenIn(pipelines);
  const work = [...pipelines.kept].filter(([id]) => !answered.has(id)).values();
  const ask = async () => {
    for (const [id, { chart, version }] of work) {
      if (found.length >= ENOUGH) return;
      const progress = await pipelines.progress(id);
      if (progress === "forgotten" && overtaken.has(id)) continue;
      const lacking = lackingIn(progress);
      if (typeof progress === "object" && lacking === undefined) answered.set(id, progress);
      else found.push(`${chart} ${version} (${id}): ${lacking}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return found;
}

/** Those that may be forgotten by now. */
function overtakenIn({ kept }: Pipelines): ReadonlySet<string> {
  const charts = Map.groupBy(kept, ([, { chart }]) => chart);
  return new Set([...charts.values()].flatMap((all) => all.slice(0, -REMEMBERED).map(([id]) => id)));
}

function lackingIn(progress: Progress | "forgotten" | undefined): string | undefined {
  if (progress === undefined) return "nobody answers";
  if (progress === "forgotten") return "is forgotten";
  const { state, problem, promotions } = progress;
  if (state !== "verified") return `is ${state}: ${problem?.message}`;
  const places = REPOSITORIES.flatMap((name) => ENVIRONMENTS.map((environment) => `${name} ${environment}`));
  const answered = promotions.filter((one) => ANSWERED.has(one.state));
  const missing = places.filter(
    (place) => !answered.some(({ repository, environment }) => `${repository} ${environment}` === place),
  );
  if (missing.length === 0 && promotions.length === places.length) return undefined;
  return `lacks an answer for ${missing.join(", ")} in ${JSON.stringify(promotions)}`;
}

/** One open pull request for each environment and chart, with the newest version. */
function wronglyOpen(repository: Repository, newest: ReadonlyMap<string, string>): Complaints {
  const open = repository.pulls().filter(({ state }) => state === "open");
  const expected = ENVIRONMENTS.flatMap((environment) =>
    CHARTS.map((chart) => ({ environment, chart, branch: `promote/${environment}/${chart}` })),
  );
  const known = new Set(expected.map(({ branch }) => branch));
  return [
    ...open
      .filter(({ head }) => !known.has(head.branch))
      .map(({ number, head }) => `${repository.fullName}#${number} is open on ${head.branch}`),
    ...expected.flatMap((place) => {
      const numbers = open.filter(({ head }) => head.branch === place.branch).map(({ number }) => number);
      const version = versionOn(repository, place.branch, place);
      if (numbers.length === 1 && version === newest.get(place.chart)) return [];
      return `${repository.fullName} ${place.branch}: open are [${numbers.join()}], with ${version} instead of ${newest.get(place.chart)}`;
    }),
  ];
}

/** One deployment, in a final state, for the one environment that each merged pull request touched. */
function wronglyDeployed(repository: Repository): Complaints {
  const deployments = [...repository.deployments.values()];
  const merged = repository
    .pulls()
    .flatMap(({ number, merge, head }) =>
      merge ? { number, oid: merge.oid, environment: head.branch.split("/")[1] } : [],
    );
  const extra = deployments.filter(
    ({ oid, environment }) => !merged.some((one) => one.oid === oid && one.environment === environment),
  );
  return [
    ...extra.map(({ id, oid }) => `${repository.fullName}: deployment ${id} of ${oid}, which is no merge`),
    ...merged.flatMap(({ number, oid, environment }) => {
      const of = deployments.filter((one) => one.oid === oid && one.environment === environment);
      const states = of.map(({ statuses }) => statuses.at(-1)?.state ?? "none");
      const isOver = states[0] === "success" || states[0] === "inactive";
      if (of.length === 1 && isOver) return [];
      return `${repository.fullName}#${number}, merged as ${oid}: deployments [${of.map(({ id }) => id).join()}] are [${states.join()}]`;
    }),
  ];
}

/** A deployer hears of a deployment once, and of no older commit after a newer one. */
function wronglyTold({ github, hook, jenkins }: Surroundings): Complaints {
  const builds = jenkins.controller
    .builds(JOB)
    .map(({ parameters }) => parameters.get("DEPLOYMENT_ID") ?? "");
  const hooked = [...hook.errands.values()].map(({ request }) => request.DEPLOYMENT_ID);
  const called = [...builds, ...hooked];
  const succeeded = REPOSITORIES.flatMap((name) => [...github.repository(name).deployments.values()])
    .filter(({ statuses }) => statuses.at(-1)?.state === "success")
    .map(({ id }) => String(id));
  return [
    ...hook.contradictions,
    ...called
      .filter((id, at) => called.indexOf(id) !== at)
      .map((id) => `deployment ${id} was told more than once`),
    ...succeeded
      .filter((id) => !called.includes(id))
      .map((id) => `deployment ${id} succeeded, told to nobody`),
  ];
}

/** What was pushed to a promotion branch, from the deliveries of GitHub: its version never goes back. */
function wronglyPushed({ github }: Surroundings): Complaints {
  const last = new Map<string, string>();
  return github.webhooks.deliveries.flatMap(({ event, repository, payload }) => {
    const { ref, head_commit } = Object(payload);
    const version = /^Chart-Version: (\S+)$/m.exec(head_commit?.message)?.[1];
    if (event !== "push" || !String(ref).startsWith("refs/heads/promote/") || version === undefined)
      return [];
    const place = `${repository} ${ref}`;
    const before = last.get(place);
    last.set(place, version);
    return before !== undefined && isOlder(version, before)
      ? `${place} went from ${before} to ${version}`
      : [];
  });
}

function strange({ github }: Surroundings): Complaints {
  const issues = REPOSITORIES.flatMap((name) => github.repository(name).issues());
  return [
    ...github.requests.unknown.map(({ method, path }) => `not modelled: ${method} ${path}`),
    ...github.unmodelled.map((field) => `not modelled: ${field}`),
    ...github.requests.merges.map(({ path }) => `the server merged: ${path}`),
    ...issues.map(({ title, body }) => `an issue was opened: ${title}: ${body}`),
  ];
}

/** Nothing is due, being worked on, or given up: what holds now goes on to hold. */
async function atWork({ url }: Surroundings): Promise<Complaints> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return ["due", "running", "dead"].flatMap((state) => {
    const count = new RegExp(`^chart_promoter_queue_depth\\{state="${state}"\\} (\\d+)$`, "m").exec(
      metrics,
    )?.[1];
    return count === "0" ? [] : `the queue has ${count} marks that are ${state}`;
  });
}

/** Nothing is older than everything. */
function isOlder(one: string | undefined, other: string): boolean {
  const [a, b] = [one === undefined ? undefined : parseVersion(one), parseVersion(other)];
  if (!b) throw new Error(`no version: ${other}`);
  return a === undefined || compareVersions(a, b) < 0;
}

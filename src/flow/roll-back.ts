// The command /rollback: reads how a merge changed its environment, and opens the pull request that takes it back.

import { commitBefore } from "../merge/before.ts";
import type { Environment } from "../model/config.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { Publish } from "../model/publish.ts";
import type { Files } from "../model/umbrella.ts";
import { branchOf } from "../plan/branches.ts";
import { carriedByAll } from "../plan/history.ts";
import { planRollBack, type Reversal, reversals } from "../plan/roll-back.ts";
import { rolledBack } from "../review/comments.ts";
import { asked, filesToRead, keysOf } from "./asked.ts";
import { touchedBy } from "./gather-check.ts";
import type { Commanded, Reply } from "./run-commands.ts";
import type { Scope } from "./scope.ts";
import { settlePlan } from "./settle-plan.ts";
import type { LookAnswer } from "./world.ts";

export async function rollBack(commanded: Commanded): Promise<Reply> {
  const { head, config } = commanded;
  if (head.state !== "merged")
    return {
      kind: "refused",
      because: "This pull request is not merged.",
      help: "Comment /reject to decline it.",
    };
  const [environment, ...others] = touchedBy(head, config);
  if (!environment || others.length > 0)
    return { kind: "refused", because: "It touches several environments.", help: "Revert it by hand." };
  const texts = await mergeTexts(environment, commanded);
  if (!texts)
    return {
      kind: "refused",
      because: "GitHub does not tell what it changed.",
      help: "Try again in a minute.",
    };
  return open(environment, texts, commanded);
}

interface MergeTexts {
  readonly before: Files;
  readonly after: Files;
}

/** The environment's folder before the merge and after it. */
async function mergeTexts(
  environment: Environment,
  { head, repository, dependents, world }: Commanded,
): Promise<MergeTexts | undefined> {
  const { number, baseBranch: base } = head;
  const proof = await world.github.proveMerge(repository, { number, base, environments: [environment] });
  const before = proof && commitBefore(proof);
  const after = proof?.commits[0]?.oid;
  if (before === undefined || after === undefined) return undefined;
  const charts = new Set(dependents.map(({ chart }) => chart));
  const files = filesToRead(environment, keysOf(environment.name, charts, dependents));
  const prefix = environment.path === "" ? "" : `${environment.path}/`;
  const texts = await world.github.textsAt(repository, {
    commits: [before, after],
    paths: files.map((file) => prefix + file),
  });
  const below = (oid: string): Files =>
    new Map([...(texts.get(oid) ?? [])].map(([path, text]) => [path.slice(prefix.length), text]));
  return { before: below(before), after: below(after) };
}

async function open(environment: Environment, texts: MergeTexts, commanded: Commanded): Promise<Reply> {
  const { head, repository, config, index, dependents, world } = commanded;
  const charts = dependents.filter((one) => one.environment === environment.name).map(({ chart }) => chart);
  const scope: Scope = new Map([[environment.name, new Set(charts)]]);
  const answer = await world.github.look(repository, asked(config, scope, dependents));
  const snapshot = answer?.snapshots.get(environment.name);
  if (!answer || !snapshot)
    return {
      kind: "refused",
      because: "GitHub does not show its base branch.",
      help: "Try again in a minute.",
    };
  const now = new Map(
    [...snapshot.files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
  const { chartRepositories } = world.settings;
  const merged = { number: head.number, environment, ...texts, now, chartRepositories };
  const back = reversals(merged);
  if (!back.ok) return refusal(back.problems);
  const [first] = back.value;
  const branch = branchOf(environment, first.chart);
  const known = standing(answer, { environment, branch, from: first.from });
  if (known) return known.kind === "ours" ? done(first, known.number) : inTheWay(known.number);
  const publishes = await publishesOf(back.value, commanded);
  if (!publishes.ok) return refusal(publishes.problems);
  const publishOf = ({ chart, to }: Reversal) =>
    publishes.value.get(`${chart} ${to}`) ?? missingPublish(chart);
  const { vendored } = snapshot;
  const plan = planRollBack({ ...merged, reversals: back.value, publishOf, vendored, at: world.clock() });
  if (!plan.ok) return refusal(plan.problems);
  const agenda = { repository, index, deliveries: [], pending: [] };
  const about = { agenda, repository, config, scope, answer, dependents };
  const settled = await settlePlan(plan.value, { environment, snapshot, about, world });
  if (settled.kind === "doubt") throw new Error(`rolling back #${head.number}: ${settled.because}`);
  return settled.pullRequest
    ? done(first, settled.pullRequest.number)
    : { kind: "refused", because: `${settled.refused ?? "nothing has to change"}.`, help: "" };
}

function missingPublish(chart: string): never {
  throw new Error(`${chart} goes back to a version that was not looked up`);
}

/** The pull request that is open on the branch: this very rollback, or something else. */
function standing(
  { snapshots }: LookAnswer,
  about: { readonly environment: Environment; readonly branch: string; readonly from: string },
): { readonly kind: "ours" | "other"; readonly number: number } | undefined {
  const observed = snapshots.get(about.environment.name)?.branches.get(about.branch);
  const open = observed?.pullRequests.find(({ state }) => state === "open");
  if (!open) return undefined;
  const isRollback = carriedByAll(open).some(({ rolledBackFrom }) => rolledBackFrom === about.from);
  return { kind: isRollback ? "ours" : "other", number: open.number };
}

function done({ from, to }: Reversal, number: number): Reply {
  return { kind: "done", says: rolledBack({ from, to, number }) };
}

function inTheWay(number: number): Reply {
  return {
    kind: "refused",
    because: `Pull request ${number} is open on the same branch.`,
    help: "Merge it, or comment /reject there, and then /rollback here.",
  };
}

function refusal(problems: readonly Problem[]): Reply {
  const because = problems.map(({ message }) => message).join(" ");
  return { kind: "refused", because, help: problems[0]?.help ?? "" };
}

/** The versions to go back to must still be where they were published; one that was never announced is looked up. */
async function publishesOf(
  back: readonly Reversal[],
  { world, login }: Commanded,
): Promise<Result<ReadonlyMap<string, Publish>>> {
  const found = new Map<string, Publish>();
  for (const { chart, to: version, repository: name } of back) {
    const repository = world.settings.chartRepositories.find((one) => one.name === name);
    const there = repository && (await world.charts.lookUp(repository, { chart, version }));
    if (there?.kind !== "found") return { ok: false, problems: [goneFrom(name, `${chart} ${version}`)] };
    const announced = await world.store.publishes.find({ chart, repository: name }, version);
    const { digest } = there;
    const unannounced: Publish = {
      ...{ id: "", chart, version, repository: name, values: {}, source: {}, publisher: `command:${login}` },
      ...{ at: world.clock(), state: "verified", ...(digest !== undefined && { digest }) },
    };
    found.set(`${chart} ${version}`, announced ?? unannounced);
  }
  return { ok: true, value: found };
}

function goneFrom(repository: string, chart: string): Problem {
  return {
    code: "chart-missing",
    message: `${chart} cannot be found in the chart repository "${repository}".`,
    help: "Upload it again, or try again when the chart repository answers.",
  };
}

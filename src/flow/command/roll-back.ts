// The command /rollback: reads how a merge changed its environment, and opens the pull request that takes it back.

import { commitBefore } from "../../merge/before.ts";
import type { Environment } from "../../model/config.ts";
import type { Problem, Result } from "../../model/problem.ts";
import type { Publish } from "../../model/publish.ts";
import type { ObservedPullRequest, Snapshot } from "../../model/snapshot.ts";
import type { Files } from "../../model/umbrella.ts";
import { branchOf } from "../../plan/branches.ts";
import { carriedByAll } from "../../plan/history.ts";
import { planRollBack, type Reversal, reversals } from "../../plan/roll-back.ts";
import { rolledBack } from "../../review/comments.ts";
import { touchedBy } from "../check/gather-check.ts";
import { asked, filesToRead, keysOf } from "../look/asked.ts";
import type { Scope } from "../look/scope.ts";
import { finishDecorating } from "../promote/decorate-promotion.ts";
import { settlePlan } from "../promote/settle-plan.ts";
import type { Commanded, Reply } from "./commanded.ts";

export async function rollBack(commanded: Commanded): Promise<Reply> {
  const { head, config } = commanded;
  if (head.state !== "merged")
    return {
      kind: "refused",
      because: "This pull request is not merged.",
      help: "Comment /reject to decline it.",
    };
  const replies: Reply[] = [];
  for (const environment of touchedBy(head, config)) replies.push(await rollBackIn(environment, commanded));
  return together(replies);
}

/** What could be done is done, and the rest is refused. */
function together(replies: readonly Reply[]): Reply {
  const says = replies.flatMap((reply) => reply.says ?? []).join("\n\n");
  const refused = replies.filter((reply) => reply.kind === "refused");
  const done = says === "" ? {} : { says };
  if (refused.length === 0) return { kind: "done", ...done };
  return {
    kind: "refused",
    because: refused.map(({ because }) => because).join(" "),
    help: [...new Set(refused.map(({ help }) => help))].join(" "),
    ...done,
  };
}

async function rollBackIn(environment: Environment, commanded: Commanded): Promise<Reply> {
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
  const agenda = { repository, index, deliveries: [], pending: [] };
  const about = { agenda, repository, config, scope, answer, dependents };
  const settling = { environment, snapshot, about, world };
  const open = openOn(branch, snapshot);
  if (open && !takesBack(open, back.value)) return inTheWay(open.number);
  if (open) {
    await finishDecorating(open, settling);
    return done(back.value, open.number);
  }
  const publishes = await publishesOf(back.value, commanded);
  if (!publishes.ok) return refusal(publishes.problems);
  const publishOf = ({ chart, to }: Reversal) =>
    publishes.value.get(`${chart} ${to}`) ?? missingPublish(chart);
  const { vendored } = snapshot;
  const plan = planRollBack({ ...merged, reversals: back.value, publishOf, vendored, at: world.clock() });
  if (!plan.ok) return refusal(plan.problems);
  const settled = await settlePlan(plan.value, settling);
  if (settled.kind === "doubt") throw new Error(`rolling back #${head.number}: ${settled.because}`);
  return settled.pullRequest
    ? done(back.value, settled.pullRequest.number)
    : { kind: "refused", because: `${settled.refused ?? "nothing has to change"}.`, help: "" };
}

function missingPublish(chart: string): never {
  throw new Error(`${chart} goes back to a version that was not looked up`);
}

function openOn(branch: string, { branches }: Snapshot): ObservedPullRequest | undefined {
  return branches.get(branch)?.pullRequests.find(({ state }) => state === "open");
}

/** Whether it is this very rollback, opened before an answer was lost or the process died. */
function takesBack(open: ObservedPullRequest, back: readonly Reversal[]): boolean {
  const carried = carriedByAll(open);
  return back.every(({ chart, from }) =>
    carried.some((one) => one.chart === chart && one.rolledBackFrom === from),
  );
}

function done(back: readonly Reversal[], number: number): Reply {
  const moves = [...new Map(back.map((reversal) => [reversal.chart, reversal])).values()];
  return { kind: "done", says: rolledBack(moves, number) };
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

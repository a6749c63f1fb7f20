// The commands that have a promotion planned again: another version, the branch made anew, or none at all.

import type { Command } from "../../command/parse-commands.ts";
import type { Environment } from "../../model/config.ts";
import type { PromotionRecord, Publish } from "../../model/publish.ts";
import type { ChartRepository } from "../../model/settings.ts";
import { branchOf } from "../../plan/branches.ts";
import { readTrailers } from "../../plan/trailers.ts";
import { declined } from "../../review/comments.ts";
import { parseVersion } from "../../versions/version.ts";
import { asked } from "../look/asked.ts";
import type { Scope } from "../look/scope.ts";
import { promote } from "../promote/promote.ts";
import type { Promoting } from "../promote/settling.ts";
import type { Commanded, Reply } from "./commanded.ts";

/** The environment whose promotion this is, and the charts that its branch is for. */
interface Promotion {
  readonly environment: Environment;
  readonly branch: string;
  readonly charts: readonly [string, ...string[]];
}

/** `undefined` for a pull request that is none of the App's promotions. */
function promotionOf({ head, config, dependents }: Commanded): Promotion | undefined {
  if (!head.ours || head.isFork) return undefined;
  for (const environment of config.environments) {
    const names = dependents.filter((one) => one.environment === environment.name).map(({ chart }) => chart);
    const [first, ...rest] = new Set(
      names.filter((chart) => branchOf(environment, chart) === head.headBranch),
    );
    if (first !== undefined) return { environment, branch: head.headBranch, charts: [first, ...rest] };
  }
  return undefined;
}

const NO_PROMOTION: Reply = {
  kind: "refused",
  because: "This pull request is no promotion of the App's own.",
  help: "Comment on one whose title begins with Promote.",
};

export async function rebase(commanded: Commanded): Promise<Reply> {
  const promotion = promotionOf(commanded);
  const { head, world, repository } = commanded;
  if (!promotion) return NO_PROMOTION;
  if (head.state !== "open" || head.inMergeQueue) {
    const because = head.inMergeQueue ? "It stands in the merge queue." : "This pull request is not open.";
    return { kind: "refused", because, help: "Only an open promotion outside the queue can be made anew." };
  }
  await replan(promotion, commanded, { rebase: promotion.branch });
  const records = await recordsOf(promotion, commanded);
  const standing = records.some(
    ({ state, pullRequest }) => state === "proposed" && pullRequest?.number === head.number,
  );
  if (standing) return { kind: "done" };
  const problem = records.find(({ state }) => state === "refused") ?? records[0];
  world.log.info({ repository: repository.id, number: head.number, problem }, "nothing to rebase");
  return {
    kind: "refused",
    because: `Nothing is to be proposed there: ${problem?.because ?? "no publish is known"}.`,
    help: "Close this pull request, or publish a version that may go there.",
  };
}

/** Closes it, which declines its version; that is kept on GitHub and nowhere else. */
export async function reject(commanded: Commanded): Promise<Reply> {
  const promotion = promotionOf(commanded);
  const { head, world, repository } = commanded;
  if (!promotion) return NO_PROMOTION;
  if (head.state === "merged")
    return { kind: "refused", because: "It is merged already.", help: "Comment /rollback for the way back." };
  if (head.state === "open") {
    const carried = readTrailers(head.commits.findLast(({ ours }) => ours)?.message ?? "");
    const versions = carried.map(({ chart, version }) =>
      carried.length > 1 ? `${chart} ${version}` : version,
    );
    await world.github.close(repository, head.id, declined(versions.join(", ")));
  }
  await replan(promotion, commanded, {});
  return { kind: "done" };
}

/** Also a version that nobody announced, if the chart repository has it. */
export async function promoteByName(
  { version: text, chart: named }: Pick<Extract<Command, { kind: "promote" }>, "version" | "chart">,
  commanded: Commanded,
): Promise<Reply> {
  const promotion = promotionOf(commanded);
  if (!promotion) return NO_PROMOTION;
  const { environment, charts } = promotion;
  const [only, ...others] = charts;
  const chart = named ?? (others.length === 0 ? only : undefined);
  if (chart === undefined || !charts.includes(chart)) return namesNone(chart, charts);
  if (!parseVersion(text))
    return { kind: "refused", because: "It names no version.", help: "Write for example /promote 1.2.3" };
  const { dependents, world } = commanded;
  const dependent = dependents.find((one) => one.environment === environment.name && one.chart === chart);
  const repository = world.settings.chartRepositories.find(({ name }) => name === dependent?.chartRepository);
  if (!repository)
    return { kind: "refused", because: `${chart} has no known chart repository.`, help: "See server.yaml." };
  const publish = await published(text, { chart, repository, commanded });
  if ("kind" in publish) return publish;
  await replan(promotion, commanded, { insisted: { chart, version: text } });
  const records = await recordsOf(promotion, commanded);
  const record = records.find(({ publishId }) => publishId === publish.id);
  if (record?.state === "proposed") return { kind: "done" };
  const because = record?.because ?? "it was not planned for";
  return { kind: "refused", because: `${because}.`, help: "" };
}

function namesNone(chart: string | undefined, charts: readonly string[]): Reply {
  const because =
    chart === undefined
      ? "This promotion is for several charts."
      : `${chart} is none of this promotion's charts.`;
  const help = `Write /promote, the chart and the version; the chart is one of ${charts.join(", ")}.`;
  return { kind: "refused", because, help };
}

async function published(
  version: string,
  about: { readonly chart: string; readonly repository: ChartRepository; readonly commanded: Commanded },
): Promise<Publish | Reply> {
  const { chart, repository, commanded } = about;
  const { world, login } = commanded;
  const found = await world.charts.lookUp(repository, { chart, version });
  if (found.kind === "unreachable")
    return { kind: "refused", because: found.problem.message, help: "Try again when it answers." };
  if (found.kind === "missing") {
    const because = `${chart} ${version} is not in the chart repository "${repository.name}".`;
    return { kind: "refused", because, help: "Upload it first." };
  }
  const announcement = {
    chart,
    version,
    repository: repository.name,
    values: {},
    source: {},
    publisher: `command:${login}`,
  };
  const at = world.clock();
  const { publish } = await world.store.publishes.accept(announcement, { id: crypto.randomUUID(), at });
  if (publish.state !== "verified") {
    const { digest, metadata } = found;
    const { appVersion } = metadata;
    await world.store.publishes.verify(publish.id, {
      ...(digest !== undefined && { digest }),
      ...(appVersion !== undefined && { appVersion }),
    });
  }
  return publish;
}

/** How often one command looks again when GitHub held something else than was read. */
const ROUNDS = 4;

/** Looks at the promotion's environment, plans, and makes GitHub agree. */
async function replan(
  { environment, charts }: Promotion,
  commanded: Commanded,
  how: Pick<Promoting, "rebase" | "insisted">,
): Promise<void> {
  const { repository, config, index, dependents, world } = commanded;
  const scope: Scope = new Map([[environment.name, new Set(charts)]]);
  const agenda = { repository, index, deliveries: [], pending: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await world.github.look(repository, asked(config, scope, dependents));
    if (!answer) return;
    const outcome = await promote({ agenda, repository, config, scope, answer, dependents, ...how }, world);
    if (outcome.kind === "settled") return;
  }
  throw new Error(`${repository.owner}/${repository.name} did not settle after ${ROUNDS} looks`);
}

async function recordsOf(
  { environment, charts }: Promotion,
  { repository, world }: Commanded,
): Promise<readonly PromotionRecord[]> {
  const records = await world.store.promotions.ofRepository(repository.id);
  return records.filter((one) => one.environment === environment.name && charts.includes(one.chart));
}

// The command /promote: promotes a given version, even an unannounced one, if the chart repository has it.

import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { ruleFor } from "../../domain/plan/chart-rule.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import type { RequestedPromotion } from "../../domain/slash-command/command-grammar.ts";
import type { ChartLookup, Deps } from "../context.ts";
import { otherBytes } from "../publish/verify-publishes.ts";
import type { Scope } from "../repository/scope.ts";
import type { Commander, CommandReply, PullRequestContext } from "./command-context.ts";
import { chartsIn, type OwnPromotion, promotionOf, recordsOf, replan, scopeOf } from "./own-promotion.ts";

/** `head`: absent for a command under an issue. */
type PromoteContext = Commander & Partial<Pick<PullRequestContext, "head">>;

export async function promoteByName(
  wanted: RequestedPromotion,
  context: PromoteContext,
): Promise<CommandReply> {
  const target = targetOf(wanted, context);
  if (target.kind === "refused") return target;
  const { chart, promotion, chartRepository } = target;
  const { version } = wanted;
  const publish = await published(version, { chart, repository: chartRepository, context });
  if ("kind" in publish) return publish;
  const scope = withUpstream(promotion, context);
  await replan(scope, context, { requestedVersion: { chart, version, by: context.login } });
  const records = await recordsOf(promotion, context);
  const record = records.find(({ publishId }) => publishId === publish.id);
  if (record?.state === "proposed") return done(record.pullRequest?.number, context);
  const because = record?.because ?? "it was not planned for";
  const inTheWay = records.find((one) => one.chart === chart && one.state === "proposed")?.pullRequest;
  const isOvertaken = record?.state === "superseded" && inTheWay;
  const help = isOvertaken ? `Comment /reject on #${inTheWay.number}, and then this once more.` : "";
  return { kind: "refused", because: `${because}.`, help };
}

/** Also reads the upstream environment, to find out whether it can still get the version. */
function withUpstream(promotion: OwnPromotion, { config }: Commander): Scope {
  const { after } = promotion.environment;
  const isHere = config.environments.some(({ name }) => !after?.repository && name === after?.environment);
  return new Map([
    ...scopeOf(promotion),
    ...(after && isHere ? [[after.environment, new Set<string>()] as const] : []),
  ]);
}

/** Names the pull request if it is another one than the one with the comment. */
function done(number: number | undefined, { head }: PromoteContext): CommandReply {
  const isHere = number === undefined || number === head?.number;
  return isHere ? { kind: "done" } : { kind: "done", message: `It is proposed in #${number}.` };
}

interface PromoteTarget {
  readonly kind: "found";
  readonly chart: string;
  readonly promotion: OwnPromotion;
  readonly chartRepository: ChartRepository;
}

type Refusal = Extract<CommandReply, { readonly kind: "refused" }>;

function targetOf(wanted: RequestedPromotion, context: PromoteContext): PromoteTarget | Refusal {
  const { head } = context;
  const own = head && promotionOf({ ...context, head });
  const environment = environmentOf(wanted, own, context);
  if ("kind" in environment) return environment;
  const chart = wanted.chart ?? (own?.charts.length === 1 ? own.charts[0] : undefined);
  const charts = chartsIn(environment, context);
  if (chart === undefined || !charts.includes(chart)) return namesNone(chart, environment, charts);
  if (!ruleFor(environment, chart))
    return refusal(`charts of ${environment.name} leaves ${chart} out`, "Change .github/chart-promoter.yml.");
  const chartRepository = repositoryOf(chart, environment, context);
  if (!chartRepository) return refusal(`${chart} has no known chart repository`, "See server.yaml.");
  const branch = branchOf(environment, chart);
  const others = charts.filter((one) => one !== chart && branchOf(environment, one) === branch);
  const promotion: OwnPromotion = { environment, branch, charts: [chart, ...others] };
  return { kind: "found", chart, promotion, chartRepository };
}

/** The environment that the command names, or else that of the pull request. */
function environmentOf(
  { environment: name }: RequestedPromotion,
  own: OwnPromotion | undefined,
  { config: { environments } }: Commander,
): Environment | Refusal {
  if (name === undefined) return own?.environment ?? refusal("It does not say where to", WHERE);
  const names = environments.map((one) => one.name).join(", ");
  return (
    environments.find((one) => one.name === name) ??
    refusal(`There is no environment ${name} here`, `The environments are: ${names}.`)
  );
}

const WHERE = "Write /promote CHART VERSION to ENVIRONMENT.";

function namesNone(chart: string | undefined, { name }: Environment, charts: readonly string[]): Refusal {
  const because =
    chart === undefined
      ? `It names none of the charts of ${name}`
      : `${chart} is none of the charts of ${name}`;
  return refusal(because, `Write the chart before the version; it is one of these: ${charts.join(", ")}.`);
}

function refusal(because: string, help: string): Refusal {
  return { kind: "refused", because: `${because}.`, help };
}

function repositoryOf(
  chart: string,
  environment: Environment,
  { dependents, deps }: Commander,
): ChartRepository | undefined {
  const dependent = dependents.find((one) => one.environment === environment.name && one.chart === chart);
  return deps.settings.chartRepositories.find(({ name }) => name === dependent?.chartRepository);
}

/** Announces the version with the commander as publisher, unless it was announced before. */
async function published(
  version: string,
  about: { readonly chart: string; readonly repository: ChartRepository; readonly context: Commander },
): Promise<Publish | CommandReply> {
  const { chart, repository, context } = about;
  const { deps, login } = context;
  const found = await deps.charts.lookUp(repository, { chart, version });
  if (found.kind === "unreachable")
    return { kind: "refused", because: found.problem.message, help: "Try again when it answers." };
  if (found.kind === "missing")
    return refusal(
      `${chart} ${version} is not in the chart repository "${repository.name}"`,
      "Upload it first.",
    );
  const announcement = {
    ...{ chart, version, repository: repository.name, values: {}, source: {} },
    publisher: `command:${login}`,
  };
  const at = deps.clock();
  const { publish } = await deps.store.publishes.accept(announcement, { id: crypto.randomUUID(), at });
  const problem = await verifyAnnounced(publish, found, deps);
  return problem ? { kind: "refused", because: problem.message, help: problem.help } : publish;
}

/** Verifies or rejects a publish that is only `accepted` so far; returns why it is rejected. */
async function verifyAnnounced(
  publish: Publish,
  found: Extract<ChartLookup, { kind: "found" }>,
  { store }: Deps,
): Promise<Problem | undefined> {
  if (publish.state !== "accepted") return publish.problem;
  const problem = otherBytes(publish, found);
  if (problem) {
    await store.publishes.reject(publish.id, problem);
    return problem;
  }
  const { digest, metadata } = found;
  const { appVersion } = metadata;
  await store.publishes.verify(publish.id, {
    ...(digest !== undefined && { digest }),
    ...(appVersion !== undefined && { appVersion }),
  });
  return undefined;
}

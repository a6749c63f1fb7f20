// The fields of one mutation document succeed and fail each on its own. Where the commit failed and the text did not, or the
// other way round, the text tells another version than the branch carries: then it is written for what the branch carries.

import type { Change } from "../../model/promotion.ts";
import type { ObservedPullRequest } from "../../model/snapshot.ts";
import { carriedByAll } from "../../plan/history.ts";
import { planEnvironment } from "../../plan/plan.ts";
import { titleOf } from "../../plan/text.ts";
import type { Carried } from "../../plan/trailers.ts";
import { movedOn } from "../../review/comments.ts";
import { versionsTold } from "../../review/headline.ts";
import { describe } from "./describe.ts";
import type { Settling } from "./settling.ts";

/** Costs nothing where the text tells what the branch carries, or where people rewrote the headline. */
export async function retell(pullRequest: ObservedPullRequest, settling: Settling): Promise<void> {
  const { about, world } = settling;
  const told = versionsTold(pullRequest.body);
  const carried = carriedByAll(pullRequest);
  const untrue = carried.flatMap(({ chart, version }) => {
    const now = told.get(chart);
    return now === undefined || now === version ? [] : [{ chart, was: version, now }];
  });
  if (!pullRequest.ours || untrue.length === 0) return;
  const change = await changeThatCarries(carried, settling);
  if (!change) return;
  const said = movedOn(untrue);
  await world.github.retell(about.repository, pullRequest.id, {
    title: titleOf(change),
    body: await describe(change, pullRequest, settling),
    untrue: pullRequest.comments.flatMap(({ id, ours, body }) => (ours && body === said ? [id] : [])),
  });
  world.log.info({ pullRequest: pullRequest.url, untrue }, "told anew");
}

/** What was planned for these versions, planned again; nothing when the database has lost one of them. */
async function changeThatCarries(
  carried: readonly Carried[],
  { environment, snapshot, about, world }: Settling,
): Promise<Change | undefined> {
  const keys = carried.flatMap(({ chart, version }) => {
    const here = about.dependents.find(
      (dependent) => dependent.environment === environment.name && dependent.chart === chart,
    );
    return here ? [{ key: { chart, repository: here.chartRepository }, version }] : [];
  });
  const found = await Promise.all(keys.map(({ key, version }) => world.store.publishes.find(key, version)));
  const publishes = found.filter((publish) => publish !== undefined);
  if (publishes.length < carried.length) return undefined;
  const { plans } = planEnvironment({
    environment,
    snapshot,
    publishes,
    charts: new Set(carried.map(({ chart }) => chart)),
    chartRepositories: world.settings.chartRepositories,
    waits: () => undefined,
  });
  return plans.find((plan) => plan.kind === "change");
}

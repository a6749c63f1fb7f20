// Onboarding: a repository with umbrella charts and no config file gets one pull request with a first config file,
// once. GitHub is the record: any pull request from the onboarding branch, whatever its state, means that it was
// offered.

import { doubledInterval } from "../../domain/deployment/timeouts.ts";
import type { Config } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { Draft } from "../../domain/model/draft.ts";
import type { EnvironmentQuery } from "../../domain/model/github/observed-state.ts";
import { ONBOARDING_BRANCH } from "../../domain/model/github/onboarding-branch.ts";
import {
  type ConfigRepository,
  nameWithOwner,
  type Onboarding,
} from "../../domain/model/github/repository.ts";
import type { ObservedBranch, Snapshot } from "../../domain/model/github/snapshot.ts";
import { describeOffer, OFFER_TITLE } from "../../domain/onboarding/describe-offer.ts";
import { offeredConfig } from "../../domain/onboarding/offered-config.ts";
import {
  type DesiredBranch,
  decidePullRequestAction,
  type PullRequestAction,
} from "../../domain/pull-request/pull-request-action.ts";
import { enqueueCheckRun } from "../check-run/enqueue-check-runs.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import { inspectBranch } from "../promotion/apply/inspect-branch.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import { contextOf } from "../repository/index/update-index.ts";
import { planReads } from "../repository/read-plan.ts";
import { fullResync } from "../repository/scope.ts";
import { AGAIN_MS } from "../repository/stale-read.ts";
import { untilConverged } from "../until-converged.ts";
import { type FoundCharts, findCharts } from "./find-charts.ts";
import { previewOf } from "./preview.ts";

type OfferContext = Pick<RepositoryContext, "repository" | "deps">;

/** Bounds of the retry interval after a refusal by GitHub. */
const REFUSED_MS = { least: 60_000, most: 6 * 60 * 60_000 };

/**
 * Runs on a resync. `heads`: head commits of the branches, as far as they were read. The result for a head of the
 * default branch is recorded, so that a repository with nothing to offer costs no request until it changes. Returns
 * when to retry after a refusal.
 */
export async function offerConfig(
  { repository: { id }, resync }: Pick<PendingWork, "repository" | "resync">,
  heads: ReadonlyMap<string, string>,
  deps: Deps,
): Promise<Date | undefined> {
  if (!resync || deps.settings.onboarding !== "on") return undefined;
  const { repository, index } = (await deps.store.repositories.withIndex(id)) ?? {};
  if (!repository || repository.archived || !index || index.configOid !== undefined) return undefined;
  const head = heads.get(repository.defaultBranch);
  const { onboarding } = index;
  if (head === undefined || onboarding?.pullRequest !== undefined) return undefined;
  const refusedBefore = onboarding?.head === head ? onboarding.refused : undefined;
  if (onboarding?.head === head && !refusedBefore) return undefined;
  if (refusedBefore && new Date(refusedBefore.until) > deps.clock()) return new Date(refusedBefore.until);
  const offered = await offer(head, { repository, deps });
  if (offered === "moved") return new Date(deps.clock().getTime() + AGAIN_MS);
  const found = offered === "refused" ? refusedSince(refusedBefore?.since, head, deps) : offered;
  return keepOffer(found, { repository, deps });
}

async function keepOffer(found: Onboarding, { repository, deps }: OfferContext): Promise<Date | undefined> {
  await changeIndex(repository, { onboarding: found }, deps);
  if (found.pullRequest !== undefined) await enqueueCheckRun(repository.id, found.pullRequest, deps);
  return found.refused && new Date(found.refused.until);
}

function refusedSince(earlier: string | undefined, head: string, { clock }: Pick<Deps, "clock">): Onboarding {
  const now = clock();
  const since = earlier ?? now.toISOString();
  const until = doubledInterval(new Date(since), now, REFUSED_MS).toISOString();
  return { head, refused: { since, until } };
}

/** "moved": GitHub shows another head of the default branch than before, newer or (stale read) older. */
type Offered = Onboarding | "refused" | "moved";

async function offer(head: string, context: OfferContext): Promise<Offered> {
  const { repository, deps } = context;
  try {
    const charts = await findCharts(head, context);
    return charts.folders.length === 0 ? { head } : await offerFor(charts, head, context);
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    deps.log.warn({ repository: nameWithOwner(repository), err: error }, "no config file can be offered");
    return "refused";
  }
}

async function offerFor(charts: FoundCharts, head: string, context: OfferContext): Promise<Offered> {
  const { repository, deps } = context;
  const about = { repository: nameWithOwner(repository) };
  const offered = offeredConfig(charts.folders, { context: contextOf(repository, deps) });
  if (!offered.ok) {
    deps.log.warn({ ...about, problems: offered.problems }, "no config file can be offered");
    return { head };
  }
  const { config, text } = offered.value;
  let refusal: string | undefined;
  return untilConverged(repository, async (): Promise<Offered | undefined> => {
    const observed = await deps.github
      .in(repository)
      .fetchRepositoryState({ environments: reads(config, repository) });
    const snapshot = observed?.snapshots.get(ONBOARDING_BRANCH);
    const branch = snapshot?.branches.get(ONBOARDING_BRANCH);
    if (observed && observed.defaultHead !== head) return "moved";
    if (!observed || !snapshot || !branch || observed.config) return { head };
    const [earlier] = branch.pullRequests;
    if (earlier) return { head, pullRequest: earlier.number };
    const step = await stepFor(text, { snapshot, branch }, context);
    if (step.kind !== "open") {
      deps.log.info({ ...about, because: step.because }, "the branch for a first config file is left alone");
      return { head };
    }
    const body = describeOffer({
      environments: await previewOf(config, { repository, observed, deps }),
      ...charts,
    });
    const draft = draftOf({ text, body }, repository, snapshot);
    const outcome = await deps.github.in(repository).pullRequests(observed).open(draft, step.replaces);
    if (outcome.kind === "proposed") {
      deps.log.info({ ...about, pullRequest: outcome.pullRequest.url }, "offered a first config file");
      return { head, pullRequest: outcome.pullRequest.number };
    }
    const { because, isRefusal = false } = outcome;
    deps.log.warn({ ...about, because }, "a first config file was not offered");
    if (isRefusal && because === refusal) return "refused";
    refusal = because;
    return undefined;
  });
}

/** The environments that the config would have, and the onboarding branch. */
function reads(config: Config, { defaultBranch }: ConfigRepository): readonly EnvironmentQuery[] {
  const offers = {
    ...{ name: ONBOARDING_BRANCH, path: "", branch: defaultBranch },
    ...{ files: [CONFIG_FILE], branches: [ONBOARDING_BRANCH] },
  };
  return [...planReads(config, fullResync(config, []), []), offers];
}

type Step =
  | Extract<PullRequestAction, { kind: "open" }>
  | { readonly kind: "stop"; readonly because: string };

/** Reuses a branch that an aborted run left behind; leaves one with people's commits alone. */
async function stepFor(
  text: string,
  { snapshot, branch }: { readonly snapshot: Snapshot; readonly branch: ObservedBranch },
  { repository, deps }: OfferContext,
): Promise<Step> {
  const wanted: DesiredBranch = { files: [fileOf(text)], folder: "", snapshot, branch };
  const step = decidePullRequestAction(wanted);
  const decided =
    step.kind === "inspect"
      ? decidePullRequestAction({
          ...wanted,
          own: await inspectBranch(step, { about: { repository }, snapshot, deps }),
        })
      : step;
  if (decided.kind === "open" || decided.kind === "stop") return decided;
  throw new Error(`${ONBOARDING_BRANCH} has no pull request, and is to be left by ${decided.kind}`);
}

function fileOf(text: string): Draft["files"][number] {
  return { path: CONFIG_FILE, contents: new TextEncoder().encode(text), mode: 0o100644 };
}

function draftOf(
  { text, body }: { readonly text: string; readonly body: string },
  { defaultBranch }: ConfigRepository,
  { base }: Snapshot,
): Draft {
  return {
    branch: ONBOARDING_BRANCH,
    base: { branch: defaultBranch, oid: base },
    ...{ title: OFFER_TITLE, body, message: { headline: OFFER_TITLE, body: "" }, files: [fileOf(text)] },
    ...{ draft: false, labels: [], reviewers: { users: [], teams: [] }, autoMerge: "off" },
  };
}

// Deployments and the calls of their deployers: the intent is durable before any request is made.

import type { DeployerCall, Deployment, DeploymentState } from "../../../domain/model/deployment.ts";
import type { DeploymentKey, Deployments } from "../../../reconcile/ports/store/deployments.ts";
import * as column from "../columns.ts";
import type { Database, Queries } from "../database.ts";
import type { CallRow, DeploymentRow } from "../schema.ts";
import type { StateObserver } from "../state-observer.ts";
import { endEvent, mergeEvent } from "./facts-to-remember.ts";
import { keepEvents } from "./history.ts";

type Change = Parameters<Deployments["update"]>[1];

export function createDeployments(database: Database, states: StateObserver): Deployments {
  const { read } = database;
  return {
    begin: async (deployment, mergedBy) => {
      const begun = await database.write((db) => begin(db, deployment, mergedBy));
      if (begun.kind === "begun") {
        states.deployment(begun.deployment.state);
        states.event([deployment.repositoryId]);
      }
      return begun;
    },
    created: async (key, githubId) => {
      const at = database.clock();
      const state = await database.write((db) => created(db, key, { githubId, at }));
      if (state) states.deployment(state);
    },
    byGithubId: (githubId) => byGithubId(read, githubId),
    ofPullRequest: (repositoryId, pullRequest) => ofPullRequest(read, repositoryId, pullRequest),
    ofEnvironment: async (repositoryId, environment, limit) => {
      const rows = await newestFirst(read)
        .where("repository_id", "=", repositoryId)
        .where("environment", "=", environment)
        .limit(limit)
        .execute();
      return rows.map(toDeployment);
    },
    unfinished: (repositoryId) => unfinished(read, repositoryId),
    list: async (limit) => (await newestFirst(read).limit(limit).execute()).map(toDeployment),
    heals: () => heals(read),
    update: async (githubId, change) => {
      const { state } = change;
      const changed = { changedAt: database.clock(), ...change };
      const moved = await database.write((db) => update(db, githubId, changed));
      if (moved === undefined || !state) return;
      states.deployment(state);
      states.event([moved]);
    },
    plan: (githubId, deployers) => database.write((db) => plan(db, githubId, deployers)),
    calls: (githubId) => calls(read, githubId),
    replaceCall: (known, next) => database.write((db) => replaceCall(db, known, next)),
  };
}

function newestFirst(db: Queries) {
  return db
    .selectFrom("deployments")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("github_id", "desc")
    .orderBy("sha");
}

async function byGithubId(db: Queries, githubId: number): Promise<Deployment | undefined> {
  const row = await db
    .selectFrom("deployments")
    .selectAll()
    .where("github_id", "=", githubId)
    .executeTakeFirst();
  return row && toDeployment(row);
}

async function ofPullRequest(
  db: Queries,
  repositoryId: number,
  pullRequest: number,
): Promise<readonly Deployment[]> {
  const rows = await db
    .selectFrom("deployments")
    .selectAll()
    .where("repository_id", "=", repositoryId)
    .where("pull_request", "=", pullRequest)
    .orderBy("created_at")
    .orderBy("sha")
    .execute();
  return rows.map(toDeployment);
}

async function unfinished(db: Queries, repositoryId: number | undefined): Promise<readonly Deployment[]> {
  const rows = await db
    .selectFrom("deployments")
    .selectAll()
    .where("state", "in", ["creating", "held", "queued", "in_progress"])
    .$if(repositoryId !== undefined, (all) => all.where("repository_id", "=", repositoryId ?? 0))
    .orderBy("created_at")
    .orderBy("sha")
    .execute();
  return rows.map(toDeployment);
}

async function calls(db: Queries, githubId: number): Promise<readonly DeployerCall[]> {
  const rows = await db
    .selectFrom("calls")
    .selectAll()
    .where("deployment_id", "=", githubId)
    .orderBy("deployer")
    .execute();
  return rows.map(toCall);
}

/** Recorded and pruned heals. */
async function heals(db: Queries): Promise<Awaited<ReturnType<Deployments["heals"]>>> {
  const repeats = await db
    .selectFrom("deployments")
    .select(["repository_id", "environment", "repeats"])
    .where("intent", "!=", "")
    .execute();
  const onRecord = repeats.filter((one) => one.repeats && column.repeat(one.repeats).task === "heal");
  const forgotten = await db.selectFrom("forgotten_heals").selectAll().execute();
  const all = [...onRecord.map((one) => ({ ...one, count: 1 })), ...forgotten];
  const byEnvironment = Map.groupBy(all, (row) => `${row.repository_id}/${row.environment}`);
  return [...byEnvironment.values()]
    .flatMap(([first, ...others]) =>
      first
        ? [
            {
              ...{ repositoryId: first.repository_id, environment: first.environment },
              count: others.reduce((sum, { count }) => sum + count, first.count),
            },
          ]
        : [],
    )
    .sort(
      (one, other) => one.repositoryId - other.repositoryId || (one.environment < other.environment ? -1 : 1),
    );
}

function ofKey(db: Queries, key: DeploymentKey) {
  return db
    .selectFrom("deployments")
    .selectAll()
    .where("repository_id", "=", key.repositoryId)
    .where("environment", "=", key.environment)
    .where("sha", "=", key.sha)
    .where("intent", "=", key.repeats?.intent ?? "");
}

async function begin(
  db: Queries,
  deployment: Deployment,
  mergedBy: string | undefined,
): Promise<{ readonly kind: "begun" | "repeat"; readonly deployment: Deployment }> {
  const begun = await db
    .insertInto("deployments")
    .values(toRow(deployment))
    .onConflict((conflict) => conflict.columns(["repository_id", "environment", "sha", "intent"]).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (begun !== undefined) {
    const event = mergeEvent(toDeployment(begun), mergedBy);
    await keepEvents(db, event ? [event] : []);
    return { kind: "begun", deployment: toDeployment(begun) };
  }
  const kept = await ofKey(db, deployment).executeTakeFirstOrThrow();
  return { kind: "repeat", deployment: toDeployment(kept) };
}

/**
 * The state after `creating` is `held` during a freeze or window, else `queued`; any later state is kept. Returns the
 * new state.
 */
async function created(
  db: Queries,
  key: DeploymentKey,
  answer: { readonly githubId: number; readonly at: Date },
): Promise<DeploymentState | undefined> {
  const kept = await ofKey(db, key).executeTakeFirstOrThrow();
  const following = kept.held_until === null ? "queued" : "held";
  const ofThis = db
    .updateTable("deployments")
    .where("repository_id", "=", key.repositoryId)
    .where("environment", "=", key.environment)
    .where("sha", "=", key.sha)
    .where("intent", "=", key.repeats?.intent ?? "");
  const { numUpdatedRows } = await ofThis
    .set({ state: following })
    .where("state", "=", "creating")
    .executeTakeFirst();
  await ofThis.set({ github_id: answer.githubId, changed_at: answer.at.getTime() }).execute();
  return numUpdatedRows > 0n ? following : undefined;
}

/** Returns the config repository of the deployment if its state changed. */
async function update(db: Queries, githubId: number, change: Change): Promise<number | undefined> {
  const ofThis = db.updateTable("deployments").where("github_id", "=", githubId);
  const { state } = change;
  const moved = state && (await ofThis.set({ state }).where("state", "!=", state).executeTakeFirst());
  await ofThis
    .set({
      ...(change.state !== undefined && change.state !== "held" && { held_until: null }),
      ...(change.heldUntil !== undefined && { held_until: change.heldUntil.getTime() }),
      ...(change.emergency !== undefined && { emergency: 1 }),
      ...(change.overtaken !== undefined && { overtaken: change.overtaken }),
      ...(change.description !== undefined && { description: column.text(change.description) }),
      ...(change.log !== undefined && { log: column.text(change.log) }),
      ...(change.changedAt !== undefined && { changed_at: change.changedAt.getTime() }),
    })
    .execute();
  const isMoved = moved !== undefined && moved.numUpdatedRows > 0n;
  return isMoved ? rememberEnd(db, githubId, change.changedAt) : undefined;
}

async function rememberEnd(db: Queries, githubId: number, at = new Date(0)): Promise<number> {
  const row = await db
    .selectFrom("deployments")
    .selectAll()
    .where("github_id", "=", githubId)
    .executeTakeFirstOrThrow();
  const event = endEvent(toDeployment(row), at);
  await keepEvents(db, event ? [event] : []);
  return row.repository_id;
}

async function plan(db: Queries, githubId: number, deployers: readonly string[]): Promise<void> {
  const calls = deployers.map(
    (deployer) => ({ deploymentId: githubId, deployer, state: "waiting" }) as const,
  );
  if (calls.length === 0) return;
  await db
    .insertInto("calls")
    .values(calls.map(toCallRow))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** One statement, so that of several callers with the same known state only one succeeds. */
async function replaceCall(db: Queries, known: DeployerCall, next: DeployerCall): Promise<boolean> {
  const { deployment_id, deployer, ...facts } = toCallRow(known);
  const { numUpdatedRows } = await db
    .updateTable("calls")
    .set(toCallRow(next))
    .where("deployment_id", "=", deployment_id)
    .where("deployer", "=", deployer)
    .where("state", "=", facts.state)
    .where("url", "is not distinct from", facts.url)
    .where("called_at", "is not distinct from", facts.called_at)
    .where("first_called_at", "is not distinct from", facts.first_called_at)
    .where("next_build", "is not distinct from", facts.next_build)
    .where("job", "is not distinct from", facts.job)
    .where("missing_since", "is not distinct from", facts.missing_since)
    .where("ended_at", "is not distinct from", facts.ended_at)
    .where("problem", "is not distinct from", facts.problem)
    .where("log", "is not distinct from", facts.log)
    .where("description", "is not distinct from", facts.description)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function toRow(deployment: Deployment): DeploymentRow {
  return {
    repository_id: deployment.repositoryId,
    environment: deployment.environment,
    sha: deployment.sha,
    path: deployment.path ?? null,
    intent: deployment.repeats?.intent ?? "",
    repeats: deployment.repeats === undefined ? null : JSON.stringify(deployment.repeats),
    pull_request: deployment.pullRequest,
    promotions: JSON.stringify(deployment.promotions),
    state: deployment.state,
    github_id: deployment.githubId ?? null,
    deployers: JSON.stringify(deployment.deployers),
    held_until: deployment.heldUntil?.getTime() ?? null,
    emergency: deployment.emergency ? 1 : 0,
    overtaken: deployment.overtaken ?? null,
    created_at: deployment.createdAt.getTime(),
    changed_at: deployment.changedAt.getTime(),
    description: deployment.description === undefined ? null : column.text(deployment.description),
    log: deployment.log === undefined ? null : column.text(deployment.log),
  };
}

export function toDeployment(row: DeploymentRow): Deployment {
  return {
    repositoryId: row.repository_id,
    environment: row.environment,
    sha: row.sha,
    ...column.optional("path", row.path, column.same),
    pullRequest: row.pull_request,
    promotions: column.moves(row.promotions),
    ...column.optional("repeats", row.repeats, column.repeat),
    state: row.state,
    ...column.optional("githubId", row.github_id, column.same),
    deployers: column.names(row.deployers),
    ...column.optional("heldUntil", row.held_until, column.date),
    ...(row.emergency === 1 && { emergency: true }),
    ...column.optional("overtaken", row.overtaken, column.same),
    createdAt: column.date(row.created_at),
    changedAt: column.date(row.changed_at),
    ...column.optional("description", row.description, column.same),
    ...column.optional("log", row.log, column.same),
  };
}

function toCallRow(call: DeployerCall): CallRow {
  return {
    deployment_id: call.deploymentId,
    deployer: call.deployer,
    state: call.state,
    url: call.url ?? null,
    called_at: call.calledAt?.getTime() ?? null,
    first_called_at: call.firstCalledAt?.getTime() ?? null,
    next_build: call.nextBuild ?? null,
    job: call.job ?? null,
    missing_since: call.missingSince?.getTime() ?? null,
    ended_at: call.endedAt?.getTime() ?? null,
    problem: call.problem === undefined ? null : JSON.stringify(call.problem),
    log: call.log === undefined ? null : column.text(call.log),
    description: call.description === undefined ? null : column.text(call.description),
  };
}

function toCall(row: CallRow): DeployerCall {
  return {
    deploymentId: row.deployment_id,
    deployer: row.deployer,
    state: row.state,
    ...column.optional("url", row.url, column.same),
    ...column.optional("calledAt", row.called_at, column.date),
    ...column.optional("firstCalledAt", row.first_called_at, column.date),
    ...column.optional("nextBuild", row.next_build, column.same),
    ...column.optional("job", row.job, column.same),
    ...column.optional("missingSince", row.missing_since, column.date),
    ...column.optional("endedAt", row.ended_at, column.date),
    ...column.optional("problem", row.problem, column.problem),
    ...column.optional("log", row.log, column.same),
    ...column.optional("description", row.description, column.same),
  };
}

// Deployments and the calls to their deployers: the intent is on disk before anyone is asked.

import type { DeployerCall, Deployment, DeploymentState } from "../model/deployment.ts";
import * as column from "./columns.ts";
import type { Database, Queries } from "./database.ts";
import type { CallRow, DeploymentRow } from "./schema.ts";
import type { States } from "./states.ts";
import type { Deployments } from "./store.ts";

type Key = Parameters<Deployments["created"]>[0];
type Change = Parameters<Deployments["update"]>[1];

export function createDeployments(database: Database, states: States): Deployments {
  const { read } = database;
  return {
    begin: async (deployment) => {
      const begun = await database.write((db) => begin(db, deployment));
      if (begun.kind === "begun") states.deployment(begun.deployment.state);
      return begun;
    },
    created: async (key, githubId) => {
      const at = database.clock();
      const state = await database.write((db) => created(db, key, { githubId, at }));
      if (state) states.deployment(state);
    },
    byGithubId: async (githubId) => {
      const row = await read
        .selectFrom("deployments")
        .selectAll()
        .where("github_id", "=", githubId)
        .executeTakeFirst();
      return row && toDeployment(row);
    },
    ofEnvironment: async (repositoryId, environment, limit) => {
      const rows = await newestFirst(read)
        .where("repository_id", "=", repositoryId)
        .where("environment", "=", environment)
        .limit(limit)
        .execute();
      return rows.map(toDeployment);
    },
    unfinished: async () => {
      const rows = await read
        .selectFrom("deployments")
        .selectAll()
        .where("state", "in", ["creating", "held", "queued", "in_progress"])
        .orderBy("created_at")
        .orderBy("sha")
        .execute();
      return rows.map(toDeployment);
    },
    list: async (limit) => (await newestFirst(read).limit(limit).execute()).map(toDeployment),
    update: async (githubId, change) => {
      const { state } = change;
      const changed = { changedAt: database.clock(), ...change };
      if ((await database.write((db) => update(db, githubId, changed))) && state) states.deployment(state);
    },
    plan: (githubId, deployers) => database.write((db) => plan(db, githubId, deployers)),
    calls: async (githubId) => {
      const rows = await read
        .selectFrom("calls")
        .selectAll()
        .where("deployment_id", "=", githubId)
        .orderBy("deployer")
        .execute();
      return rows.map(toCall);
    },
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

function ofKey(db: Queries, key: Key) {
  return db
    .selectFrom("deployments")
    .selectAll()
    .where("repository_id", "=", key.repositoryId)
    .where("environment", "=", key.environment)
    .where("sha", "=", key.sha);
}

async function begin(
  db: Queries,
  deployment: Deployment,
): Promise<{ readonly kind: "begun" | "repeat"; readonly deployment: Deployment }> {
  const begun = await db
    .insertInto("deployments")
    .values(toRow(deployment))
    .onConflict((conflict) => conflict.columns(["repository_id", "environment", "sha"]).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (begun !== undefined) return { kind: "begun", deployment: toDeployment(begun) };
  const kept = await ofKey(db, deployment).executeTakeFirstOrThrow();
  return { kind: "repeat", deployment: toDeployment(kept) };
}

/** After `creating` comes `held` while a freeze holds it back, else `queued`; any later state stays. Answers what came. */
async function created(
  db: Queries,
  key: Key,
  answer: { readonly githubId: number; readonly at: Date },
): Promise<DeploymentState | undefined> {
  const kept = await ofKey(db, key).executeTakeFirstOrThrow();
  const following = kept.held_until === null ? "queued" : "held";
  const ofThis = db
    .updateTable("deployments")
    .where("repository_id", "=", key.repositoryId)
    .where("environment", "=", key.environment)
    .where("sha", "=", key.sha);
  const { numUpdatedRows } = await ofThis
    .set({ state: following })
    .where("state", "=", "creating")
    .executeTakeFirst();
  await ofThis.set({ github_id: answer.githubId, changed_at: answer.at.getTime() }).execute();
  return numUpdatedRows > 0n ? following : undefined;
}

/** Whether it came to be in another state by this. */
async function update(db: Queries, githubId: number, change: Change): Promise<boolean> {
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
  return moved !== undefined && moved.numUpdatedRows > 0n;
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

/** One statement, so that of several who know the same only one replaces it. */
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

function toDeployment(row: DeploymentRow): Deployment {
  return {
    repositoryId: row.repository_id,
    environment: row.environment,
    sha: row.sha,
    pullRequest: row.pull_request,
    promotions: column.moves(row.promotions),
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
    ...column.optional("problem", row.problem, column.problem),
    ...column.optional("log", row.log, column.same),
    ...column.optional("description", row.description, column.same),
  };
}

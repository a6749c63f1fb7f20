// Check runs of the App, one suite for each commit.

import { checkRunJson, checkSuiteJson } from "../../shapes/check.ts";
import { mustBeWritable } from "../pull-requests/pull-requests.ts";
import type { Account, CheckRun, CheckSuite } from "../records.ts";
import { notFound, unprocessable } from "../refusal.ts";
import type { World } from "../world.ts";
import type { Repository } from "./repository.ts";

export type CheckChange = Partial<
  Omit<CheckRun, "id" | "suiteId" | "headOid" | "status" | "startedAt" | "completedAt">
> & {
  readonly status?: CheckRun["status"] | undefined;
  readonly startedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
};

const MAX_ANNOTATIONS = 50;

export function createCheckRun(
  world: World,
  repository: Repository,
  {
    headOid,
    name,
    actor,
    ...change
  }: CheckChange & { readonly headOid: string; readonly name: string; readonly actor: Account },
): CheckRun {
  mustBeWritable(repository);
  if (repository.objects.commit(headOid) === undefined)
    throw unprocessable(`No commit found for SHA: ${headOid}`);
  const suite = suiteOf(world, repository, headOid);
  const blank: CheckRun = {
    id: world.newId(),
    suiteId: suite.id,
    name,
    headOid,
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: "",
    startedAt: null,
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  return putRun(world, repository, { run: blank, change, actor, action: "created" });
}

/** New annotations are added; all other given fields replace the old values. */
export function updateCheckRun(
  world: World,
  repository: Repository,
  { id, actor, ...change }: CheckChange & { readonly id: number; readonly actor: Account },
): CheckRun {
  mustBeWritable(repository);
  const run = mustCheckRun(repository, id);
  return putRun(world, repository, { run, change, actor, action: "updated" });
}

function putRun(
  world: World,
  repository: Repository,
  { run, change, actor, action }: { run: CheckRun; change: CheckChange; actor: Account; action: string },
): CheckRun {
  if ((change.annotations?.length ?? 0) > MAX_ANNOTATIONS)
    throw unprocessable("Invalid request. No more than 50 items are allowed; annotations exceeds the limit.");
  const { status: requested, startedAt, completedAt, ...rest } = change;
  const concluded = rest.conclusion !== undefined && rest.conclusion !== null;
  const status = concluded ? "completed" : (requested ?? run.status);
  if (status === "completed" && !concluded && run.conclusion === null)
    throw unprocessable("Invalid request. A conclusion is needed for a completed check run.");
  const now = world.now();
  const put: CheckRun = {
    ...run,
    ...rest,
    status,
    conclusion: status === "completed" ? (rest.conclusion ?? run.conclusion) : null,
    startedAt: startedAt ?? run.startedAt ?? now,
    completedAt: status === "completed" ? (completedAt ?? now) : null,
    annotations: [...run.annotations, ...(change.annotations ?? [])],
  };
  repository.checkRuns.set(run.id, put);
  const payload = { check_run: checkRunJson(world, repository, put) };
  world.emit({ name: "check_run", action, repository, sender: actor, payload });
  if (put.status === "completed" && run.status !== "completed")
    world.emit({ name: "check_run", action: "completed", repository, sender: actor, payload });
  return put;
}

function suiteOf(world: World, repository: Repository, headOid: string): CheckSuite {
  const known = [...repository.checkSuites.values()].find((suite) => suite.headOid === headOid);
  if (known !== undefined) return known;
  const ref = [...repository.refs].find(([name, oid]) => oid === headOid && name.startsWith("refs/heads/"));
  const headBranch = ref === undefined ? null : ref[0].slice("refs/heads/".length);
  const suite = { id: world.newId(), headOid, headBranch, createdAt: world.now() };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

/** GitHub requests a suite from every App with write permission for checks, once for each pushed commit. */
export function requestSuite(
  world: World,
  repository: Repository,
  { headOid, actor }: { readonly headOid: string; readonly actor: Account },
): void {
  if ([...repository.checkSuites.values()].some((suite) => suite.headOid === headOid)) return;
  const suite = suiteOf(world, repository, headOid);
  const payload = { check_suite: checkSuiteJson(world, repository, suite) };
  world.emit({ name: "check_suite", action: "requested", repository, sender: actor, payload });
}

export function mustCheckRun(repository: Repository, id: number): CheckRun {
  const run = repository.checkRuns.get(id);
  if (run === undefined) throw notFound();
  return run;
}

/** Somebody pressed "Re-run" on one check, or on all of a commit. */
export function rerequest(
  world: World,
  repository: Repository,
  requested:
    | { readonly actor: Account; readonly checkRunId: number }
    | { readonly actor: Account; readonly headOid: string },
): void {
  const about = { repository, sender: requested.actor, action: "rerequested" };
  if ("checkRunId" in requested) {
    const run = mustCheckRun(repository, requested.checkRunId);
    world.emit({ ...about, name: "check_run", payload: { check_run: checkRunJson(world, repository, run) } });
  } else {
    const suite = suiteOf(world, repository, requested.headOid);
    world.emit({
      ...about,
      name: "check_suite",
      payload: { check_suite: checkSuiteJson(world, repository, suite) },
    });
  }
}

// A deployer's report about a cluster's drift: parsed, authorized, and kept.

import * as z from "zod";
import { noteReport, type ReportedDrift } from "../../domain/drift/note-report.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { DriftedResource } from "../../domain/model/drift.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Deps } from "../context.ts";
import { pause } from "../pause.ts";
import { deployedSoFar } from "./observe-drift.ts";

export interface ParsedDriftReport {
  readonly revision: string;
  readonly resources: readonly DriftedResource[];
}

/** More than any release should hold; the body is limited to 1 MiB as well. */
const MOST_RESOURCES = 10_000;

/**
 * Names only: the characters that Kubernetes allows in names (validation.IsPathSegmentName; a field manager: 128
 * printable characters). Outside of the brackets that select an element, a path contains neither a space nor an equals
 * sign.
 */
const kind = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,252}$/, "is no kind of a resource");
const name = z.string().regex(/^[^\s/%=\p{Cc}]{1,253}$/u, "is no name of a resource");
const manager = z.string().regex(/^\P{Cc}{1,128}$/u, "is no name of a field manager");
const field = z
  .string()
  .max(500, "is too long")
  .regex(
    /^(?:[\w$/~+-]+|\[[^[\]\p{Cc}]*\])(?:\.+[\w$/~+-]+|\[[^[\]\p{Cc}]*\])*$/u,
    "is no path of a field, such as spec.containers[web].image: values are not taken",
  );

const resource = z.strictObject({
  kind,
  namespace: name.exactOptional(),
  name,
  change: z.enum(["changed", "missing", "unknown"]),
  fields: z.array(field).max(1000, "must be at most 1,000").exactOptional(),
  manager: manager.exactOptional(),
});

const report = <Resource extends z.ZodType>(listed: Resource) =>
  z.strictObject({
    revision: z.string().regex(/^[0-9a-f]{40}$/, "must be the 40 hexadecimal digits of a commit"),
    resources: z.array(listed).max(MOST_RESOURCES, "must be at most 10,000"),
  });

/** For /openapi.json. */
export const DRIFT_REPORT_SCHEMA = z.toJSONSchema(report(resource), { io: "input" });

const outline = report(z.unknown());

/** At most this many mistakes are reported; parsing stops there. */
const TOLD = 20;

/** Resources that are parsed before yielding to the event loop. */
const AT_ONCE = 100;

export async function parseDriftReport(body: unknown): Promise<Result<ParsedDriftReport>> {
  const parsed = outline.safeParse(body);
  if (!parsed.success) return failWith(parsed.error.issues);
  const resources: DriftedResource[] = [];
  const mistakes: Mistake[] = [];
  for (const [at, written] of parsed.data.resources.entries()) {
    if (at % AT_ONCE === 0) await pause();
    const read = resource.safeParse(written);
    if (read.success) resources.push(read.data);
    else
      mistakes.push(
        ...read.error.issues.map(({ path, message }) => ({ path: ["resources", at, ...path], message })),
      );
    if (mistakes.length >= TOLD) break;
  }
  return mistakes.length > 0 ? failWith(mistakes) : ok({ revision: parsed.data.revision, resources });
}

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function failWith(mistakes: readonly Mistake[]): Result<never> {
  const [first = problemOf({ path: [], message: "cannot be read" }), ...rest] = mistakes
    .slice(0, TOLD)
    .map(problemOf);
  return fail(first, ...rest);
}

function problemOf({ path, message }: Mistake): Problem {
  return {
    code: "malformed",
    message: `${path.length === 0 ? "The report" : path.join(".")}: ${message}.`,
    help: "Send {revision, resources: [{kind, namespace?, name, change: changed | missing | unknown, fields?, manager?}]}.",
  };
}

export interface DriftReporter {
  readonly deploymentId: number;
  readonly deployer: string;
}

/**
 * Durable when it resolves. Problems: `not-found` for an unknown deployment, `forbidden` for another deployer's,
 * `conflict` for one that is not the environment's current deployment, or in an environment that is not watched for
 * drift.
 */
export async function recordDriftReport(
  { deploymentId, deployer }: DriftReporter,
  reported: ParsedDriftReport,
  deps: Pick<Deps, "store" | "clock">,
): Promise<Result<Deployment>> {
  const deployment = await deps.store.deployments.byGithubId(deploymentId);
  if (!deployment) return fail(unknownDeployment(deploymentId));
  if (!deployment.deployers.includes(deployer)) return fail(ofOthers(deploymentId, deployer));
  const { succeeded } = await deployedSoFar(deployment, deps);
  if (succeeded?.githubId !== deploymentId) return fail(notTheLast(deployment, succeeded));
  if (reported.revision !== deployment.sha) return fail(anotherRevision(deployment, reported.revision));
  const everyMs = await watchInterval(deployment, deps);
  if (everyMs === undefined) return fail(notWatched(deployment));
  const { resources } = reported;
  await keep(deployment, { report: { deployer, deploymentId, resources }, everyMs }, deps);
  return ok(deployment);
}

/** Optimistic concurrency: of two reports at the same time, both count. */
async function keep(
  key: EnvironmentKey,
  { report, everyMs }: { readonly report: ReportedDrift; readonly everyMs: number },
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<void> {
  for (;;) {
    const reports = await store.drift.reports(key);
    await pause();
    const known = reports.find((one) => one.report.deployer === report.deployer);
    const next = noteReport(known?.report, report, { at: clock(), everyMs });
    await pause();
    if (await store.drift.replaceReport(key, known?.version ?? 0, next)) return;
  }
}

/**
 * Interval of the drift watch, in milliseconds: `undefined` when the environment is not watched, 0 while the config
 * cannot be read.
 */
async function watchInterval(
  { repositoryId, environment }: EnvironmentKey,
  { store }: Pick<Deps, "store">,
): Promise<number | undefined> {
  const index = await store.repositories.index(repositoryId);
  if (!index?.config) return 0;
  return index.config.environments.find(({ name }) => name === environment)?.drift?.everyMs;
}

function unknownDeployment(id: number): Problem {
  return {
    code: "not-found",
    message: `There is no deployment ${id}.`,
    help: "Report on the deployment that GET /deployers/NAME/watch names.",
  };
}

function ofOthers(id: number, deployer: string): Problem {
  return {
    code: "forbidden",
    message: `Deployment ${id} is not one of ${deployer}'s.`,
    help: "Report with the name and secret of the deployer that was called.",
  };
}

function notTheLast({ githubId, environment }: Deployment, succeeded: Deployment | undefined): Problem {
  const last = succeeded ? `that is deployment ${succeeded.githubId}` : "there is none";
  return {
    code: "conflict",
    message: `Deployment ${githubId} is not the last that succeeded in "${environment}": ${last}.`,
    help: "Look at the cluster again, and hold it against what GET /deployers/NAME/watch names.",
  };
}

function anotherRevision({ githubId, sha }: Deployment, revision: string): Problem {
  return {
    code: "conflict",
    message: `Deployment ${githubId} is of ${sha}, not of ${revision}.`,
    help: "Send the revision that GET /deployers/NAME/watch names.",
  };
}

function notWatched({ environment }: Deployment): Problem {
  return {
    code: "conflict",
    message: `Nobody watches "${environment}".`,
    help: "Report on the environments that GET /deployers/NAME/watch lists: those with drift in their configuration.",
  };
}

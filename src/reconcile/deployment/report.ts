// A deployer's report about a deployment: parsed, authorized, and recorded on its call.

import * as z from "zod";
import type { DeployerCall, Deployment } from "../../domain/model/deployment.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { withoutLogin } from "../../domain/model/secret/shown-address.ts";

export interface Report {
  readonly state: "in_progress" | "success" | "failure" | "error";
  readonly log?: string;
  readonly description?: string;
}

/** What accepting a report needs of the store. */
export interface ParsedReport {
  byGithubId(githubId: number): Promise<Deployment | undefined>;
  plan(githubId: number, deployers: readonly string[]): Promise<void>;
  calls(githubId: number): Promise<readonly DeployerCall[]>;
  replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
}

const schema = z.strictObject({
  state: z.enum(["in_progress", "success", "failure", "error"]),
  // The length is checked first: parsing a URL of one megabyte takes a tenth of a second.
  log: z
    .string()
    .max(2048, { abort: true })
    .check(z.url({ protocol: /^https?$/, error: "Must be an http or https address" }))
    .refine((address) => withoutLogin(address) === address, "Must have no user name and no password in it")
    .optional(),
  description: z.string().max(1000).optional(),
});

/** For /openapi.json. */
export const REPORT_SCHEMA = z.toJSONSchema(schema, { io: "input" });

/** One problem for each mistake of the body. */
export function parseReport(body: unknown): Result<Report> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const [first, ...rest] = parsed.error.issues.map(({ path, message }) => ({
      code: "malformed" as const,
      message: `${path.length === 0 ? "The report" : path.join(".")}: ${message}.`,
      help: "Send {state: in_progress | success | failure | error, log?, description?}.",
    }));
    return first === undefined ? ok({ state: "error" }) : fail(first, ...rest);
  }
  const { state, log, description } = parsed.data;
  return ok({ state, ...(log ? { log } : {}), ...(description ? { description } : {}) });
}

/**
 * Stores a report, and answers the deployment to reconcile. Problems: `not-found` for an unknown deployment,
 * `forbidden` for one that is not this deployer's, `conflict` for one that another took the place of.
 */
export async function recordReport(
  about: { readonly deploymentId: number; readonly deployer: string; readonly at: Date },
  report: Report,
  store: ParsedReport,
): Promise<Result<Deployment>> {
  const { deploymentId, deployer, at } = about;
  const deployment = await store.byGithubId(deploymentId);
  if (deployment === undefined)
    return fail({
      code: "not-found",
      message: `There is no deployment ${deploymentId}.`,
      help: "Report on the DEPLOYMENT_ID that the call carried.",
    });
  if (!deployment.deployers.includes(deployer))
    return fail({
      code: "forbidden",
      message: `Deployment ${deploymentId} is not one of ${deployer}'s.`,
      help: "Report with the name and secret of the deployer that was called.",
    });
  await store.plan(deploymentId, [deployer]);
  // The call may change concurrently; then the report is applied to its new state.
  for (;;) {
    const call = (await store.calls(deploymentId)).find((one) => one.deployer === deployer);
    if (!call || call.state === "skipped") return fail(superseded(about));
    const next = noted(call, report, at);
    if (next === call || (await store.replaceCall(call, next))) return ok(deployment);
  }
}

/** After the loss of the database a deployer may have been called for it. */
function superseded({ deploymentId, deployer }: { deploymentId: number; deployer: string }): Problem {
  return {
    code: "conflict",
    message: `A later deployment took the place of deployment ${deploymentId}, which ${deployer} is not known to have been called for: its end is not recorded.`,
    help: "Report on the deployment that the call named; this one needs no report.",
  };
}

/** The latest report wins, except that a late "in progress" does not reopen a call that has ended. */
export function noted(call: DeployerCall, report: Report, at: Date): DeployerCall {
  const over = call.state === "done" || call.state === "failed";
  if (over && report.state === "in_progress") return call;
  const { problem: _problem, description: _description, ...kept } = call;
  return {
    ...kept,
    calledAt: call.state === "waiting" ? at : (call.calledAt ?? at),
    state: callState[report.state],
    ...(report.log === undefined ? {} : { log: report.log }),
    ...(report.description === undefined ? {} : { description: report.description }),
    ...(report.state === "error" ? { problem: reportedError(call.deployer, report) } : {}),
  };
}

const callState = { in_progress: "running", success: "done", failure: "failed", error: "failed" } as const;

function reportedError(deployer: string, { description }: Report) {
  return {
    code: "deployer-aborted" as const,
    message: `${deployer} reported an error${description === undefined ? "." : `: ${description}`}`,
    help: "Look at the deployer's own log.",
  };
}

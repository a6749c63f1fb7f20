// Problems of a Jenkins job or build.

import { advance, type CallStep, ended, type RequestFailure } from "../../domain/deployment/call-state.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { JenkinsBuild, JenkinsDeployer } from "./jenkins-api.ts";

/**
 * Jenkins drops parameters that the job does not declare: its builds would not know what to deploy, and could not be
 * identified.
 */
export function undeclared(names: readonly string[], { name }: JenkinsDeployer): RequestFailure {
  const many = names.length === 1 ? "parameter" : "parameters";
  return {
    kind: "refused",
    sent: "no",
    problem: {
      code: "deployer-refused",
      message: `The job of ${name} does not declare the ${many} ${names.join(", ")}: it is not called.`,
      help: "Declare it as a parameter of the job, and run the job once so that Jenkins knows it.",
    },
  };
}

/** Jenkins answers 500 to a value that a choice parameter does not have. */
export function notOffered(
  { name, value }: { readonly name: string; readonly value: string },
  { name: deployer }: JenkinsDeployer,
): RequestFailure {
  return {
    kind: "refused",
    sent: "no",
    problem: {
      code: "deployer-refused",
      message: `The job of ${deployer} does not offer ${JSON.stringify(value)} as ${name}: it is not called.`,
      help: `Add it to the choices of ${name}, or make that a string parameter.`,
    },
  };
}

export function notSeen({ deployer }: DeployerCall): Problem {
  return {
    code: "deployer-silent",
    message: `${deployer} was called and shows no build of it; it may have had one, so it is not called again.`,
    help: "Start the job by hand with this DEPLOYMENT_ID, or merge a further change.",
  };
}

/** The build was deleted, is not readable by this user, or belongs to another job than server.yaml names now. */
export function notShown(call: DeployerCall, build: string, { job }: JenkinsDeployer): CallStep {
  const where = build.startsWith(`${job}/`) ? "its job" : `${job}, which server.yaml names now,`;
  return ended(call, {
    code: "deployer-aborted",
    message: `Jenkins answers 404 for ${build}, and ${where} shows no other build of this deployment: how it ended is not known.`,
    help: "See there how it ended; `/redeploy` on this pull request deploys again.",
  });
}

/** For a build that ended without success. */
export function endOfBuild(call: DeployerCall, { number, result }: JenkinsBuild): CallStep {
  if (result !== "FAILURE" && result !== "UNSTABLE")
    return aborted(call, `Build ${number} at ${call.deployer} ended with ${result}.`);
  const { url } = call;
  return { call: advance(call, { state: "failed", ...(url !== undefined && { url }) }) };
}

export function aborted(call: DeployerCall, message: string): CallStep {
  return ended(call, {
    code: "deployer-aborted",
    message,
    help: "See who or what stopped it; merging a further change, or /rollback, deploys again.",
  });
}

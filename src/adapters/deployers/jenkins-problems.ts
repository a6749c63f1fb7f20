// Problems of a Jenkins job or build.

import { advance, type CallStep, ended, type RequestFailure } from "../../domain/deployment/call-state.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { oneLine } from "../../domain/model/visible.ts";
import type { JenkinsBuild, JenkinsDeployer } from "./jenkins-api.ts";

/**
 * Jenkins drops parameters that the job does not declare: its builds would not know what to deploy, and could not be
 * identified.
 */
export function undeclared(names: readonly string[], deployer: string): RequestFailure {
  const many = names.length === 1 ? "parameter" : "parameters";
  return refused(
    `The job of ${deployer} does not declare the ${many} ${names.join(", ")}: it is not called.`,
    "Declare it as a parameter of the job, and run the job once so that Jenkins knows it.",
  );
}

/** Jenkins answers 500 to a value that a choice parameter does not have. */
export function notOffered(
  { name, value }: { readonly name: string; readonly value: string },
  deployer: string,
): RequestFailure {
  return refused(
    `The job of ${deployer} does not offer ${JSON.stringify(value)} as ${name}: it is not called.`,
    `Add it to the choices of ${name}, or make that a string parameter.`,
  );
}

/** A parameter of a kind that loses what it is given, or hides it. */
export function indefinite(
  { name, kind, why }: { readonly name: string; readonly kind: string; readonly why: string },
  deployer: string,
): RequestFailure {
  return refused(
    `The job of ${deployer} declares ${name} as a ${kind} parameter, ${why}: it is not called.`,
    `Make ${name} a string parameter, and run the job once so that Jenkins knows it.`,
  );
}

/** The queue's own decision (hudson.model.Queue.QueueDecisionHandler): there is no build. */
export function refusedByPlugin({ name, job }: JenkinsDeployer): RequestFailure {
  return refused(
    `Jenkins takes no build of ${job} into its queue for ${name}.`,
    "See Jenkins' own log: one of its plugins refuses the build, which Jenkins answers with a redirect to the job.",
  );
}

/** Whether there is a build is seen only on Jenkins. */
export function notCreated(status: number, { name, job }: JenkinsDeployer): RequestFailure {
  const failure = refused(
    `Answer ${status} from ${name} to POST ${job}/buildWithParameters, where Jenkins answers 201.`,
    "Check that no login page or proxy stands before Jenkins and answers in its place.",
  );
  return { ...failure, status, sent: "perhaps" };
}

function refused(message: string, help: string): RequestFailure {
  return { kind: "refused", sent: "no", problem: { code: "deployer-refused", message, help } };
}

/** `why` is Jenkins' text. */
export function stillQueued(call: DeployerCall, why: string): Problem {
  return {
    code: "deployer-silent",
    message: `${call.problem?.message ?? ""} It is still in Jenkins' queue: ${oneLine(why).slice(0, 200)}`,
    help: `See there what it waits for: it is followed for a while when it starts. For longer, set deployers.${call.deployer}.timeout in server.yaml.`,
  };
}

export function notSeen({ deployer }: DeployerCall): Problem {
  return {
    code: "deployer-silent",
    message: `${deployer} was called and shows no build of it; it may have had one, so it is not called again.`,
    help: "Start the job by hand with this DEPLOYMENT_ID, or merge a further change.",
  };
}

/** The build was deleted, is not readable by this user, or belongs to another job than server.yaml names now; or its job was
 * deleted and made anew, and another build has its number. */
export function notShown(call: DeployerCall, build: string, { job }: JenkinsDeployer): CallStep {
  const where = build.startsWith(`${job}/`) ? "its job" : `${job}, which server.yaml names now,`;
  return ended(call, {
    code: "deployer-aborted",
    message: `Jenkins shows no build of this deployment at ${build} any more, and ${where} shows no other build of this deployment: how it ended is not known.`,
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

// A request to deploy the last deployed commit again: refused with the reason, or kept until it is carried out.

import { type DeploymentHold, holdAt } from "../../domain/deployment/hold.ts";
import type { Environment, EnvironmentKey } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { RepeatRequest } from "../../domain/model/drift.ts";
import { untilText } from "../../domain/model/instant.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import { type DeployedSoFar, deployedSoFar } from "./observe-drift.ts";

/** Durable when it resolves; one request for each intent. The value is the commit that will be deployed. */
export async function requestRepeat(
  key: EnvironmentKey,
  request: Omit<RepeatRequest, "at">,
  deps: Pick<Deps, "store" | "clock">,
): Promise<Result<{ readonly sha: string }>> {
  const { store, clock } = deps;
  const index = await store.repositories.index(key.repositoryId);
  const environment = index?.config?.environments.find(({ name }) => name === key.environment);
  if (!environment) return fail(unknownEnvironment(key.environment));
  const soFar = await deployedSoFar(key, deps);
  const isKnown = soFar.all.some(({ repeats }) => repeats?.intent === request.intent);
  const problem = isKnown ? undefined : obstacleTo(environment, soFar, clock());
  if (problem) return fail(problem);
  if (!isKnown) await store.drift.keepRequest(key, { ...request, at: clock() });
  await enqueue(store.queue, { ...key, kind: "drift" }, "deployment");
  return ok({ sha: soFar.last?.sha ?? "" });
}

/** Why nothing can be deployed again now. */
export function obstacleTo(
  environment: Environment,
  { last, open }: DeployedSoFar,
  now: Date,
): Problem | undefined {
  const { name } = environment;
  if (environment.deploy.length === 0) return noDeployer(name);
  if (!last) return nothingDeployed(name);
  if (open) return underWay(open);
  const frozen = holdAt(environment, now);
  return frozen && isFrozen(name, frozen);
}

function unknownEnvironment(name: string): Problem {
  return {
    code: "not-found",
    message: `There is no environment "${name}".`,
    help: "Name one of .github/chart-promoter.yml.",
  };
}

function noDeployer(name: string): Problem {
  return {
    code: "policy",
    message: `The environment "${name}" names no deployer, so that there is nobody to tell.`,
    help: "Name one with deploy in .github/chart-promoter.yml.",
  };
}

function nothingDeployed(name: string): Problem {
  return {
    code: "policy",
    message: `Nothing was deployed to "${name}" yet.`,
    help: "Merge a promotion: that deploys.",
  };
}

function underWay({ githubId, environment, state }: Deployment): Problem {
  const which = githubId === undefined ? "A deployment" : `Deployment ${githubId}`;
  return {
    code: "policy",
    message: `${which} of "${environment}" has not ended (${state}).`,
    help: "Wait for its end, and try again if it is still needed.",
  };
}

function isFrozen(name: string, { by, until, reason }: DeploymentHold): Problem {
  const end = until ? ` until ${untilText(until)}` : "";
  const file = by === "operator" ? "server.yaml" : ".github/chart-promoter.yml";
  return {
    code: "policy",
    message: `${by === "freeze" ? "A freeze holds" : "Nothing is deployed to"} "${name}"${end}: ${reason}.`,
    help: `Wait for its end, or end it in ${file}.`,
  };
}

// An action of a signed-in person on the dashboard. GitHub is asked afresh whether they have write access, and the
// request is posted on GitHub under their own name before it is carried out: as the slash command itself, or as a
// comment for the operator's actions (redeploy, heal, replay).

import { type ConfigRepository, nameWithOwner } from "../domain/model/github/repository.ts";
import { fail, ok, type Problem, type Result } from "../domain/model/problem.ts";
import type { Deps } from "./context.ts";
import { parseKey } from "./keys.ts";
import { operatorActions } from "./operator-actions.ts";
import type { People } from "./ports/people.ts";

export type PersonalAction =
  | { readonly kind: "hold" | "unhold"; readonly repositoryId: number; readonly number: number }
  | { readonly kind: "redeploy" | "heal"; readonly repositoryId: number; readonly environment: string }
  /** Retries a dead key of the work queue. */
  | { readonly kind: "replay"; readonly repositoryId: number; readonly key: string };

interface Asker {
  readonly login: string;
  readonly token: string;
}

interface ActingDeps extends Pick<Deps, "store" | "clock"> {
  readonly people: Pick<People, "permissions" | "comment">;
}

/** Returns the URL of the comment. Rejects when GitHub cannot be reached: then nothing was done. */
export async function actForPerson(
  action: PersonalAction,
  asker: Asker,
  deps: ActingDeps,
): Promise<Result<{ readonly url: string }>> {
  const repository = await deps.store.repositories.get(action.repositoryId);
  const permissions = repository && (await deps.people.permissions(asker.token, [repository]));
  const permission = permissions?.get(action.repositoryId);
  if (!repository || permission === undefined) return fail(unknown());
  if (permission !== "write") return fail(readOnly(repository));
  const problem = await obstacleTo(action, deps);
  if (problem) return fail(problem);
  const thread = await threadOf(action, deps);
  if (thread === undefined) return fail(nowhere(repository));
  const url = await deps.people.comment(asker.token, repository, {
    number: thread,
    body: describeAction(action),
  });
  await remember(action, { asker, thread }, deps);
  const done = await carryOut(action, asker, deps);
  return done.ok ? ok({ url }) : done;
}

async function carryOut(
  action: PersonalAction,
  { login }: Asker,
  deps: ActingDeps,
): Promise<Result<unknown>> {
  switch (action.kind) {
    // The comment is a slash command and runs when its webhook arrives.
    case "hold":
    case "unhold":
      return ok(undefined);
    case "redeploy":
    case "heal": {
      const { kind: task, repositoryId, environment } = action;
      return operatorActions(deps).repeat({ repositoryId, environment }, { task, by: login });
    }
    case "replay":
      return (await operatorActions(deps).replay(action.key)) ? ok(undefined) : fail(notDead(action.key));
  }
}

/** Checks against the database first, so that no comment is posted for an action that cannot be carried out. */
async function obstacleTo(action: PersonalAction, { store }: ActingDeps): Promise<Problem | undefined> {
  switch (action.kind) {
    case "hold":
    case "unhold": {
      const known = await store.promotions.ofRepository(action.repositoryId);
      const isOpen = known.some(
        ({ state, pullRequest }) => state === "proposed" && pullRequest?.number === action.number,
      );
      return isOpen ? undefined : notOpen(action.number);
    }
    case "heal": {
      const watch = await store.drift.watch(action);
      return watch?.latest && watch.latest.resources > 0 ? undefined : noDrift(action.environment);
    }
    case "replay": {
      const dead = await store.queue.dead();
      const isTheirs = repositoryOf(action.key) === action.repositoryId;
      return isTheirs && dead.some(({ key }) => key === action.key) ? undefined : notDead(action.key);
    }
    case "redeploy":
      return undefined;
  }
}

/**
 * The pull request that the action concerns; where its key names none, the newest one that the App opened in the
 * repository.
 */
async function threadOf(action: PersonalAction, { store }: ActingDeps): Promise<number | undefined> {
  if ("number" in action) return action.number;
  const key = action.kind === "replay" ? parseKey(action.key) : undefined;
  if (key?.kind === "check-run" && key.target.kind === "pull-request") return key.target.number;
  const environment =
    "environment" in action ? action.environment : key && "environment" in key ? key.environment : undefined;
  const [last] =
    environment === undefined
      ? []
      : await store.deployments.ofEnvironment(action.repositoryId, environment, 1);
  if (last) return last.pullRequest;
  const promotions = await store.promotions.ofRepository(action.repositoryId);
  const numbers = promotions.flatMap(({ pullRequest }) => pullRequest?.number ?? []);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

function repositoryOf(text: string): number | undefined {
  const key = parseKey(text);
  if (key?.kind === "repository") return key.id;
  return key && "repositoryId" in key ? key.repositoryId : undefined;
}

const ON_THE_DASHBOARD = "Asked for on the dashboard of chart-promoter.";

function describeAction(action: PersonalAction): string {
  switch (action.kind) {
    case "hold":
    case "unhold":
      return `/${action.kind}\n\n${ON_THE_DASHBOARD}`;
    case "redeploy":
      return `The last deployment of \`${action.environment}\` is to be deployed again. ${ON_THE_DASHBOARD}`;
    case "heal":
      return `The cluster of \`${action.environment}\` is to be healed. ${ON_THE_DASHBOARD}`;
    case "replay":
      return `The work on \`${action.key}\` was given up and is to be tried again. ${ON_THE_DASHBOARD}`;
  }
}

function remember(
  action: PersonalAction,
  { asker, thread }: { readonly asker: Asker; readonly thread: number },
  { store, clock }: ActingDeps,
): Promise<void> {
  const { kind: command, repositoryId } = action;
  return store.history.note([
    {
      ...{ id: `asked/${crypto.randomUUID()}`, kind: "asked", at: clock(), repositoryId },
      ...("environment" in action && { environment: action.environment }),
      facts: {
        ...{ by: asker.login, door: "dashboard", command, pullRequest: thread },
        ...(action.kind === "replay" && { key: action.key }),
      },
    },
  ]);
}

function unknown(): Problem {
  return {
    code: "not-found",
    message: "There is no such config repository here.",
    help: "Load the page that you came from again.",
  };
}

function readOnly(repository: ConfigRepository): Problem {
  return {
    code: "forbidden",
    message: `GitHub does not let you write to ${nameWithOwner(repository)}.`,
    help: "Ask somebody who may.",
  };
}

function nowhere(repository: ConfigRepository): Problem {
  return {
    code: "policy",
    message: `The App has opened no pull request in ${nameWithOwner(repository)} yet, so that there is nowhere to say who asked.`,
    help: "chart-promoter replay KEY on the server has it tried again.",
  };
}

function notOpen(number: number): Problem {
  return {
    code: "policy",
    message: `#${number} is no open promotion.`,
    help: "Load the page that you came from again.",
  };
}

function noDrift(environment: string): Problem {
  return {
    code: "policy",
    message: `Nothing is known to differ in the cluster of "${environment}".`,
    help: "Deploy it again instead, if it has to be.",
  };
}

function notDead(key: string): Problem {
  return {
    code: "policy",
    message: `The work on ${key} is not given up.`,
    help: "Load the page that you came from again: somebody may have had it tried again meanwhile.",
  };
}

// The response to a REST call: of the route, GitHub's refusals, redirects, and a 501 for what is not modelled.

import type { Authorizations } from "../http/authorizations.ts";
import type { Answer, Call } from "../http/call.ts";
import type { Tokens, Viewer } from "../http/tokens.ts";
import type { AppDesk } from "../pages/new-app.ts";
import { Refusal } from "../world/refusal.ts";
import type { Stale, World } from "../world/world.ts";
import { appRoutes, type Hook, manifestRoute } from "./app-routes.ts";
import { deploymentRoutes } from "./deployment-routes.ts";
import { gitRoutes } from "./git-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { pullRoutes } from "./pull-routes.ts";
import { conditional, findRoute, Moved, type Route } from "./route.ts";
import { userRoutes } from "./user-routes.ts";

interface Backends {
  readonly tokens: Tokens;
  readonly hook: Hook;
  readonly desk: AppDesk;
  readonly authorizations: Authorizations;
}

export function restRoutes({ tokens, hook, desk, authorizations }: Backends): readonly Route[] {
  return [
    ...userRoutes(authorizations),
    ...appRoutes(tokens, hook),
    manifestRoute(desk),
    ...deploymentRoutes,
    ...pullRoutes,
    ...issueRoutes,
    ...gitRoutes,
  ];
}

export interface RestAsking {
  readonly routes: readonly Route[];
  readonly viewer: Viewer;
  readonly stale: Stale;
}

export function answerRest(world: World, call: Call, { routes, viewer, stale }: RestAsking): Answer {
  const found = findRoute(routes, call);
  if (found === undefined) return unknownRoute(call);
  try {
    return conditional(call, found.route.handle({ world, viewer, call, stale, params: found.params }));
  } catch (error) {
    if (error instanceof Moved) return redirect(world, call, error);
    return refusalAnswer(error);
  }
}

/** GitHub's format of a refusal; any other error is a bug and is rethrown. */
export function refusalAnswer(error: unknown): Answer {
  if (!(error instanceof Refusal)) throw error;
  const { status, message, details } = error;
  return {
    status,
    body: { message, ...(details.length > 0 && { errors: details }), status: String(status) },
  };
}

function unknownRoute({ method, path }: Call): Answer {
  return { status: 501, body: { message: `${method} ${path} IS NOT MODELLED BY THE OFFLINE GITHUB` } };
}

/** 301 for reads and 307 for writes, so that the body is sent again. */
function redirect(world: World, call: Call, { repository }: Moved): Answer {
  const rest = call.path.split("/").slice(4).join("/");
  const query = call.query.size === 0 ? "" : `?${call.query.toString()}`;
  const location = `${world.origin}/api/v3/repositories/${repository.id}${rest === "" ? "" : `/${rest}`}${query}`;
  const status = call.method === "GET" ? 301 : 307;
  return { status, headers: { location }, body: { message: "Moved Permanently", url: location } };
}

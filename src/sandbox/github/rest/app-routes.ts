// The App's own routes: its identity, installations, tokens; and the repositories of an installation.

import { isObject } from "../http/call.ts";
import type { Token, Tokens } from "../http/tokens.ts";
import type { AppDesk } from "../pages/new-app.ts";
import { accountJson, timeJson } from "../shapes/account.ts";
import { appJson } from "../shapes/check.ts";
import { installationJson } from "../shapes/installation.ts";
import { repositoryJson } from "../shapes/repository.ts";
import type { Attempt } from "../webhooks/delivery.ts";
import { notFound, Refusal, unprocessable } from "../world/refusal.ts";
import type { Access, Installation, PermissionSet } from "../world/world.ts";
import { page, type Request, type Route } from "./route.ts";

/** The webhook deliveries of the App's own. */
export interface Hook {
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  redeliver(id: string): void;
}

export function appRoutes(tokens: Tokens, hook: Hook): readonly Route[] {
  return [
    ...hookRoutes(hook),
    { method: "GET", pattern: "/app", handle: asApp(({ world }) => ({ status: 200, body: appJson(world) })) },
    {
      method: "GET",
      pattern: "/app/installations",
      handle: asApp((request) => {
        const { world } = request;
        return page(
          request,
          [...world.installations.values()].map((one) => installationJson(world, one)),
        );
      }),
    },
    {
      method: "GET",
      pattern: "/app/installations/:id",
      handle: asApp((request) => ({
        status: 200,
        body: installationJson(request.world, installationOf(request)),
      })),
    },
    {
      method: "POST",
      pattern: "/app/installations/:id/access_tokens",
      handle: asApp((request) => ({ status: 201, body: tokenJson(request, mint(request, tokens)) })),
    },
    {
      method: "GET",
      pattern: "/repos/:owner/:repo/installation",
      handle: asApp(({ world, params }) => {
        const repository = world.repository(`${params["owner"]}/${params["repo"]}`);
        const installation = repository && world.installationOf(repository);
        if (installation === undefined) throw notFound();
        return { status: 200, body: installationJson(world, installation) };
      }),
    },
    { method: "GET", pattern: "/installation/repositories", handle: coveredRepositories },
    {
      method: "GET",
      pattern: "/users/:login",
      handle: ({ world, params }) => {
        const account = world.accounts.get((params["login"] ?? "").toLowerCase());
        if (account === undefined) throw notFound();
        return { status: 200, body: accountJson(world, account) };
      },
    },
  ];
}

/** Without authentication: the App has no key before. */
export function manifestRoute(desk: AppDesk): Route {
  return {
    method: "POST",
    pattern: "/app-manifests/:code/conversions",
    handle: ({ params }) => {
      const body = desk.convert(params["code"] ?? "");
      if (body === undefined) throw notFound();
      return { status: 201, body };
    },
  };
}

/** Newest first, as on GitHub; paged by a cursor. */
function hookRoutes(hook: Hook): readonly Route[] {
  return [
    {
      method: "GET",
      pattern: "/app/hook/deliveries",
      handle: asApp(({ call, world }) => {
        const size = Math.min(100, Number(call.query.get("per_page") ?? 30) || 30);
        const before = Number(call.query.get("cursor") ?? Number.POSITIVE_INFINITY);
        const listed = hook.attempts.filter(({ id }) => id < before).toReversed();
        const [shown, last] = [listed.slice(0, size), listed.slice(0, size).at(-1)];
        const query = new URLSearchParams({ per_page: `${size}`, cursor: `${last?.id}` });
        const link = `<${world.origin}/api/v3${call.path}?${query.toString()}>; rel="next"`;
        return {
          status: 200,
          body: shown.map(attemptJson),
          ...(listed.length > size && { headers: { link } }),
        };
      }),
    },
    {
      method: "POST",
      pattern: "/app/hook/deliveries/:id/attempts",
      handle: asApp(({ params }) => {
        const attempt = hook.attempts.find(({ id }) => id === Number(params["id"]));
        if (attempt === undefined) throw notFound();
        hook.redeliver(attempt.delivery.id);
        return { status: 202, body: {} };
      }),
    },
  ];
}

function attemptJson({ id, delivery, at, status, redelivery }: Attempt): object {
  const isTaken = status !== undefined && status >= 200 && status < 300;
  return {
    ...{ id, guid: delivery.id, delivered_at: at.toISOString(), redelivery, duration: 0.1 },
    status: isTaken
      ? "OK"
      : status === undefined
        ? "failed to connect to host"
        : `Invalid HTTP Response: ${status}`,
    status_code: status ?? 0,
    ...{ event: delivery.event, action: delivery.action ?? null },
    ...{ installation_id: delivery.installationId, repository_id: null, throttled_at: null },
  };
}

function asApp(handle: Route["handle"]): Route["handle"] {
  return (request) => {
    if (request.viewer.kind !== "app")
      throw new Refusal("UNAUTHORIZED", "A JSON web token could not be decoded");
    return handle(request);
  };
}

function installationOf({ world, params }: Request): Installation {
  const installation = world.installations.get(Number(params["id"]));
  if (installation === undefined) throw notFound();
  return installation;
}

function mint(request: Request, tokens: Tokens): Token {
  const installation = installationOf(request);
  if (installation.suspendedAt !== undefined)
    throw new Refusal("FORBIDDEN", "This installation has been suspended");
  return tokens.mint({
    kind: "installation",
    installationId: installation.id,
    permissions: narrowed(installation.permissions, request.call.body["permissions"]),
    repositoryIds: chosenRepositories(request, installation),
  });
}

const ORDER: { readonly [access in Access]: number } = { read: 1, write: 2 };

function narrowed(granted: PermissionSet, requested: unknown): PermissionSet {
  if (requested === undefined) return granted;
  if (!isObject(requested)) throw unprocessable("Invalid request.");
  const narrow: { [permission: string]: Access } = {};
  for (const [permission, access] of Object.entries(requested)) {
    const held = granted[permission] ?? (permission === "metadata" ? "read" : undefined);
    if ((access !== "read" && access !== "write") || held === undefined || ORDER[access] > ORDER[held])
      throw unprocessable("The permissions requested are not granted to this installation.");
    narrow[permission] = access;
  }
  return narrow;
}

function chosenRepositories(
  { world, call }: Request,
  installation: Installation,
): ReadonlySet<number> | undefined {
  const { repository_ids: ids, repositories: names } = call.body;
  if (ids === undefined && names === undefined) return undefined;
  const covered = world.repositoriesOf(installation);
  const requested = [...(Array.isArray(ids) ? ids : []), ...(Array.isArray(names) ? names : [])];
  const found = requested.map((one) => covered.find(({ id, name }) => id === one || name === one)?.id);
  if (found.includes(undefined))
    throw unprocessable(
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  return new Set(found.filter((id) => id !== undefined));
}

function tokenJson({ world }: Request, { token, expiresAt, viewer }: Token): object {
  const chosen = viewer.repositoryIds;
  const selection = world.installations.get(viewer.installationId)?.selection ?? "selected";
  return {
    token,
    expires_at: timeJson(expiresAt),
    permissions: viewer.permissions,
    repository_selection: chosen === undefined ? selection : "selected",
    ...(chosen !== undefined && {
      repositories: [...chosen].flatMap((id) => {
        const repository = world.repositories.get(id);
        return repository === undefined ? [] : [repositoryJson(world, repository)];
      }),
    }),
  };
}

const coveredRepositories: Route["handle"] = (request) => {
  const { world, viewer } = request;
  if (viewer.kind !== "installation")
    throw new Refusal("FORBIDDEN", "Resource not accessible by integration");
  const installation = world.installations.get(viewer.installationId);
  const all = installation === undefined ? [] : world.repositoriesOf(installation);
  const covered = all.filter(({ id }) => viewer.repositoryIds?.has(id) ?? true);
  return page(
    request,
    covered.map((one) => repositoryJson(world, one)),
    (repositories) => ({
      total_count: covered.length,
      repository_selection: installation?.selection,
      repositories,
    }),
  );
};

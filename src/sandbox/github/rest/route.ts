// REST routes: their definition, matching and permission checks.

import { createHash } from "node:crypto";
import { demand, demandWriter, type Need, visible } from "../http/access.ts";
import { type Answer, type Call, isObject } from "../http/call.ts";
import { isWrite } from "../http/limits.ts";
import type { Viewer } from "../http/tokens.ts";
import { forbidden, type Refusal, unprocessable } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { Stale, World } from "../world/world.ts";

export interface Request {
  readonly world: World;
  readonly viewer: Viewer;
  readonly call: Call;
  /** Values of the pattern's `:name` and `*name`, decoded. */
  readonly params: { readonly [name: string]: string };
  /** Whether a read returns the state before the last change. */
  readonly stale: Stale;
}

export interface RepositoryRequest extends Request {
  readonly repository: Repository;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** `:name` matches one segment, `*name` all remaining ones. */
  readonly pattern: string;
  readonly handle: (request: Request) => Answer;
}

interface RepositoryRoute {
  readonly method: Route["method"];
  /** Relative to `/repos/:owner/:repo`. */
  readonly path: string;
  readonly needs: readonly Need[];
  readonly handle: (request: RepositoryRequest) => Answer;
}

/** Routes of one repository: found by name or id, visible to the viewer, permitted, and not archived for writes. */
export function repositoryRoutes(routes: readonly RepositoryRoute[]): Route[] {
  return routes.flatMap(({ method, path, needs, handle }) => {
    const guarded = (request: Request) => handle(guard(request, needs));
    return [
      { method, pattern: `/repos/:owner/:repo${path}`, handle: guarded },
      { method, pattern: `/repositories/:repository_id${path}`, handle: guarded },
    ];
  });
}

function guard(request: Request, needs: readonly Need[]): RepositoryRequest {
  const repository = visible(request.world, request.viewer, repositoryOf(request));
  demand(request.viewer, ...needs);
  if (!isWrite(request.call))
    return {
      ...request,
      repository: request.stale ? request.world.before(repository, request.stale) : repository,
    };
  if (repository.archived) throw forbidden("Repository was archived so is read-only.");
  if (!request.call.path.endsWith("/comments")) demandWriter(request.viewer, repository);
  request.world.remember(repository);
  return { ...request, repository };
}

function repositoryOf({ world, params }: Request): Repository | undefined {
  const id = params["repository_id"];
  if (id !== undefined) return world.repositories.get(Number(id));
  const name = `${params["owner"]}/${params["repo"]}`;
  const found = world.repository(name);
  const moved = found === undefined ? world.formerly(name) : undefined;
  if (moved !== undefined) throw new Moved(moved);
  return found;
}

/** The repository has another name now. */
export class Moved extends Error {
  readonly repository: Repository;

  constructor(repository: Repository) {
    super("Moved Permanently");
    this.repository = repository;
  }
}

/** The route for a call, with its parameters. */
export function findRoute(
  routes: readonly Route[],
  { method, path }: Pick<Call, "method" | "path">,
): { readonly route: Route; readonly params: { readonly [name: string]: string } } | undefined {
  const segments = path.split("/").map(decodeURIComponent);
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchSegments(route.pattern.split("/"), segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): { [name: string]: string } | undefined {
  const params: { [name: string]: string } = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (part.startsWith("*")) {
      params[part.slice(1)] = segments.slice(index).join("/");
      return params;
    }
    if (segment === undefined) return undefined;
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return pattern.length === segments.length ? params : undefined;
}

/** One page of a list, with its `Link` header. */
export function page(
  { call, world }: Request,
  items: readonly unknown[],
  wrap?: (page: readonly unknown[]) => object,
): Answer {
  const size = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 30) || 30));
  const number = Math.max(1, Number(call.query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size);
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${world.origin}/api/v3${call.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
    ...(number > 1 ? [link(1, "first"), link(number - 1, "prev")] : []),
  ];
  return {
    status: 200,
    body: wrap === undefined ? shown : wrap(shown),
    ...(links.length > 0 && { headers: { link: links.join(", ") } }),
  };
}

/** A 304 without a body when the client's ETag matches. */
export function conditional(call: Call, answer: Answer): Answer {
  if (call.method !== "GET" || answer.status !== 200) return answer;
  const etag = `W/"${createHash("sha1")
    .update(JSON.stringify(answer.body) ?? "")
    .digest("hex")}"`;
  const headers = { ...answer.headers, etag };
  return call.headers["if-none-match"] === etag ? { status: 304, headers } : { ...answer, headers };
}

export function text(body: Call["body"], field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidField(field);
  return value;
}

export function requiredText(body: Call["body"], field: string): string {
  const value = text(body, field);
  if (value === undefined) throw unprocessable(`Invalid request.\n\n"${field}" wasn't supplied.`);
  return value;
}

export function texts(body: Call["body"], field: string): readonly string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) throw invalidField(field);
  return value;
}

export function objects(body: Call["body"], field: string): readonly Call["body"][] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isObject)) throw invalidField(field);
  return value;
}

export function invalidField(field: string): Refusal {
  return unprocessable(`Invalid request.\n\nFor '${field}', the value is not valid.`);
}

/** A number in the path. */
export function numberParam({ params }: Request, name: string): number {
  return Number(params[name]);
}

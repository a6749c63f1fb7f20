// A publish in the responses of the endpoints.

import type { FastifyRequest } from "fastify";
import type { Publish } from "../../../domain/model/publish.ts";

export interface PublishSummary {
  readonly id: string;
  readonly state: string;
  /** URL of its progress. */
  readonly url: string;
}

export function summary(
  request: FastifyRequest,
  { id, state }: Pick<Publish, "id" | "state">,
): PublishSummary {
  return { id, state, url: absolute(request, `/publishes/${id}`) };
}

/**
 * As the caller reaches this server, so that no setting can be wrong; only the path when the request has no usable
 * Host.
 */
function absolute({ protocol, host }: FastifyRequest, path: string): string {
  return URL.parse(path, `${protocol}://${host}`)?.href ?? path;
}

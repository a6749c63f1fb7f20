// The visitor of the dashboard, and the config repositories that they may read.

import type { FastifyReply, FastifyRequest } from "fastify";
import { PersonRefused } from "../../reconcile/ports/people.ts";
import { goTo, send } from "./answers.ts";
import { cookieOf } from "./sign-in/cookies.ts";
import type { SignInParts } from "./sign-in/routes.ts";
import type { Session } from "./sign-in/sessions.ts";
import { gitHubSilentPage } from "./sign-in/sign-in-page.ts";

export interface Visitor {
  /** Takes GitHub's repository id. */
  readonly mayRead: (repositoryId: number | undefined) => boolean;
  readonly mayWrite: (repositoryId: number) => boolean;
  /** Absent when the dashboard needs no sign-in. */
  readonly session?: Session;
}

/** `undefined` when the request was already answered, such as with the sign-in page. */
export type Visiting = (request: FastifyRequest, reply: FastifyReply) => Promise<Visitor | undefined>;

export const everybody: Visiting = async () => ({ mayRead: () => true, mayWrite: () => false });

/** A visitor signed in with GitHub, with their permissions there. */
export function signedIn({
  sessions,
  permissions,
  log,
}: Pick<SignInParts, "sessions" | "permissions" | "log">): Visiting {
  return async (request, reply) => {
    try {
      const session = await sessions.find(cookieOf(request, "session"));
      if (!session) return toSignIn(request, reply);
      try {
        const known = await permissions.of(session);
        return {
          mayRead: (id) => id !== undefined && known.has(id),
          mayWrite: (id) => known.get(id) === "write",
          session,
        };
      } catch (error) {
        if (!(error instanceof PersonRefused) || error.what !== "token") throw error;
        await sessions.forget(session);
        return toSignIn(request, reply);
      }
    } catch (error) {
      log.warn({ err: error }, "GitHub cannot be asked what a visitor may read");
      await send(reply.code(503).header("retry-after", "60"), gitHubSilentPage());
      return undefined;
    }
  };
}

function toSignIn({ method, url }: FastifyRequest, reply: FastifyReply): undefined {
  const to = method === "GET" ? url : "/";
  goTo(reply, `/dashboard/sign-in?to=${encodeURIComponent(to)}`);
  return undefined;
}

// Signing in with GitHub's OAuth web application flow, and signing out.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type People, PersonRefused } from "../../../reconcile/ports/people.ts";
import { goTo, send } from "../answers.ts";
import { isFromHere, placeOf, textOf } from "../forms.ts";
import { cookie, cookieOf, isSame, noCookie } from "./cookies.ts";
import { type PendingSignIns, SIGN_IN_MS } from "./pending-sign-ins.ts";
import type { RememberedPermissions } from "./permissions.ts";
import { SESSION_MS, type Sessions } from "./sessions.ts";
import type { SignInBudget } from "./sign-in-budget.ts";
import { notSignedInPage, signInPage } from "./sign-in-page.ts";

export interface SignInParts {
  readonly people: People;
  readonly sessions: Sessions;
  readonly pending: PendingSignIns;
  readonly budget: SignInBudget;
  readonly permissions: RememberedPermissions;
  readonly log: { warn(about: object, message: string): void };
}

type Back = FastifyRequest<{ Querystring: { code?: unknown; state?: unknown; error?: unknown } }>;

export function addSignIn(app: FastifyInstance, parts: SignInParts): void {
  app.get<{ Querystring: { to?: unknown } }>("/dashboard/sign-in", async ({ query }, reply) =>
    send(reply, signInPage(placeOf(query.to))),
  );
  // A link instead of a form: the page's form-action policy would also apply to the redirects of GitHub's sign-in.
  app.get<{ Querystring: { to?: unknown } }>("/dashboard/sign-in/start", async ({ query }, reply) => {
    const { kept, state, challenge } = parts.pending.begin(placeOf(query.to));
    reply.header("set-cookie", cookie("sign-in", kept, SIGN_IN_MS));
    return goTo(reply, parts.people.signInUrl({ state, challenge }));
  });
  app.get("/dashboard/callback", (request: Back, reply) => comeBack(request, reply, parts));
  app.post("/dashboard/sign-out", async (request, reply) => {
    const id = cookieOf(request, "session");
    const session = isFromHere(request) ? await parts.sessions.find(id).catch(() => undefined) : undefined;
    const given = request.body instanceof URLSearchParams ? (request.body.get("form") ?? "") : "";
    if (id === undefined || !session || !isSame(given, session.formToken))
      return send(reply.code(403), notSignedInPage(ELSEWHERE));
    parts.permissions.forget(session);
    await parts.sessions.end(id);
    return goTo(reply.header("set-cookie", noCookie("session")), "/dashboard/sign-in");
  });
}

/**
 * GitHub's OAuth callback. The cookie ties `state` to this browser, and the PKCE verifier, which GitHub first sees now,
 * ties the code to this sign-in. Redeeming the code is rate limited.
 */
async function comeBack(request: Back, reply: FastifyReply, parts: SignInParts): Promise<FastifyReply> {
  const { query } = request;
  const pending = parts.pending.comeBack(cookieOf(request, "sign-in"), textOf(query.state));
  reply.header("set-cookie", noCookie("sign-in"));
  if (!pending) return send(reply.code(403), notSignedInPage(STRANGE));
  if (query.error !== undefined)
    return send(reply.code(403), notSignedInPage(`GitHub says: ${textOf(query.error).slice(0, 100)}.`));
  const waitMs = parts.budget.take(request.ip);
  if (waitMs !== undefined)
    return send(reply.code(429).header("retry-after", Math.ceil(waitMs / 1_000)), notSignedInPage(TOO_MANY));
  try {
    const token = await parts.people.redeem(textOf(query.code), pending.verifier);
    parts.budget.giveBack(request.ip);
    const login = await parts.people.login(token.token);
    const before = cookieOf(request, "session");
    if (before !== undefined) await parts.sessions.end(before);
    const id = await parts.sessions.begin(login, token);
    reply.header("set-cookie", cookie("session", id, SESSION_MS));
    return goTo(reply, placeOf(pending.to));
  } catch (error) {
    const because = error instanceof PersonRefused ? `GitHub refuses it: ${error.message}.` : SILENT;
    return send(reply.code(502), notSignedInPage(because));
  }
}

const ELSEWHERE = "That was not sent from a page of this dashboard.";
const STRANGE = "This browser did not ask for that sign-in, or it was used already.";
const TOO_MANY = "Too many sign-ins failed lately.";
const SILENT = "GitHub does not answer.";

// Signing in with GitHub's web application flow, and out again.

import { createHash, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type People, PersonRefused } from "../../../reconcile/ports/people.ts";
import { goTo, send } from "../answers.ts";
import { isFromHere, placeOf, textOf } from "../forms.ts";
import { cookie, cookieOf, isSame, noCookie } from "./cookies.ts";
import type { RememberedPermissions } from "./permissions.ts";
import { SESSION_MS, type Sessions } from "./sessions.ts";
import { notSignedInPage, signInPage } from "./sign-in-page.ts";

/** As long as GitHub's code lives. */
const SIGN_IN_MS = 10 * 60_000;

export interface SignInParts {
  readonly people: People;
  readonly sessions: Sessions;
  readonly permissions: RememberedPermissions;
  readonly log: { warn(about: object, message: string): void };
}

type Back = FastifyRequest<{ Querystring: { code?: unknown; state?: unknown; error?: unknown } }>;

export function addSignIn(app: FastifyInstance, parts: SignInParts): void {
  app.get<{ Querystring: { to?: unknown } }>("/dashboard/sign-in", async ({ query }, reply) =>
    send(reply, signInPage(placeOf(query.to))),
  );
  // A link and no form: the policy of a page binds a form to where GitHub's own sign-in leads it.
  app.get<{ Querystring: { to?: unknown } }>("/dashboard/sign-in/start", async ({ query }, reply) => {
    const [state, verifier] = [secret(), secret()];
    const pending = [state, verifier, Buffer.from(placeOf(query.to)).toString("base64url")].join(".");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    reply.header("set-cookie", cookie("sign-in", pending, SIGN_IN_MS));
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

/** The state counts for the browser that has its cookie, and the code for who has the verifier that was never sent. */
async function comeBack(request: Back, reply: FastifyReply, parts: SignInParts): Promise<FastifyReply> {
  const { query } = request;
  const [state = "", verifier = "", to = ""] = (cookieOf(request, "sign-in") ?? "").split(".");
  reply.header("set-cookie", noCookie("sign-in"));
  if (state === "" || !isSame(textOf(query.state), state))
    return send(reply.code(403), notSignedInPage(STRANGE));
  if (query.error !== undefined)
    return send(reply.code(403), notSignedInPage(`GitHub says: ${textOf(query.error).slice(0, 100)}.`));
  try {
    const token = await parts.people.redeem(textOf(query.code), verifier);
    const login = await parts.people.login(token.token);
    const before = cookieOf(request, "session");
    if (before !== undefined) await parts.sessions.end(before);
    const id = await parts.sessions.begin(login, token);
    reply.header("set-cookie", cookie("session", id, SESSION_MS));
    return goTo(reply, placeOf(Buffer.from(to, "base64url").toString()));
  } catch (error) {
    const because = error instanceof PersonRefused ? `GitHub refuses it: ${error.message}.` : SILENT;
    return send(reply.code(502), notSignedInPage(because));
  }
}

const ELSEWHERE = "That was not sent from a page of this dashboard.";
const STRANGE = "This browser did not ask for that sign-in, or it was used already.";
const SILENT = "GitHub does not answer.";

function secret(): string {
  return randomBytes(32).toString("base64url");
}

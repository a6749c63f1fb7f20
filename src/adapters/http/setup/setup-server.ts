// The server while no GitHub App is configured: a page that creates one, and a problem that says so for all other
// requests.

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Problem, Result } from "../../../domain/model/problem.ts";
import { refuse } from "../problem-reply.ts";
import { manifestOf, newAppPage, readForm, type SetUpForm } from "./form.ts";
import { donePage, formPage, type MadeApp, manifestPage, refusedPage, type ShownForm } from "./pages.ts";
import { SetUpSession } from "./session.ts";

export interface SetUpPorts {
  /** Contents of app.yml: the App's permissions and events. */
  readonly rights: object;
  /** Initial values of the form. */
  readonly shown: ShownForm;
  /** The host of a GitHub for which plain http is allowed. */
  readonly plainHost?: string;
  /** Exchanges GitHub's code for the App and stores it durably; after that this server handles nothing more. */
  readonly make: (code: string, form: SetUpForm) => Promise<Result<MadeApp>>;
  /** There is a new token: at the start, and after one was used. */
  readonly onToken: (token: string) => void;
  /** The page that confirms the App's creation is being sent. */
  readonly onMade: () => void;
}

const COOKIE = "chart-promoter-setup";
const MOST_BYTES = 16 * 1024;

type Page = FastifyRequest<{ Querystring: { token?: unknown; code?: unknown; state?: unknown } }>;

export async function createSetUpServer(ports: SetUpPorts): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: MOST_BYTES, forceCloseConnections: true });
  const session = new SetUpSession<SetUpForm & { readonly redirectUrl: string }>();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.decorateReply("refusal", null);
  app.setNotFoundHandler((_request, reply) => refuse(reply, [NOT_SET_UP]));
  app.setErrorHandler((_error, _request, reply) => html(reply.code(400), refusedPage([NOT_A_FORM])));
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/setup", async (request: Page, reply) => enter(request, reply, { session, ports }));
  app.post("/setup", async (request, reply) => {
    const origin = originOf(request);
    if (origin === undefined || !session.has(cookieOf(request))) return strange(reply);
    const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const form = readForm(fields, ports.plainHost);
    if (!form.ok) return html(reply.code(400), formPage(Object.fromEntries(fields), form.problems));
    const redirectUrl = `${origin}/setup/callback`;
    const action = newAppPage(form.value, session.ask({ ...form.value, redirectUrl }));
    return html(
      reply,
      manifestPage(action, manifestOf(form.value, ports.rights, redirectUrl), form.value),
      action,
    );
  });
  app.get("/setup/callback", async (request: Page, reply) => {
    const { code, state } = request.query;
    const remembered = session.has(cookieOf(request)) ? session.take(textOf(state)) : undefined;
    if (!remembered) return strange(reply);
    const made = await ports.make(textOf(code), remembered);
    if (!made.ok) return html(reply.code(502), refusedPage(made.problems));
    reply.raw.once("finish", ports.onMade);
    return html(reply, donePage(made.value));
  });
  ports.onToken(session.token);
  await app.ready();
  return app;
}

interface Entering {
  readonly session: SetUpSession<unknown>;
  readonly ports: SetUpPorts;
}

/** Redirects to the same page without the token, so that it is in no browser history and no proxy log. */
function enter(request: Page, reply: FastifyReply, { session, ports }: Entering): FastifyReply {
  const { token } = request.query;
  if (token === undefined)
    return session.has(cookieOf(request)) ? html(reply, formPage(ports.shown)) : strange(reply);
  const cookie = session.enter(textOf(token));
  if (cookie === undefined) return strange(reply);
  ports.onToken(session.token);
  return reply
    .header("set-cookie", `${COOKIE}=${cookie}; Path=/setup; HttpOnly; SameSite=Lax`)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .redirect("/setup", 303);
}

/** Origin of the form according to the browser: must be this server, with the scheme that people use. */
function originOf({ headers }: FastifyRequest): string | undefined {
  const origin = URL.parse(headers.origin ?? "");
  return origin && /^https?:$/.test(origin.protocol) && origin.host === headers.host
    ? origin.origin
    : undefined;
}

function cookieOf({ headers }: FastifyRequest): string | undefined {
  const cookies = (headers.cookie ?? "").split(/; */).map((one) => one.split("="));
  return cookies.find(([name]) => name === COOKIE)?.[1];
}

/** A query parameter may occur twice, and is then a list. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function strange(reply: FastifyReply): FastifyReply {
  return html(reply.code(403), refusedPage([STRANGER]));
}

/** `action`: a further URL to which the page's form may be sent. */
function html(reply: FastifyReply, page: string, action?: string): FastifyReply {
  const formAction = action === undefined ? "'self'" : `'self' ${new URL(action).origin}`;
  return reply
    .header("content-type", "text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .header("referrer-policy", "strict-origin-when-cross-origin")
    .header("x-content-type-options", "nosniff")
    .header(
      "content-security-policy",
      `default-src 'none'; style-src 'unsafe-inline'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    )
    .send(page);
}

const NOT_SET_UP: Problem = {
  code: "unavailable",
  message: "No GitHub App is configured yet.",
  help: "Open the link that the server printed into its log, or set APP_ID, PRIVATE_KEY_PATH and WEBHOOK_SECRET.",
};

const STRANGER: Problem = {
  code: "forbidden",
  message: "This browser may not set the App up, or what it brings was used already.",
  help: "Open the newest link in the server's log; each counts once.",
};

const NOT_A_FORM: Problem = {
  code: "malformed",
  message: "That is not what the page's form sends.",
  help: "Go back to the page and send it from there.",
};

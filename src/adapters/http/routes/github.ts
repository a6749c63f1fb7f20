// POST /api/github/webhooks: verified here, handled by Probot or, if large, in a worker thread, and answered once the
// event is stored.

import { createHmac } from "node:crypto";
import { type IncomingMessage, ServerResponse } from "node:http";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Problem } from "../../../domain/model/problem.ts";
import { type Secret, secretsOf } from "../../../domain/model/secret/secret.ts";
import { type Call, header } from "../../../intake/call.ts";
import { isSignedByOneOf } from "../../../intake/caller/secret.ts";
import { takeJson, toCall } from "../bodies.ts";
import { BodyBudget } from "../body-budget.ts";
import { WEBHOOKS } from "../contract/routes.ts";
import type { Metrics } from "../metrics.ts";
import { refuse } from "../problem-reply.ts";

/** As returned by Probot's `createNodeMiddleware` for this path; its result is awaited. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse) => unknown;

type Outcome = "stored" | "malformed" | "failed";

export interface GitHubRoutePorts {
  readonly github: NodeMiddleware;
  /** Handles webhooks that are too large for Probot, which parses on the main thread. */
  readonly onLargeWebhook: (webhook: LargeWebhook) => Promise<Outcome>;
  readonly webhookSecret: Secret;
  /** The secret with which `github` verifies deliveries. */
  readonly signWith: string;
  readonly metrics: Metrics;
  readonly webhooks: WebhookCount;
}

export interface LargeWebhook {
  /** X-GitHub-Delivery. */
  readonly id: string;
  /** X-GitHub-Event. */
  readonly name: string;
  readonly body: Uint8Array;
}

/** Notified of each delivery. */
export interface WebhookCount {
  taken(): void;
  refused(): void;
}

/** GitHub sends no larger payload: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const PAYLOAD_LIMIT = 25 * 2 ** 20;
/** Bytes of all payloads in progress; each is in memory until its signature is verified. */
const IN_FLIGHT = 64 * 2 ** 20;
/** Larger payloads are not parsed on the main thread. Most have some kilobytes. */
const LARGE = 256 * 2 ** 10;

/** Verifies the signature before Probot sees the delivery, because Probot logs a whole payload that it rejects. */
export async function addGitHubRoute(app: FastifyInstance, ports: GitHubRoutePorts): Promise<void> {
  takeJson(app, new BodyBudget(IN_FLIGHT));
  const unsigned = (reply: FastifyReply) => {
    count("signature", ports);
    return refuse(reply, [BAD_SIGNATURE]);
  };
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) =>
    signatureOf(request) === undefined ? unsigned(reply) : undefined;
  const options = { bodyLimit: PAYLOAD_LIMIT, onRequest, schema: WEBHOOKS };
  app.post("/api/github/webhooks", options, async (request, reply) => {
    const call = toCall(request);
    const signed = { algorithm: "sha256", bytes: call.body } as const;
    const secrets = secretsOf(ports.webhookSecret).map((secret) => Buffer.from(secret));
    if (!(await isSignedByOneOf(secrets, signatureOf(call) ?? "", signed))) return unsigned(reply);
    const outcome = await take(request, ports);
    count(outcome === "stored" ? "taken" : "error", ports);
    return answer(reply, outcome);
  });
}

/** The names of https://docs.github.com/en/webhooks/webhook-events-and-payloads, and of those to come. */
const EVENT_NAME = /^(?!constructor$)[a-z][a-z_]{0,99}$/;

async function take(request: FastifyRequest, ports: GitHubRoutePorts): Promise<Outcome> {
  const { headers, body } = toCall(request);
  const [id, name] = [header({ headers }, "x-github-delivery"), header({ headers }, "x-github-event")];
  if (!id || !name || !EVENT_NAME.test(name)) return "malformed";
  ports.metrics.countWebhook(name);
  return body.length > LARGE ? ports.onLargeWebhook({ id, name, body }) : handle(request, ports);
}

/** The hex digits; `undefined` for a malformed signature. */
function signatureOf(call: Pick<Call, "headers">): string | undefined {
  return /^sha256=([0-9a-f]{64})$/.exec(header(call, "x-hub-signature-256") ?? "")?.[1];
}

/** Probot verifies again, but knows only one secret: the first one at the start of the server. */
function signAnew(raw: IncomingMessage, body: Buffer, secret: string): void {
  const digest = createHmac("sha256", secret).update(body).digest("hex");
  raw.headers["x-hub-signature-256"] = `sha256=${digest}`;
}

function count(
  outcome: "taken" | "signature" | "error",
  { webhooks, metrics }: Pick<GitHubRoutePorts, "webhooks" | "metrics">,
): void {
  if (outcome === "taken") webhooks.taken();
  else {
    webhooks.refused();
    metrics.countRefusedWebhook(outcome);
  }
}

/** Probot writes to a dummy response, so that the real response stays under this server's control. */
async function handle(
  request: FastifyRequest,
  { github, signWith }: Pick<GitHubRoutePorts, "github" | "signWith">,
): Promise<Outcome> {
  const { raw } = request;
  const { body } = toCall(request);
  signAnew(raw, body, signWith);
  const response = new ServerResponse(raw);
  await github(Object.assign(raw, { body: body.toString("utf8") }), response);
  const { statusCode } = response;
  if (statusCode === 200) return "stored";
  // Probot's 202 means that it stopped waiting, not that the event is stored; its 500 that a handler failed, or Probot itself.
  return (statusCode === 202 || statusCode >= 500) && isReadable(body) ? "failed" : "malformed";
}

/** Whether Probot can read a payload of valid JSON: a map, with a number as `installation.id` where there is one. */
function isReadable(body: Buffer): boolean {
  const payload: { readonly installation?: { readonly id?: unknown } | null } | null = JSON.parse(
    body.toString("utf8"),
  );
  if (typeof payload !== "object" || payload === null) return false;
  const id = payload.installation?.id ?? 0;
  return typeof id === "number";
}

function answer(reply: FastifyReply, outcome: Outcome): FastifyReply {
  if (outcome === "stored") return reply.code(202).send({ stored: true });
  return refuse(reply, [outcome === "failed" ? NOT_STORED : NOT_A_DELIVERY]);
}

const BAD_SIGNATURE: Problem = {
  code: "unauthorized",
  message: "The delivery is not signed with this App's webhook secret.",
  help: "Set the same secret in the App's settings on GitHub and in WEBHOOK_SECRET.",
};

const NOT_STORED: Problem = {
  code: "unavailable",
  message: "The delivery could not be stored.",
  help: "Redeliver it from the App's settings; what it told is also found by the next sync.",
};

const NOT_A_DELIVERY: Problem = {
  code: "malformed",
  message:
    "This is not a delivery of GitHub's webhook: a header is missing, or the payload is not what it says.",
  help: "Send X-GitHub-Event, X-GitHub-Delivery and a JSON payload.",
};

// POST /api/github/webhooks: checked here, handled by Probot, answered when its handlers have stored what they must.

import { type IncomingMessage, ServerResponse } from "node:http";

import type { FastifyInstance, FastifyReply } from "fastify";

import { header } from "../inbox/call.ts";
import { isSignedBy } from "../inbox/secret.ts";
import type { Problem } from "../model/problem.ts";
import { takeJsonBytes, toCall } from "./json-body.ts";
import type { Metrics } from "./metrics.ts";
import { refuse } from "./problem-reply.ts";

/** Probot's `createNodeMiddleware` for this path makes one; what it returns is awaited. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface GitHubRoutePorts {
  readonly github: NodeMiddleware;
  readonly webhookSecret: string;
  readonly metrics: Metrics;
}

/** GitHub sends no larger payload: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const PAYLOAD_LIMIT = 25 * 2 ** 20;

/** The signature is checked before Probot sees the delivery, because Probot logs a whole payload that it cannot trust. */
export async function addGitHubRoute(app: FastifyInstance, ports: GitHubRoutePorts): Promise<void> {
  takeJsonBytes(app);
  app.post("/api/github/webhooks", { bodyLimit: PAYLOAD_LIMIT }, async (request, reply) => {
    const call = toCall(request);
    const signature = header(call, "x-hub-signature-256") ?? "";
    const signed = { algorithm: "sha256", bytes: call.body } as const;
    const isSigned =
      signature.startsWith("sha256=") &&
      isSignedBy(Buffer.from(ports.webhookSecret), signature.slice("sha256=".length), signed);
    if (!isSigned) return refuse(reply, [BAD_SIGNATURE]);
    ports.metrics.countWebhook(header(call, "x-github-event") ?? "none");
    return answer(reply, await handle(request.raw, call.body, ports.github));
  });
}

/** Probot's own status. It answers to a response of its own, which goes nowhere, so that its words stay ours to choose. */
async function handle(raw: IncomingMessage, body: Buffer, github: NodeMiddleware): Promise<number> {
  const response = new ServerResponse(raw);
  await github(Object.assign(raw, { body: body.toString("utf8") }), response);
  return response.statusCode;
}

/** Probot's 202 means that it stopped waiting, not that anything is stored; its 500 that a handler failed. */
function answer(reply: FastifyReply, status: number): FastifyReply {
  if (status === 200) return reply.code(202).send({ stored: true });
  return refuse(reply, [status === 202 || status >= 500 ? NOT_STORED : NOT_A_DELIVERY]);
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

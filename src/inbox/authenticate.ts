// Who is calling: a publisher or a deployer by HTTP Basic, a publisher also by a Standard Webhooks signature.

import { randomUUID } from "node:crypto";

import { Webhook, WebhookVerificationError } from "standardwebhooks";

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { secretBytes } from "../model/secret-bytes.ts";
import type { Publisher } from "../model/settings.ts";
import { parseBasic } from "./basic.ts";
import { type Call, header } from "./call.ts";
import { isSameText } from "./secret.ts";

export interface Caller {
  readonly publisher: Publisher;
  /** The signed `webhook-id`, the same for every try of one message; absent with HTTP Basic. */
  readonly webhookId?: string;
}

const ID_LENGTH = 256;

/** Stands in for an unknown publisher, so that it is refused in the same words and as late as a known one. */
const NOBODY: Publisher = { name: "", secret: randomUUID(), repository: "", charts: [] };

/** Standard Webhooks when `X-Publisher` is there, else HTTP Basic. Which of name and secret was wrong is not told. */
export function authenticatePublisher(call: Call, publishers: readonly Publisher[]): Result<Caller> {
  const name = header(call, "x-publisher");
  if (name === undefined) {
    const publisher = authenticateBasic(call, publishers);
    return publisher.ok ? ok({ publisher: publisher.value }) : publisher;
  }
  return verifySignature(call, publishers.find((one) => one.name === name) ?? NOBODY);
}

/** The one whose name and secret the call carries as HTTP Basic. */
export function authenticateBasic<Named extends { readonly name: string; readonly secret: string }>(
  call: Pick<Call, "headers">,
  known: readonly Named[],
): Result<Named> {
  const credentials = parseBasic(header(call, "authorization"));
  if (credentials === undefined) return fail(NO_CREDENTIALS);
  const named = known.find(({ name }) => name === credentials.name);
  const isRight = isSameText(credentials.secret, named?.secret ?? "");
  return named !== undefined && isRight ? ok(named) : fail(WRONG_CREDENTIALS);
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function verifySignature(call: Call, publisher: Publisher): Result<Caller> {
  const webhookId = header(call, "webhook-id") ?? "";
  if (webhookId.length > ID_LENGTH) return fail(badSignature(`webhook-id is longer than ${ID_LENGTH}`));
  try {
    new Webhook(secretBytes(publisher.secret), { format: "raw" }).verify(
      call.body,
      {
        "webhook-id": webhookId,
        "webhook-timestamp": header(call, "webhook-timestamp") ?? "",
        "webhook-signature": header(call, "webhook-signature") ?? "",
      },
      { jsonParse: false },
    );
    return ok({ publisher, webhookId });
  } catch (error) {
    if (error instanceof WebhookVerificationError) return fail(badSignature(error.message));
    throw error;
  }
}

function badSignature(why: string): Problem {
  return {
    code: "unauthorized",
    message: `The signature was not accepted: ${why}.`,
    help: "Sign `<webhook-id>.<webhook-timestamp>.<body>` with the publisher's secret, as Standard Webhooks says, and send it within five minutes.",
  };
}

const NO_CREDENTIALS: Problem = {
  code: "unauthorized",
  message: "The call carries no credentials.",
  help: "Send HTTP Basic `name:secret` with a name and its secret from server.yaml.",
};

const WRONG_CREDENTIALS: Problem = {
  code: "unauthorized",
  message: "No one with this name and secret may make this call.",
  help: "Check the name and the secret against server.yaml; publishers announce publishes, deployers report deployments.",
};

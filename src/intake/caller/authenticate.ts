// Authentication of the caller: a publisher or deployer by HTTP Basic, a publisher also by a Standard Webhooks
// signature.

import { randomUUID } from "node:crypto";

import { Webhook, WebhookVerificationError } from "standardwebhooks";
import type { Publisher } from "../../domain/model/config/settings.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { type Secret, secretsOf } from "../../domain/model/secret/secret.ts";
import { secretBytes } from "../../domain/model/secret/secret-bytes.ts";
import { type Call, header } from "../call.ts";
import { parseBasic } from "./basic.ts";
import { isSecret } from "./secret.ts";
import { authenticateToken, type GivenToken, type TokenCheck, tokenOf } from "./token.ts";

export interface Caller {
  readonly publisher: Publisher;
  /** The signed `webhook-id`, the same for every retry of one message; absent with HTTP Basic. */
  readonly webhookId?: string;
}

const ID_LENGTH = 256;

/** Used for an unknown publisher, so that the refusal has the same text and timing as for a known one. */
const NOBODY: Publisher = { name: "", secret: randomUUID(), repository: "", charts: [] };

export interface PublisherPorts {
  readonly publishers: readonly Publisher[];
  readonly checkToken: TokenCheck;
}

/** By secret (see below), or else by a token if the call has one. */
export async function authenticatePublisher(call: Call, ports: PublisherPorts): Promise<Result<Caller>> {
  const bySecret = authenticateBySecret(call, ports.publishers);
  const token = bySecret.ok ? undefined : tokenFor(call, ports.publishers);
  if (token === undefined) return bySecret;
  const publisher = await authenticateToken(token, ports.publishers, ports.checkToken);
  return publisher.ok ? ok({ publisher: publisher.value }) : publisher;
}

/** A secret may look like a token: it counts as one only if a publisher that it may be for has `oidc` configured. */
function tokenFor(call: Pick<Call, "headers">, publishers: readonly Publisher[]): GivenToken | undefined {
  const token = tokenOf(call);
  const isExpected = publishers.some(
    ({ name, oidc }) => oidc !== undefined && (token?.publisher === undefined || token.publisher === name),
  );
  return isExpected ? token : undefined;
}

/** The answer does not say whether the name or the secret was wrong. */
export function authenticateBySecret(call: Call, publishers: readonly Publisher[]): Result<Caller> {
  const name = header(call, "x-publisher");
  if (name === undefined) {
    const publisher = authenticateBasic(call, publishers);
    return publisher.ok ? ok({ publisher: publisher.value }) : publisher;
  }
  return verifySignature(call, publishers.find((one) => one.name === name) ?? NOBODY);
}

/** Authentication before the body has arrived: `ok` for a signature, which covers the body and is verified later. */
export async function admitPublisher(
  call: Pick<Call, "headers">,
  { publishers, checkToken }: PublisherPorts,
): Promise<Result<unknown>> {
  const basic = authenticateBasic(call, publishers);
  if (basic.ok) return basic;
  const token = tokenFor(call, publishers);
  if (token !== undefined) return authenticateToken(token, publishers, checkToken);
  return header(call, "x-publisher") === undefined ? basic : ok(undefined);
}

/** The caller whose name and secret are in the HTTP Basic header. */
export function authenticateBasic<Named extends { readonly name: string; readonly secret?: Secret }>(
  call: Pick<Call, "headers">,
  known: readonly Named[],
): Result<Named> {
  const credentials = parseBasic(header(call, "authorization"));
  if (credentials === undefined) return fail(NO_CREDENTIALS);
  const named = known.find(({ name }) => name === credentials.name);
  const isRight = isSecret(credentials.secret, named?.secret ?? NOBODY.secret);
  return named !== undefined && isRight ? ok(named) : fail(WRONG_CREDENTIALS);
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export function verifySignature(call: Call, publisher: Publisher): Result<Caller> {
  const webhookId = header(call, "webhook-id") ?? "";
  if (webhookId.length > ID_LENGTH) return fail(badSignature(`webhook-id is longer than ${ID_LENGTH}`));
  const refusals = secretsOf(publisher.secret).map((secret) => refusalOf(call, secret));
  return refusals.includes(undefined)
    ? ok({ publisher, webhookId })
    : fail(badSignature(refusals.at(0) ?? "No matching signature found"));
}

/** Why the signature does not match this secret; `undefined` when it does. */
function refusalOf(call: Call, secret: string): string | undefined {
  try {
    new Webhook(secretBytes(secret), { format: "raw" }).verify(
      call.body,
      {
        "webhook-id": header(call, "webhook-id") ?? "",
        "webhook-timestamp": header(call, "webhook-timestamp") ?? "",
        "webhook-signature": header(call, "webhook-signature") ?? "",
      },
      { jsonParse: false },
    );
    return undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
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

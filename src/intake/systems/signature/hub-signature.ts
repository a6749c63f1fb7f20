// Signatures of Git hosts: hex HMAC-SHA256 of the body, with or without the algorithm's name as a prefix.

import type { Publisher } from "../../../domain/model/config/settings.ts";
import { type Call, header } from "../../call.ts";
import { isSignedWith } from "../../caller/secret.ts";

/** Whether `X-Hub-Signature-256: sha256=…` was made with the publisher's secret. */
export function hasHubSignature(call: Call, publisher: Publisher): boolean {
  const signature = /^sha256=(.*)$/.exec(header(call, "x-hub-signature-256") ?? "")?.[1];
  return signature !== undefined && isSignature(signature, call, publisher);
}

/** Whether the header `name` has the signature without a prefix. */
export function hasSignatureIn(name: string, call: Call, publisher: Publisher): boolean {
  const signature = header(call, name);
  return signature !== undefined && isSignature(signature, call, publisher);
}

function isSignature(signature: string, { body }: Call, { secret }: Publisher): boolean {
  return isSignedWith(secret, signature, { algorithm: "sha256", bytes: body });
}

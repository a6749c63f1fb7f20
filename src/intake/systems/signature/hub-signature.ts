// Signatures of Git hosts: HMAC-SHA256 of the body in hex, with or without the name of the algorithm in front.

import type { Publisher } from "../../../domain/model/config/settings.ts";
import { type Call, header } from "../../call.ts";
import { isSignedWith } from "../../caller/secret.ts";

/** Whether `X-Hub-Signature-256: sha256=…` is of the publisher's secret. */
export function hasHubSignature(call: Call, publisher: Publisher): boolean {
  const signature = /^sha256=(.*)$/.exec(header(call, "x-hub-signature-256") ?? "")?.[1];
  return signature !== undefined && isSignature(signature, call, publisher);
}

/** Whether the header `name` holds the bare digits. */
export function hasSignatureIn(name: string, call: Call, publisher: Publisher): boolean {
  const signature = header(call, name);
  return signature !== undefined && isSignature(signature, call, publisher);
}

function isSignature(signature: string, { body }: Call, { secret }: Publisher): boolean {
  return isSignedWith(secret, signature, { algorithm: "sha256", bytes: body });
}

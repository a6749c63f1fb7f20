// Authentication for systems that sign nothing: a fixed Authorization header, or only the URL.

import type { Publisher } from "../../../domain/model/config/settings.ts";
import { type Call, header } from "../../call.ts";
import { parseBasic } from "../../caller/basic.ts";
import { isSecret } from "../../caller/secret.ts";

/** The secret itself, after `Bearer`, or as the password of HTTP Basic with the publisher's name. */
export function carriesSecret(call: Call, { name, secret }: Publisher): boolean {
  const authorization = header(call, "authorization") ?? "";
  const basic = parseBasic(authorization);
  if (basic?.name === name) return isSecret(basic.secret, secret);
  return isSecret(authorization.replace(/^Bearer +/i, ""), secret);
}

/**
 * As above (HTTP clients turn `https://NAME:SECRET@host` into a Basic header), or the secret as `?token=` of the URL.
 */
export function isCalledWithSecret(call: Call, publisher: Publisher): boolean {
  const { token } = call;
  return carriesSecret(call, publisher) || (token !== undefined && isSecret(token, publisher.secret));
}

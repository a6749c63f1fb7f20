// For systems that send a fixed Authorization header and sign nothing.

import type { Publisher } from "../../model/settings.ts";
import { parseBasic } from "../basic.ts";
import { type Call, header } from "../call.ts";
import { isSameText } from "../secret.ts";

/** The secret as it is, after `Bearer`, or as the password of HTTP Basic with the publisher's name. */
export function carriesSecret(call: Call, { name, secret }: Publisher): boolean {
  const authorization = header(call, "authorization") ?? "";
  const basic = parseBasic(authorization);
  if (basic?.name === name) return isSameText(basic.secret, secret);
  return isSameText(authorization.replace(/^Bearer +/i, ""), secret);
}

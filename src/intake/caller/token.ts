// Publishers that authenticate with an OpenID Connect token of their platform, so that no secret has to be shared.

import { matchesGlob } from "../../domain/model/config/glob.ts";
import type { Publisher, TokenRule } from "../../domain/model/config/settings.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { type Call, header } from "../call.ts";
import { parseBasic } from "./basic.ts";

/** Whether the token was signed by this issuer for this audience, and has not expired. */
export type TokenCheck = (
  token: string,
  rule: Pick<TokenRule, "issuer" | "audience">,
) => Promise<
  | { readonly kind: "verified"; readonly claims: { readonly [name: string]: unknown } }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "unreachable"; readonly because: string }
>;

export interface GivenToken {
  readonly token: string;
  /** The publisher named in the call, if any. */
  readonly publisher?: string;
}

/** Three parts of base64url. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** `Authorization: Bearer TOKEN`, with or without `X-Publisher`; or the token as the password of HTTP Basic. */
export function tokenOf(call: Pick<Call, "headers">): GivenToken | undefined {
  const authorization = header(call, "authorization") ?? "";
  const basic = parseBasic(authorization);
  if (basic !== undefined)
    return JWT.test(basic.secret) ? { token: basic.secret, publisher: basic.name } : undefined;
  const token = /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
  const publisher = header(call, "x-publisher");
  return JWT.test(token) ? { token, ...(publisher !== undefined && { publisher }) } : undefined;
}

/** The one publisher whose rule the token satisfies. */
export async function authenticateToken(
  given: GivenToken,
  publishers: readonly Publisher[],
  check: TokenCheck,
): Promise<Result<Publisher>> {
  const candidates = publishers.filter(
    ({ name }) => given.publisher === undefined || given.publisher === name,
  );
  const found: Publisher[] = [];
  let refusal: Problem = UNKNOWN_ISSUER;
  for (const publisher of candidates) {
    const rule = publisher.oidc;
    if (rule === undefined || rule.issuer !== issuerOf(given.token)) continue;
    const checked = await check(given.token, rule);
    if (checked.kind === "verified" && isMetBy(rule, checked.claims)) found.push(publisher);
    else refusal = refusalOf(checked, refusal);
  }
  const [publisher, another] = found;
  if (publisher === undefined) return fail(refusal);
  return another === undefined ? ok(publisher) : fail(ambiguous(found));
}

/**
 * Every claim of the rule is present and matches one of its globs; if the token has a list, one member has to match.
 */
function isMetBy({ claims }: TokenRule, given: { readonly [name: string]: unknown }): boolean {
  return Object.entries(claims).every(([name, globs]) =>
    [given[name]]
      .flat()
      .some((value) => isPlain(value) && globs.some((glob) => matchesGlob(glob, String(value)))),
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Unverified: only selects the issuer whose keys are tried. */
function issuerOf(token: string): unknown {
  try {
    return Object(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")))["iss"];
  } catch {
    return undefined;
  }
}

function refusalOf(checked: Awaited<ReturnType<TokenCheck>>, known: Problem): Problem {
  switch (checked.kind) {
    case "unreachable":
      return {
        code: "unavailable",
        message: `The token cannot be checked now: its issuer does not answer as it should (${checked.because}).`,
        help: "Send it again after Retry-After.",
      };
    case "refused":
      return known.code === "unavailable"
        ? known
        : {
            code: "unauthorized",
            message: `The token was not accepted: ${checked.because}.`,
            help: "Ask the platform for a token with the audience that server.yaml names, and send it before it ends.",
          };
    case "verified":
      return known.code === "unavailable" ? known : OTHER_CLAIMS;
  }
}

const UNKNOWN_ISSUER: Problem = {
  code: "unauthorized",
  message: "No publisher is let in by a token of this issuer.",
  help: "Have the operator give the publisher an `oidc` with this issuer in server.yaml, or send HTTP Basic `name:secret`.",
};

const OTHER_CLAIMS: Problem = {
  code: "unauthorized",
  message: "The token is right, but its claims are not those of a publisher.",
  help: "Compare the token's claims with `oidc.claims` of the publisher in server.yaml.",
};

function ambiguous(publishers: readonly Publisher[]): Problem {
  return {
    code: "unauthorized",
    message: `The token is good for several publishers: ${publishers.map(({ name }) => name).join(", ")}.`,
    help: "Name the one that is meant in the header X-Publisher.",
  };
}

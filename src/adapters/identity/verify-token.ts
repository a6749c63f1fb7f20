// Verifies OpenID Connect tokens (RFC 7519, RFC 7515): issuer, audience, expiry.

import type { JWTPayload } from "jose";
import type { TokenCheck } from "../../intake/caller/token.ts";
import { IssuerKeys, IssuerUnreachable } from "./issuer-keys.ts";

/** Asymmetric algorithms only: a signature with a shared secret proves nothing about the issuer. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const CLOCKS_DIFFER_SECONDS = 60;

export function tokenVerifier(clock: () => Date): TokenCheck {
  const issuers = new IssuerKeys(() => clock().getTime());
  return async (token, { issuer, audience }) => {
    // Loaded with the first token: most publishers have a secret.
    const { errors, jwtVerify } = await import("jose");
    const verified = async (which: "kept" | "anew"): Promise<JWTPayload> => {
      const keys = await issuers.of(issuer, which);
      const options = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ["exp"] };
      const { payload } = await jwtVerify(token, keys, {
        ...options,
        currentDate: clock(),
        clockTolerance: CLOCKS_DIFFER_SECONDS,
      });
      return payload;
    };
    /** Issuers rotate their keys: an unknown one may be new. */
    const whereNoKeyMatches = (error: unknown): Promise<JWTPayload> => {
      if (error instanceof errors.JWKSNoMatchingKey) return verified("anew");
      throw error;
    };
    try {
      return { kind: "verified", claims: await verified("kept").catch(whereNoKeyMatches) };
    } catch (error) {
      if (error instanceof IssuerUnreachable) return { kind: "unreachable", because: error.message };
      if (error instanceof errors.JOSEError) return { kind: "refused", because: error.message };
      throw error;
    }
  };
}

// Shared secrets that can be rotated without a moment at which either side is rejected.

/** Several during a rotation: any of them verifies, the first one signs. */
export type Secret = string | readonly [string, ...string[]];

export function secretsOf(secret: Secret | undefined): readonly string[] {
  return [secret ?? []].flat();
}

export function signingSecret(secret: Secret): string {
  return typeof secret === "string" ? secret : secret[0];
}

/** A text with several lines, such as a mounted file, has one secret per line; empty lines are ignored. */
export function parseSecret(written: string | readonly string[]): Secret {
  const lines = [written].flat().flatMap((text) => text.split(/\r?\n/).filter((line) => line !== ""));
  const [first = "", ...rest] = lines;
  return rest.length === 0 ? first : [first, ...rest];
}

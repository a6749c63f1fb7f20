// Shared secrets, which are changed over without a moment at which either side is refused.

/** One, or several while it is changed over: any of them verifies, the first signs. */
export type Secret = string | readonly [string, ...string[]];

export function secretsOf(secret: Secret | undefined): readonly string[] {
  return [secret ?? []].flat();
}

export function signingSecret(secret: Secret): string {
  return typeof secret === "string" ? secret : secret[0];
}

/** Texts of several lines, such as those of mounted files, hold a secret in each; empty lines hold none. */
export function parseSecret(written: string | readonly string[]): Secret {
  const lines = [written].flat().flatMap((text) => text.split(/\r?\n/).filter((line) => line !== ""));
  const [first = "", ...rest] = lines;
  return rest.length === 0 ? first : [first, ...rest];
}

// Removes secrets from a text, in whatever form they appear.

import { codeElement, text as escaped } from "../markdown/escape.ts";
import { SHORTEST_SECRET } from "./secrets.ts";

export const HIDDEN = "••••••";

/** `user:password@` in any URL. */
const IN_ADDRESS = /(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'`<>]{1,300}@(?=[^\s/?#"'`<>@])/gi;

/**
 * Replaces each of these secrets, also in base64 (alone or within more), percent-encoded, quoted, escaped, or truncated
 * with an ellipsis; and the login in any URL. Short secrets are replaced only as whole words. Linear in the text's
 * length.
 */
export function secretHider(secrets: ReadonlySet<string>): (text: string) => string {
  const byStart = startsOf(secrets);
  return (text) => withoutLogins(withoutSecrets(text, byStart));
}

/** A user name alone is not a credential: `ssh://git@example.com`. */
function withoutLogins(text: string): string {
  return text.replace(IN_ADDRESS, (login) => (login.includes(":") ? `${HIDDEN}@` : login));
}

/** One written form of a secret. */
interface Form {
  readonly text: string;
  /** Whether it is replaced even inside of a longer word. */
  readonly anywhere: boolean;
}

type ByStart = ReadonlyMap<string, readonly Form[]>;

/** By their first characters, longest first. */
function startsOf(secrets: ReadonlySet<string>): ByStart {
  const forms = new Map([...secrets].flatMap(formsOf).map((form) => [form.text, form]));
  const longestFirst = [...forms.values()]
    .filter(({ text }) => text.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.text.length - a.text.length);
  return Map.groupBy(longestFirst, ({ text }) => text.slice(0, SHORTEST_SECRET));
}

/** From this length on it is replaced even inside of a longer word. */
const LONG = 16;

function formsOf(secret: string): readonly Form[] {
  const written = [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "''"),
    escaped(secret).replace(/^`+|(?<!`)`+$/g, ""),
    codeElement(secret).slice("<code>".length, -"</code>".length),
  ];
  return [...inBase64(secret), ...written.map((text) => ({ text, anywhere: text.length >= LONG }))];
}

/** Three forms, by the number of bytes before it modulo three. */
function inBase64(secret: string): readonly Form[] {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join("");
  const within = [0, 1, 2].map((before) => {
    const encoded = btoa("\0".repeat(before) + bytes);
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [btoa(bytes), ...within.filter((text) => text.length >= 8)].map((text) => ({
    text,
    anywhere: true,
  }));
}

function withoutSecrets(text: string, byStart: ByStart): string {
  if (byStart.size === 0) return text;
  const kept: string[] = [];
  let from = 0;
  for (let at = 0; at + SHORTEST_SECRET <= text.length; at += 1) {
    const candidates = byStart.get(text.slice(at, at + SHORTEST_SECRET)) ?? [];
    const length = candidates.length === 0 ? 0 : lengthOfSecret(text, at, candidates);
    if (length === 0) continue;
    kept.push(text.slice(from, at), HIDDEN);
    from = at + length;
    at = from - 1;
  }
  return kept.join("") + text.slice(from);
}

/** Maximum number of secrets with the same first characters that are tried. */
const MOST_ALIKE = 50;

function lengthOfSecret(text: string, at: number, candidates: readonly Form[]): number {
  for (const { text: secret, anywhere } of candidates.slice(0, MOST_ALIKE)) {
    if (text.startsWith(secret, at) && (anywhere || isWord(text, at, at + secret.length)))
      return secret.length;
    const cut = text.indexOf("…", at + SHORTEST_SECRET);
    if (cut !== -1 && cut - at < secret.length && secret.startsWith(text.slice(at, cut))) return cut - at;
  }
  return 0;
}

function isWord(text: string, start: number, end: number): boolean {
  return !/[A-Za-z0-9]/.test(text.charAt(start - 1)) && !/[A-Za-z0-9]/.test(text.charAt(end));
}

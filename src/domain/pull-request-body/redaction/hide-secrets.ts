// Takes secrets out of a text, however they are written in it.

import { codeElement, text as escaped } from "../markdown/escape.ts";
import { SHORTEST_SECRET } from "./secrets.ts";

export const HIDDEN = "••••••";

/** `user:password@` of any address, whatever the scheme. */
const IN_ADDRESS = /(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'`<>]{1,300}@(?=[^\s/?#"'`<>@])/gi;

/**
 * Replaces each of these secrets wherever it stands, also in base64 (by itself or within more), percent-encoded, quoted,
 * escaped, or cut off by an ellipsis; and the login in any address. Shorter ones only where they are words of their own.
 * Linear in the text's length.
 */
export function secretHider(secrets: ReadonlySet<string>): (text: string) => string {
  const byStart = startsOf(secrets);
  return (text) => withoutLogins(withoutSecrets(text, byStart));
}

/** A name alone is no login that opens anything: `ssh://git@example.com`. */
function withoutLogins(text: string): string {
  return text.replace(IN_ADDRESS, (login) => (login.includes(":") ? `${HIDDEN}@` : login));
}

/** A secret as it may be written. */
interface Form {
  readonly text: string;
  /** Whether it is the secret even where letters or digits stand right beside it. */
  readonly anywhere: boolean;
}

type ByStart = ReadonlyMap<string, readonly Form[]>;

/** Longest first, by their first characters. */
function startsOf(secrets: ReadonlySet<string>): ByStart {
  const forms = new Map([...secrets].flatMap(formsOf).map((form) => [form.text, form]));
  const longestFirst = [...forms.values()]
    .filter(({ text }) => text.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.text.length - a.text.length);
  return Map.groupBy(longestFirst, ({ text }) => text.slice(0, SHORTEST_SECRET));
}

/** From here such a length can stand within other words and still be the secret. */
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

/** Whatever stands in front of it: three ways, by how many bytes of a group of three that is. */
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

/** So many secrets that begin alike are looked at. */
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

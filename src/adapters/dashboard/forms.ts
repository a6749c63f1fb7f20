// Validation of the dashboard's forms.

import type { FastifyInstance, FastifyRequest } from "fastify";

const MOST_BYTES = 8 * 1024;

export function readForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** Whether the browser reports a page of this server as the origin of the form. */
export function isFromHere({ headers, host }: FastifyRequest): boolean {
  const origin = URL.parse(headers.origin ?? "");
  return origin !== null && /^https?:$/.test(origin.protocol) && origin.host === host;
}

/** A query parameter may occur twice, and is then a list. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A path on this server; the front page for anything else (open redirects). */
export function placeOf(given: unknown): string {
  const url = URL.parse(textOf(given), "http://here.invalid");
  return url?.host === "here.invalid" && url.protocol === "http:" && !url.pathname.startsWith("//")
    ? `${url.pathname}${url.search}`
    : "/";
}

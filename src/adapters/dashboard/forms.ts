// What browsers send of the dashboard's forms.

import type { FastifyInstance, FastifyRequest } from "fastify";

const MOST_BYTES = 8 * 1024;

export function readForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** Browsers say where a form comes from: from a page of this server, and of no other. */
export function isFromHere({ headers, host }: FastifyRequest): boolean {
  const origin = URL.parse(headers.origin ?? "");
  return origin !== null && /^https?:$/.test(origin.protocol) && origin.host === host;
}

/** A query may name a thing twice, and then it is a list. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A page of this server; the front page for anything else. */
export function placeOf(given: unknown): string {
  const url = URL.parse(textOf(given), "http://here.invalid");
  return url?.host === "here.invalid" && url.protocol === "http:" && !url.pathname.startsWith("//")
    ? `${url.pathname}${url.search}`
    : "/";
}

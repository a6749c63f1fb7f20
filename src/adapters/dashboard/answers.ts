// Response headers of the pages: content security policy, and no caching.

import type { FastifyReply } from "fastify";
import { layout, type Page, type Person } from "./pages/layout.ts";

export const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  // With a stricter policy browsers would omit the origin of a form.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  vary: "accept-encoding, cookie",
} as const;

export async function send(reply: FastifyReply, page: Page, person?: Person): Promise<FastifyReply> {
  return answer(reply, String(await layout(page, person)));
}

export function answer(reply: FastifyReply, text: string | Buffer): FastifyReply {
  return reply.headers(HEADERS).header("content-type", "text/html; charset=utf-8").send(text);
}

/** Redirects the browser to another page. */
export function goTo(reply: FastifyReply, url: string): FastifyReply {
  return reply
    .code(303)
    .headers(HEADERS)
    .headers({ location: url, "content-type": "text/html; charset=utf-8" })
    .send("");
}

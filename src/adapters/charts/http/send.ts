// Sends one request and returns its response with an unread body.

import { Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from "node:http";
import { Agent as HttpsAgent, request as requestOverHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { urlToHttpOptions } from "node:url";

export interface Sent {
  readonly method: "GET" | "HEAD";
  readonly headers: { readonly [name: string]: string };
  /** Aborts the request and the reading of its response. */
  readonly signal: AbortSignal;
  /** DNS lookup for the host's name. */
  readonly lookup?: LookupFunction;
}

/**
 * Retries once on a new connection when a kept-alive one turns out to be closed: the server had not accepted the
 * request. Requests with a lookup of their own use a new connection: a kept-alive one may lead to a forbidden address.
 */
export async function send(url: URL, sent: Sent): Promise<IncomingMessage> {
  const first = await attempt(url, sent.lookup ? { ...sent, agent: freshAgent(url) } : sent);
  if (first !== "stale") return first;
  const second = await attempt(url, { ...sent, agent: freshAgent(url) });
  if (second === "stale") throw new Error("a new connection was closed before it was used");
  return second;
}

/** For one connection, with the same proxies as the others. */
function freshAgent({ protocol }: URL): HttpAgent {
  const options = { keepAlive: false, proxyEnv: process.env };
  return protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
}

function attempt(url: URL, sent: Sent & { readonly agent?: HttpAgent }): Promise<IncomingMessage | "stale"> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | "stale">();
  const { auth: _, ...target } = urlToHttpOptions(url);
  const sendRequest = url.protocol === "https:" ? requestOverHttps : requestOverHttp;
  const request = sendRequest({ ...target, ...sent }, resolve);
  request.once("error", (error: Error & { readonly code?: string }) => {
    if (request.reusedSocket && error.code === "ECONNRESET") resolve("stale");
    else reject(error);
  });
  request.end();
  return promise;
}

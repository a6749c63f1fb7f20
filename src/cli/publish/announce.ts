// Sends an announcement until it is accepted, then polls its progress if requested.

import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { shownAddress } from "../../domain/model/secret/shown-address.ts";
import { readAnnouncement } from "./announcement.ts";
import type { PublishOptions } from "./options.ts";
import { type Followed, isFollowed } from "./outcome.ts";
import { type Patience, sendUntil } from "./patient-client.ts";
import type { ShownProgress } from "./progress.ts";
import { notAnswered } from "./refusals.ts";

export interface Announced {
  readonly progress: Followed;
  /** Also set when the progress was not polled. */
  readonly isSettled: boolean;
}

/** Seconds of one long poll: proxies often cut a request after a minute. */
const POLL_SECONDS = 25;

export async function announce(options: PublishOptions, progress: ShownProgress): Promise<Result<Announced>> {
  const secret = process.env[options.secretEnv];
  if (!secret) return fail(noSecret(options.secretEnv));
  const server = options.server.replace(/(?<!\/)\/+$/, "");
  if (!isBare(server)) return fail(noServer(shownAddress(server)));
  const body = await readAnnouncement(options);
  if (!body.ok) return body;
  const authorization = `Basic ${Buffer.from(`${options.publisher}:${secret}`).toString("base64")}`;
  const until = performance.now() + options.timeout;
  const request = { url: `${server}/publish`, method: "POST", authorization, body: body.value } as const;
  const sent = followed(await sendUntil(request, { until, onRetry: progress.retrying }), request.url);
  if (!sent.ok) return sent;
  if (options.wait === undefined && sent.value.state !== "rejected")
    return ok({ progress: sent.value, isSettled: true });
  return follow(sent.value, { server, authorization, waitMs: options.wait ?? 0, progress });
}

interface Following {
  readonly server: string;
  readonly authorization: string;
  readonly waitMs: number;
  readonly progress: ShownProgress;
}

/** Polls at least once; only a permanent failure ends it early. */
async function follow(
  first: Followed,
  { server, authorization, waitMs, progress }: Following,
): Promise<Result<Announced>> {
  const until = performance.now() + waitMs;
  const patience: Patience = { until: Math.max(until, performance.now() + 5000), onRetry: progress.retrying };
  for (let latest = first; ; ) {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    const url = `${server}/publishes/${encodeURIComponent(latest.id)}?wait=${Math.min(POLL_SECONDS, left)}`;
    const answer = followed(await sendUntil({ url, method: "GET", authorization }, patience), url);
    if (!answer.ok) return answer;
    latest = answer.value;
    if (latest.settled === true) return ok({ progress: latest, isSettled: true });
    if (performance.now() >= until) return ok({ progress: latest, isSettled: false });
    progress.waiting(latest);
  }
}

function followed(answer: Result<unknown>, url: string): Result<Followed> {
  if (!answer.ok) return answer;
  return isFollowed(answer.value)
    ? ok(answer.value)
    : fail(notAnswered(`${shownAddress(url)} answers with JSON that names no publish`));
}

/** Whether the URL has no credentials, query or fragment, which would be sent or shown by mistake. */
function isBare(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === ""
  );
}

function noSecret(name: string): Problem {
  return {
    code: "unauthorized",
    message: `The environment variable ${name} is not set.`,
    help: "Put the publisher's secret there, or name another with --secret-env.",
  };
}

function noServer(address: string): Problem {
  return {
    code: "malformed",
    message: `${address} is no address to publish to.`,
    help: "Give --server as https://HOST, without a login, query or fragment.",
  };
}

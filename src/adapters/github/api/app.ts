// The GitHub App: its Octokit, its identity, and a client for each installation.

import { Probot, ProbotOctokit } from "probot";
import type { Settings } from "../../../domain/model/config/settings.ts";
import { USER_AGENT } from "../../../domain/model/program.ts";
import { signingSecret } from "../../../domain/model/secret/secret.ts";
import { type Tracing, UNTRACED } from "../../../reconcile/ports/tracing.ts";
import type { KeptThreads } from "../../threads/kept-threads.ts";
import { type PromotionSeal, promotionSeals } from "../promotion-seal.ts";
import { AnswerReader } from "./answer-reader.ts";
import { Budget, GITHUB_COM, NO_LIMITS } from "./budget.ts";
import { InstallationClient } from "./client.ts";
import { parsePlainly } from "./plain-json.ts";

/** Above GitHub's own timeout of ten seconds. */
const TIMEOUT_MS = 15_000;

/**
 * Probot's Octokit without its own retrying and throttling: they would resend mutations, ignore `retry-after`, and
 * limit the whole process to one GraphQL request a second. The durable queue does the pacing.
 */
const QuietOctokit = ProbotOctokit.defaults((options: Record<string, unknown>) => ({
  ...options,
  auth: onTheSameGitHub(options["auth"]),
  retry: { enabled: false },
  throttle: { enabled: false },
}));

/**
 * Probot gives its authentication a request function that always uses api.github.com. Without it, Octokit's own is
 * used, which has the URL of a GitHub Enterprise Server, so that tokens are renewed at the right server.
 */
function onTheSameGitHub(auth: unknown): unknown {
  if (typeof auth !== "object" || auth === null) return auth;
  return Object.fromEntries(Object.entries(auth).filter(([name]) => name !== "request"));
}

type Log = ConstructorParameters<typeof Probot>[0] extends infer O
  ? O extends { log?: infer L }
    ? NonNullable<L>
    : never
  : never;

export interface GitHubApp {
  readonly probot: Probot;
  /** The client of one installation; cached by id. */
  readonly installation: (id: number) => InstallationClient;
  /** The seal of the App's promotion commits in the repository with this id. */
  readonly sealIn: (repositoryId: number) => PromotionSeal;
  /** Authenticated as the App itself. */
  readonly octokit: () => Promise<ProbotOctokit>;
  /** What remains of the hourly rate limits, for installations that were used since the start. */
  readonly remaining: () => readonly Remaining[];
  /** Stops the threads that parse large responses. */
  readonly close: () => Promise<void>;
}

export interface Remaining {
  readonly installation: number;
  /** GitHub's name of the rate limit: core, graphql. */
  readonly resource: string;
  readonly remaining: number;
}

/**
 * Called for each request that was sent: `outcome` is the HTTP status, or `lost` without a response. `token`: a request
 * for an installation token, made by the App itself.
 */
export type OnRequest = (kind: "query" | "mutation" | "rest" | "token", outcome: string) => void;

interface AppOptions {
  readonly log: Log;
  readonly clock: () => Date;
  readonly timeoutMs?: number;
  readonly onRequest: OnRequest;
  readonly tracing?: Pick<Tracing, "span">;
  /** A shared pool of threads. */
  readonly kept?: KeptThreads | undefined;
}

export function createGitHubApp(
  settings: Pick<Settings, "appId" | "privateKey" | "webhookSecret" | "githubApi">,
  options: AppOptions,
): GitHubApp {
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: signingSecret(settings.webhookSecret),
    baseUrl: settings.githubApi,
    Octokit: QuietOctokit,
    log: options.log,
    request: { fetch: fetchWithin(options.timeoutMs ?? TIMEOUT_MS) },
  });
  const limits = settings.githubApi === "https://api.github.com" ? GITHUB_COM : NO_LIMITS;
  const answers = new AnswerReader(options.kept);
  const { onRequest } = options;
  const installations = new Map<number, Installation>();
  const installation = (id: number): InstallationClient => {
    const known = installations.get(id);
    if (known) return known.client;
    const budget = new Budget(limits, options.clock);
    const octokit = lazily(async () =>
      watched(await probot.auth(id), { answers, flow: `installation ${id}`, onRequest, budget }),
    );
    const client = clientOf(id, octokit, { budget, ...options });
    installations.set(id, { client, budget });
    return client;
  };
  return {
    probot,
    installation,
    sealIn: promotionSeals(settings.privateKey),
    octokit: lazily(async () => watched(await probot.auth(), { answers, flow: "the App", onRequest })),
    remaining: () =>
      [...installations].flatMap(([id, { budget }]) =>
        budget.remaining().map((left) => ({ installation: id, ...left })),
      ),
    close: () => answers.close(),
  };
}

interface Installation {
  readonly client: InstallationClient;
  readonly budget: Budget;
}

function clientOf(
  id: number,
  octokit: () => Promise<ProbotOctokit>,
  { budget, clock, tracing = UNTRACED }: Pick<AppOptions, "clock" | "tracing"> & { readonly budget: Budget },
): InstallationClient {
  const renewToken = async () => {
    await (await octokit()).auth({ type: "installation", installationId: id, refresh: true });
  };
  return new InstallationClient({ octokit, renewToken, budget, clock, tracing });
}

function fetchWithin(timeoutMs: number): typeof fetch {
  return async (url, options = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
    const headers = new Headers(options.headers);
    headers.set("user-agent", USER_AGENT);
    return fetch(url, { ...options, headers, signal });
  };
}

interface Watched {
  readonly answers: AnswerReader;
  /** The owner of the responses. */
  readonly flow: string;
  readonly onRequest: OnRequest;
  readonly budget?: Budget;
}

/**
 * Replaces the JSON parser, pins the REST API version, counts every request, and passes the rate limit headers of every
 * response to the budget.
 */
function watched(octokit: ProbotOctokit, { answers, flow, onRequest, budget }: Watched): ProbotOctokit {
  parsePlainly(octokit, (body) => answers.read(body, flow));
  const logged = new WeakSet<object>();
  const logOnce = (
    options: Sent,
    answer: { readonly status: number; readonly headers: Headers } | undefined,
  ) => {
    const kind = kindOf(options);
    onRequest(kind, answer ? String(answer.status) : "lost");
    if (answer && kind !== "token") budget?.learn(answer.headers);
  };
  octokit.hook.before("request", (options) => {
    options.headers["x-github-api-version"] ??= "2022-11-28";
  });
  octokit.hook.after("request", (response, options) => logOnce(options, response));
  octokit.hook.error("request", (error, options) => {
    // A failed token request arrives here again, as the failure of the request that needed the token.
    if (!logged.has(error)) logOnce(options, "response" in error ? error.response : undefined);
    logged.add(error);
    throw error;
  });
  return octokit;
}

type Headers = Parameters<Budget["learn"]>[0];

interface Sent {
  readonly url: string;
  /** The document of a GraphQL request. */
  readonly query?: unknown;
}

function kindOf({ url, query }: Sent): Parameters<OnRequest>[0] {
  if (url.endsWith("/access_tokens")) return "token";
  if (!url.endsWith("/graphql")) return "rest";
  return /^\s*mutation\b/.test(String(query)) ? "mutation" : "query";
}

/** Creates on first use; a failure is not cached. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => {
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}

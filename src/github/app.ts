// The GitHub App: its Octokit, its identity, and a client for each installation.

import { Probot, ProbotOctokit } from "probot";
import type { Settings } from "../model/settings.ts";
import { Budget, GITHUB_COM, NO_LIMITS } from "./budget.ts";
import { type ClientOptions, InstallationClient } from "./client.ts";

/** Above GitHub's own ten seconds, after which it gives up itself. */
const TIMEOUT_MS = 15_000;

/**
 * Probot's Octokit without its own retrying and throttling: it would resend mutations, ignore `retry-after` and let one
 * GraphQL request a second through for the whole process. The durable queue does the pacing.
 */
const QuietOctokit = ProbotOctokit.defaults((options: Record<string, unknown>) => ({
  ...options,
  auth: onTheSameGitHub(options["auth"]),
  retry: { enabled: false },
  throttle: { enabled: false },
}));

/**
 * Probot gives its authentication a request function that always goes to api.github.com. Without one, Octokit's own is
 * used, which knows the address of a GitHub Enterprise Server: a renewed token then comes from where the old one came from.
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
  /** The client of one installation; the same object for the same id. */
  readonly installation: (id: number) => InstallationClient;
  /** Authenticated as the App itself. */
  readonly octokit: () => Promise<ProbotOctokit>;
}

export function createGitHubApp(
  settings: Pick<Settings, "appId" | "privateKey" | "webhookSecret" | "githubApi">,
  about: {
    readonly log: Log;
    readonly clock: () => Date;
    readonly timeoutMs?: number;
    readonly onRequest: ClientOptions["onRequest"];
  },
): GitHubApp {
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.githubApi,
    Octokit: QuietOctokit,
    log: about.log,
    request: { fetch: fetchWithin(about.timeoutMs ?? TIMEOUT_MS) },
  });
  const limits = settings.githubApi === "https://api.github.com" ? GITHUB_COM : NO_LIMITS;
  const clients = new Map<number, InstallationClient>();
  const installation = (id: number): InstallationClient => {
    const known = clients.get(id);
    if (known) return known;
    const budget = new Budget(limits, about.clock);
    const octokit = lazily(async () => watched(await probot.auth(id), budget));
    const client = new InstallationClient({
      octokit,
      renewToken: async () => {
        await (await octokit()).auth({ type: "installation", installationId: id, refresh: true });
      },
      budget,
      clock: about.clock,
      onRequest: about.onRequest,
    });
    clients.set(id, client);
    return client;
  };
  return { probot, installation, octokit: lazily(async () => watched(await probot.auth())) };
}

function fetchWithin(timeoutMs: number): typeof fetch {
  return async (url, options = {}) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
    return fetch(url, { ...options, signal });
  };
}

/** Pins the REST version and lets the budget read the rate headers of every answer. */
function watched(octokit: ProbotOctokit, budget?: Budget): ProbotOctokit {
  octokit.hook.before("request", (options) => {
    options.headers["x-github-api-version"] ??= "2022-11-28";
  });
  octokit.hook.after("request", (response) => budget?.learn(response.headers));
  octokit.hook.error("request", (error) => {
    if ("response" in error && error.response) budget?.learn(error.response.headers);
    throw error;
  });
  return octokit;
}

/** Made at the first use; a failure is not kept. */
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

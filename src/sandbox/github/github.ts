// An offline GitHub: its state in memory, its API, its webhooks, and people acting in it.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Authorizations } from "./http/authorizations.ts";
import type { Fault, Faults, PlainFaultKind, WhichCall } from "./http/faults.ts";
import { type LimitOptions, NO_LIMITS } from "./http/limits.ts";
import type { RequestLog } from "./http/request-log.ts";
import { GitHubServer } from "./http/server.ts";
import { Tokens } from "./http/tokens.ts";
import { AuthorizeDesk } from "./pages/authorize.ts";
import { AppDesk } from "./pages/new-app.ts";
import { Owner } from "./people/owner.ts";
import { type Acting, Person } from "./people/person.ts";
import { createRepository, type NewRepository } from "./people/settings.ts";
import { deliveryOf, installationDelivery } from "./webhooks/dispatch.ts";
import { type Target, Webhooks } from "./webhooks/webhooks.ts";
import { install, type NewInstallation } from "./world/installations.ts";
import { mergeWhatIsReady } from "./world/pull-requests/auto-merge.ts";
import type { Repository } from "./world/repositories/repository.ts";
import { type Installation, type PermissionSet, World } from "./world/world.ts";

export interface GitHubOptions {
  readonly app?: {
    readonly id?: number;
    readonly slug?: string;
    readonly name?: string;
    /** PEM; a new key is generated when absent. */
    readonly privateKey?: string;
    readonly permissions?: PermissionSet;
    readonly events?: readonly string[];
  };
  /** Login of the person at the browser; default octocat. */
  readonly person?: string;
  /** Where webhooks go; may be set later by `webhooks.sendTo`. */
  readonly webhook?: Target;
  readonly now?: () => Date;
  /** How long a merge commit is not associated with its pull request; default 0. */
  readonly associationLagMs?: number;
  /** Rate limits to enforce, e.g. `GITHUB_LIMITS`; default none. */
  readonly limits?: Partial<LimitOptions>;
}

export interface GitHub {
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly privateKey: string;
  };
  readonly world: World;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly tokens: Tokens;
  /** Authorizations of the App by people (user access tokens). */
  readonly authorizations: Authorizations;
  /** Schema fields that were queried and are not modelled. A test expects none. */
  readonly unmodelled: readonly string[];
  /** Plans a fault: `fault({ nth: 2 }, "502")` hits the second request from now on. */
  fault(which: WhichCall, fault: Fault | PlainFaultKind): void;
  /** Throws for an unknown name. */
  repository(fullName: string): Repository;
  createRepository(wanted: NewRepository): Repository;
  install(wanted: NewInstallation): Installation;
  /** A person of this login, new or known. */
  as(login: string): Person;
  /** The same person, changing settings instead of contents. */
  owner(login: string): Owner;
  /** Starts answering on 127.0.0.1, on a free port unless one is given. */
  listen(port?: number): Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
}

const PERMISSIONS: PermissionSet = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  deployments: "write",
  merge_queues: "read",
};

const EVENTS = [
  "push",
  "pull_request",
  "pull_request_review",
  "issue_comment",
  "issues",
  "check_run",
  "check_suite",
  "merge_group",
  "deployment_status",
  "repository",
];

export function createGitHub(options: GitHubOptions = {}): GitHub {
  const now = options.now ?? (() => new Date());
  const app = appOf(options.app);
  const privateKey = options.app?.privateKey ?? anyPrivateKey();
  const world = new World({ app, now, associationLagMs: options.associationLagMs ?? 0 });
  const webhooks = webhooksOf(world, now);
  webhooks.sendTo(options.webhook);
  const authorizations = new Authorizations(world, randomBytes(20).toString("hex"));
  const tokens = new Tokens(world, privateKey, authorizations);
  const person = options.person ?? "octocat";
  const acting = actingIn(world);
  const server = new GitHubServer({
    world,
    tokens,
    hook: webhooks,
    desk: new AppDesk({
      ...{ world, privateKey, person, authorizations },
      onWebhook: (url, secret) => webhooks.sendTo({ url, secret }),
    }),
    authorizations,
    authorizeDesk: new AuthorizeDesk(world, authorizations, person),
    limits: { ...NO_LIMITS, ...options.limits },
    merge: (repository, number) => writerIn(world, repository, acting).merge(repository, number),
  });
  const { log: requests, faults, unmodelled } = server;
  return {
    app: { ...app, clientSecret: authorizations.clientSecret, privateKey },
    ...{ world, webhooks, tokens, authorizations, requests, faults, unmodelled },
    fault: (which, fault) => faults.plan(which, typeof fault === "string" ? { kind: fault } : fault),
    repository: (fullName) => world.mustRepository(fullName),
    createRepository: (wanted) => createRepository(world, wanted),
    install: (wanted) => install(world, wanted),
    as: (login) => new Person(world, world.account(login), acting),
    owner: (login) => new Owner(world, world.account(login), acting),
    async listen(port) {
      const url = await server.listen(port);
      const close = async () => {
        webhooks.stop();
        await server.close();
      };
      return { url, close };
    },
  };
}

function appOf({
  id = 1,
  slug = "chart-promoter",
  name = slug,
  permissions = PERMISSIONS,
  events = EVENTS,
}: NonNullable<GitHubOptions["app"]> = {}) {
  return { id, slug, name, clientId: `Iv1.${slug}`, permissions, events };
}

/** Sends webhooks for changes of the world. */
function webhooksOf(world: World, now: () => Date): Webhooks {
  const webhooks = new Webhooks({ appId: world.app.id, now });
  world.onEvent = (event) => {
    const delivery = deliveryOf(world, event);
    if (delivery !== undefined) webhooks.accept(delivery);
  };
  world.onInstallationEvent = (event) => webhooks.accept(installationDelivery(world, event));
  return webhooks;
}

const WRITERS = new Set(["admin", "maintain", "write"]);

/** The person who presses the buttons of the pages: the first one with write access. */
function writerIn(world: World, repository: string, acting: Acting): Person {
  const { permissions } = world.mustRepository(repository);
  const [login] = [...permissions].find(([, permission]) => WRITERS.has(permission)) ?? [];
  if (login === undefined) throw new Error(`nobody may write in ${repository}`);
  return new Person(world, world.account(login), acting);
}

/** A GitHub that is listening already. */
export async function startGitHub(
  options: GitHubOptions & { readonly port?: number } = {},
): Promise<GitHub & { readonly url: string; readonly close: () => Promise<void> }> {
  const github = createGitHub(options);
  return { ...github, ...(await github.listen(options.port)) };
}

let privateKey: string | undefined;

/** Shared by all instances of this process: generating one takes longer than most stories. */
function anyPrivateKey(): string {
  privateKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
  return privateKey;
}

function actingIn(world: World): Acting {
  return (fullName, act) => {
    const repository = world.mustRepository(fullName);
    world.remember(repository);
    const result = act(repository);
    mergeWhatIsReady(world, repository);
    return result;
  };
}

// What the operator set: environment variables and server.yaml, checked and with every default filled in.

import type { HistoryKind } from "../history.ts";
import type { Secret } from "../secret/secret.ts";

/** Where a password or a token is read from each time it is needed, because it ends or is changed by others. */
export type SecretSource =
  /** The whole file, without the line break at its end. */
  | { readonly kind: "file"; readonly path: string }
  /** A program and its arguments, whose output it is; run again when the last output is older than that. */
  | { readonly kind: "command"; readonly command: readonly [string, ...string[]]; readonly everyMs: number };

export interface ChartRepository {
  readonly name: string;
  /** As config repositories write it, without a trailing slash. */
  readonly url: string;
  /** Other spellings of the same repository, without trailing slashes. */
  readonly also: readonly string[];
  readonly kind: "chartmuseum" | "index" | "oci";
  /** Where the bot itself reads, without a trailing slash. */
  readonly fetchFrom: string;
  readonly credentials:
    | { readonly kind: "none" }
    | { readonly kind: "basic"; readonly username: string; readonly password: string }
    | { readonly kind: "bearer"; readonly token: string };
  /** Where the password or token comes from; that of `credentials` is empty then. */
  readonly secretFrom?: SecretSource;
  /** Whether other hosts that the index names get the credentials, as with Helm's `--pass-credentials`. */
  readonly passCredentials?: true;
  /** Other hosts that its archives or token services may stand on, with a port or without. */
  readonly hosts?: readonly string[];
  /** Milliseconds between polls; absent when polling is off. */
  readonly pollMs?: number;
  /** Globs of the config repositories (`owner/name`) that may use it; absent for all. */
  readonly repositories?: readonly string[];
  /** OpenPGP public keys (the file's bytes, armoured or binary); present when charts must be signed by one of them. */
  readonly keyring?: Uint8Array;
}

/** A registry that images named by manifests must exist in. */
export interface ImageRegistry {
  /** Host, with a port when it has one, as images name it. */
  readonly host: string;
  readonly username?: string;
  readonly password?: string;
  /** Where the password comes from instead. */
  readonly secretFrom?: SecretSource;
  /** Other hosts that its token service may stand on. */
  readonly hosts?: readonly string[];
}

interface NamedDeployer {
  readonly name: string;
  /** What it reports back with, by HTTP Basic; a webhook deployer's also signs the call to it. */
  readonly secret: Secret;
  /** Globs of the config repositories (`owner/name`) and environments (`owner/name#environment`) that may name it. */
  readonly repositories: readonly string[];
  /** Milliseconds from a call to its end, and from the end of a failed build during which another one is looked for; absent for an hour. */
  readonly timeoutMs?: number;
}

export type Deployer =
  | (NamedDeployer & {
      readonly kind: "jenkins";
      /** URL of the job, without a trailing slash. */
      readonly job: string;
      readonly username: string;
      readonly token: string;
    })
  | (NamedDeployer & { readonly kind: "webhook"; readonly url: string });

/** The operator's switch: nothing is deployed for these config repositories as long as it is set. */
export interface Pause {
  /** Globs of config repositories (`owner/name`). */
  readonly repositories: readonly string[];
  readonly reason: string;
}

/** Who is told of what happens. */
export interface Recipient {
  readonly name: string;
  readonly kind: "slack" | "teams" | "webhook" | "cdevents";
  /** May be a secret. */
  readonly url: string;
  /** Signs what is sent, as Standard Webhooks has it. */
  readonly secret?: Secret;
  readonly events: readonly HistoryKind[];
  /** Globs of config repositories (`owner/name`) and environments (`owner/name#environment`); absent for all. */
  readonly repositories?: readonly string[];
}

/** Tokens (OpenID Connect) that let a publisher in: whose, for whom, and about what. */
export interface TokenRule {
  /** As tokens name it, in `iss`. */
  readonly issuer: string;
  readonly audience: string;
  /** For each claim that must be there: globs, of which one has to match it. */
  readonly claims: { readonly [name: string]: readonly string[] };
}

export interface Publisher {
  readonly name: string;
  /** Absent for one that only tokens let in. */
  readonly secret?: Secret;
  readonly oidc?: TokenRule;
  /** Name of the chart repository its publishes stand in. */
  readonly repository: string;
  /** Globs over chart names: `*` any run of characters, `?` one. */
  readonly charts: readonly string[];
  /** Globs of the source repositories (`owner/name`) whose commits may be shown; none when absent. */
  readonly source?: readonly string[];
  /** Announcements: so many at once, so many a minute in the long run, so many bytes that wait; defaults when absent. */
  readonly quota?: { readonly perMinute: number; readonly burst: number; readonly waitingBytes?: number };
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: Secret;
  /** Base of the REST API: `https://api.github.com`, or `<protocol>://<host>/api/v3`. */
  readonly githubApi: string;
  /** Where pages are: `https://github.com`, or `<protocol>://<host>`. */
  readonly githubWeb: string;
  /** `postgres://…`; absent for the embedded database under `dataFolder`. */
  readonly databaseUrl?: string;
  readonly dataFolder: string;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  readonly chartRepositories: readonly ChartRepository[];
  readonly publishers: readonly Publisher[];
  readonly deployers: readonly Deployer[];
  readonly imageRegistries: readonly ImageRegistry[];
  /** Absent when nobody is to be told. */
  readonly recipients?: readonly Recipient[];
  /** Milliseconds after which what happened is forgotten; absent for never. */
  readonly historyMs?: number;
  /** Keys of the work queue that one process works on at the same time; absent for ten. */
  readonly concurrency?: number;
  /** Absent when nothing is held. */
  readonly pauses?: readonly Pause[];
  /** Addresses and networks of the proxies whose `X-Forwarded-*` headers are believed; none when absent. */
  readonly proxies?: readonly string[];
  /** Whether repositories with an umbrella chart are offered a config file; absent for not. */
  readonly onboarding?: "on";
  readonly dashboard: "off" | "public" | "github";
  /** What people sign in to the dashboard with: the App's client; absent where nobody does. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string };
  /** Who may read /metrics: anybody, or who has the bearer token; nobody when absent. */
  readonly metrics?: { readonly access: "public" } | { readonly access: "token"; readonly token: Secret };
}

// The operator's settings: environment variables and server.yaml, validated and with defaults filled in.

import type { HistoryKind } from "../history.ts";
import type { Secret } from "../secret/secret.ts";

/** A password or token that is read each time it is needed, because it expires or is rotated. */
export type SecretSource =
  /** Contents of a file, without the final line break. */
  | { readonly kind: "file"; readonly path: string }
  /** Output of a program; it is run again when the last output is older than `everyMs`. */
  | { readonly kind: "command"; readonly command: readonly [string, ...string[]]; readonly everyMs: number };

export interface ChartRepository {
  readonly name: string;
  /** URL as written in config repositories, without a trailing slash. */
  readonly url: string;
  /** Other URLs of the same repository, without trailing slashes. */
  readonly also: readonly string[];
  readonly kind: "chartmuseum" | "index" | "oci";
  /** URL that the App itself fetches from, without a trailing slash. */
  readonly fetchFrom: string;
  readonly credentials:
    | { readonly kind: "none" }
    | { readonly kind: "basic"; readonly username: string; readonly password: string }
    | { readonly kind: "bearer"; readonly token: string };
  /** Source of the password or token; the one in `credentials` is empty then. */
  readonly secretFrom?: SecretSource;
  /** Whether other hosts in the index get the credentials, as with Helm's `--pass-credentials`. */
  readonly passCredentials?: true;
  /** Other hosts of its archives or token services, optionally with a port. */
  readonly hosts?: readonly string[];
  /** Milliseconds between polls; absent when polling is off. */
  readonly pollMs?: number;
  /** Globs of the config repositories (`owner/name`) that may use it; absent for all. */
  readonly repositories?: readonly string[];
  /** OpenPGP public keys (the file's bytes, armoured or binary); present when charts must be signed by one of them. */
  readonly keyring?: Uint8Array;
}

/** An image registry: images of it in rendered manifests must exist. */
export interface ImageRegistry {
  /** Host, with a port if it has one, as in image names. */
  readonly host: string;
  readonly username?: string;
  readonly password?: string;
  /** Source of the password, instead of a fixed one. */
  readonly secretFrom?: SecretSource;
  /** Other hosts of its token service. */
  readonly hosts?: readonly string[];
}

interface NamedDeployer {
  readonly name: string;
  /** Authenticates its reports by HTTP Basic; for a webhook deployer it also signs the request to it. */
  readonly secret: Secret;
  /** Globs of the config repositories (`owner/name`) and environments (`owner/name#environment`) that may name it. */
  readonly repositories: readonly string[];
  /** Milliseconds from a call to its end, and from a failed build's end while a rebuild is awaited; absent: an hour. */
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

/** The operator's pause: nothing is deployed for these config repositories while it is set. */
export interface Pause {
  /** Globs of config repositories (`owner/name`). */
  readonly repositories: readonly string[];
  readonly reason: string;
}

/** A recipient of notifications. */
export interface Recipient {
  readonly name: string;
  readonly kind: "slack" | "teams" | "webhook" | "cdevents";
  /** May contain a secret. */
  readonly url: string;
  /** Signs messages, as in Standard Webhooks. */
  readonly secret?: Secret;
  readonly events: readonly HistoryKind[];
  /** Globs of config repositories (`owner/name`) and environments (`owner/name#environment`); absent for all. */
  readonly repositories?: readonly string[];
}

/** OpenID Connect tokens that authenticate a publisher: issuer, audience and claims. */
export interface TokenRule {
  /** The token's `iss`. */
  readonly issuer: string;
  readonly audience: string;
  /** Required claims: for each, globs of which one has to match. */
  readonly claims: { readonly [name: string]: readonly string[] };
}

export interface Publisher {
  readonly name: string;
  /** Absent for a publisher that only tokens authenticate. */
  readonly secret?: Secret;
  readonly oidc?: TokenRule;
  /** Name of the chart repository of its publishes. */
  readonly repository: string;
  /** Globs over chart names: `*` any run of characters, `?` one. */
  readonly charts: readonly string[];
  /** Globs of the source repositories (`owner/name`) whose commits may be shown; none when absent. */
  readonly source?: readonly string[];
  /**
   * Rate limit for announcements: burst, per minute on average, and bytes waiting to be verified; defaults when absent.
   */
  readonly quota?: { readonly perMinute: number; readonly burst: number; readonly waitingBytes?: number };
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: Secret;
  /** Base URL of the REST API: `https://api.github.com`, or `<protocol>://<host>/api/v3`. */
  readonly githubApi: string;
  /** Base URL of web pages: `https://github.com`, or `<protocol>://<host>`. */
  readonly githubWeb: string;
  /** `postgres://…`; absent for the embedded database under `dataFolder`. */
  readonly databaseUrl?: string;
  readonly dataFolder: string;
  readonly logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  readonly chartRepositories: readonly ChartRepository[];
  readonly publishers: readonly Publisher[];
  readonly deployers: readonly Deployer[];
  readonly imageRegistries: readonly ImageRegistry[];
  /** Absent without notifications. */
  readonly recipients?: readonly Recipient[];
  /** Milliseconds after which history events are deleted; absent: never. */
  readonly historyMs?: number;
  /** Keys of the work queue that one process works on concurrently; absent: ten. */
  readonly concurrency?: number;
  /** Absent when nothing is paused. */
  readonly pauses?: readonly Pause[];
  /** Addresses and networks of trusted proxies, whose `X-Forwarded-*` headers are used; none when absent. */
  readonly proxies?: readonly string[];
  /** Whether repositories with an umbrella chart are offered a config file; absent: off. */
  readonly onboarding?: "on";
  readonly dashboard: "off" | "public" | "github";
  /** The App's OAuth client for signing in to the dashboard; absent: no sign-in. */
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string };
  /** Access to /metrics: public, or with the bearer token; absent: none. */
  readonly metrics?: { readonly access: "public" } | { readonly access: "token"; readonly token: Secret };
}

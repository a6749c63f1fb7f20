// What the operator set: environment variables and server.yaml, checked and with every default filled in.

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
  /** Milliseconds between polls; absent when polling is off. */
  readonly pollMs?: number;
  /** OpenPGP public keys (the file's bytes, armoured or binary); present when charts must be signed by one of them. */
  readonly keyring?: Uint8Array;
}

/** A registry that images named by manifests must exist in. */
export interface ImageRegistry {
  /** Host, with a port when it has one, as images name it. */
  readonly host: string;
  readonly username?: string;
  readonly password?: string;
}

interface NamedDeployer {
  readonly name: string;
  /** What it reports back with, by HTTP Basic; a webhook deployer's also signs the call to it. */
  readonly secret: string;
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

export interface Publisher {
  readonly name: string;
  readonly secret: string;
  /** Name of the chart repository its publishes stand in. */
  readonly repository: string;
  /** Globs over chart names: `*` any run of characters, `?` one. */
  readonly charts: readonly string[];
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
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
  readonly dashboard: "off" | "public" | "github";
  /** Bearer token that /metrics asks for; absent when it is open. */
  readonly metricsToken?: string;
}

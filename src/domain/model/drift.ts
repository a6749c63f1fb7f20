// Drift: where a cluster differs from what was last deployed to it, as the deployer saw it. Kinds, names and field paths,
// never values.

/** How an environment is watched. */
export interface DriftPolicy {
  /** As it was written: `15m`. */
  readonly every: string;
  readonly everyMs: number;
  readonly heal: "off" | "on";
  /** How long a drift must have lasted before it is healed. */
  readonly afterMs: number;
  /** Heals within 24 hours, after which people are asked. */
  readonly atMost: number;
  /** `KIND/NAME:FIELD`, globs. */
  readonly ignore: readonly string[];
}

export interface DriftedResource {
  readonly kind: string;
  /** Absent for one that belongs to the cluster. */
  readonly namespace?: string;
  readonly name: string;
  /** `changed`: deploying again would change it; `missing`: it is gone; `unknown`: it could not be compared. */
  readonly change: "changed" | "missing" | "unknown";
  /** Paths such as `spec.containers[web].image`. */
  readonly fields?: readonly string[];
  /** The field manager that wrote it last. */
  readonly manager?: string;
}

/** A resource in report after report. */
export interface SeenResource extends DriftedResource {
  /** Of the first report of it about this deployment. */
  readonly since: Date;
  /** In how many reports. */
  readonly seen: number;
}

/** What a deployer reported last of an environment. */
export interface DriftReport {
  readonly deployer: string;
  /** GitHub's id of the deployment that it was held against. */
  readonly deploymentId: number;
  /** None: the cluster is as it was deployed. */
  readonly resources: readonly SeenResource[];
  readonly reportedAt: Date;
  /** When a report last counted as seeing something anew: what is sent twice is seen once. */
  readonly countedAt: Date;
}

/** People asked to leave a drift alone. */
export interface Keep {
  readonly until: Date;
  readonly by: string;
}

/** What is kept of watching one environment. */
export interface DriftWatch {
  /** Since when it is to be reported on. */
  readonly since: Date;
  readonly keep?: Keep;
  /** The issue that is open, as far as is known: what it tells (empty before it is known to be told), and since when. */
  readonly issue?: {
    readonly tells: string;
    readonly at: Date;
    /** Of its whole text. */
    readonly digest?: string;
    /** Whether the history has that the drift began: an issue is also open where nobody reports. */
    readonly isNoted?: boolean;
  };
  /** What was known when it was looked at last. */
  readonly latest?: {
    readonly resources: number;
    readonly isWatched: boolean;
    readonly reportedAt?: Date;
  };
}

/** Somebody's wish to have the last deployed commit deployed again. */
export interface RepeatRequest {
  readonly task: "heal" | "redeploy";
  /** Idempotency key. */
  readonly intent: string;
  /** Login, or `operator`. */
  readonly by: string;
  readonly at: Date;
}

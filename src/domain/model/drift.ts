// Drift: how a cluster differs from its last deployment, as reported by a deployer. Kinds, names and field paths, never
// values.

/** The drift settings of an environment. */
export interface DriftPolicy {
  /** As written: `15m`. */
  readonly every: string;
  readonly everyMs: number;
  readonly heal: "off" | "on";
  /** How long a drift must last before it is healed, in milliseconds. */
  readonly afterMs: number;
  /** Maximum heals within 24 hours; then people are asked. */
  readonly atMost: number;
  /** `KIND/NAME:FIELD`, globs. */
  readonly ignore: readonly string[];
}

export interface DriftedResource {
  readonly kind: string;
  /** Absent for a cluster-scoped resource. */
  readonly namespace?: string;
  readonly name: string;
  /** `changed`: deploying again would change it; `missing`: it is gone; `unknown`: it could not be compared. */
  readonly change: "changed" | "missing" | "unknown";
  /** Paths such as `spec.containers[web].image`. */
  readonly fields?: readonly string[];
  /** The field manager of the last write. */
  readonly manager?: string;
}

/** A drifted resource over several reports. */
export interface SeenResource extends DriftedResource {
  /** Time of its first report for this deployment. */
  readonly since: Date;
  /** In how many reports it was seen. */
  readonly seen: number;
}

/** A deployer's last report about an environment. */
export interface DriftReport {
  readonly deployer: string;
  /** GitHub's id of the deployment that the cluster was compared with. */
  readonly deploymentId: number;
  /** Empty: the cluster matches the deployment. */
  readonly resources: readonly SeenResource[];
  readonly reportedAt: Date;
  /** Time of the last report that increased the counts; a duplicate does not. */
  readonly countedAt: Date;
}

/** People's request to leave a drift alone. */
export interface Keep {
  readonly until: Date;
  readonly by: string;
}

/** The record of watching one environment. */
export interface DriftWatch {
  /** Since when reports are expected. */
  readonly since: Date;
  readonly keep?: Keep;
  /** The open issue, as far as is known: what it tells (empty while that is unknown), and when it was written. */
  readonly issue?: {
    readonly tells: string;
    readonly at: Date;
    /** Digest of its whole text. */
    readonly digest?: string;
    /** Whether the history has the begin of the drift; an issue is also open when reports have stopped. */
    readonly isNoted?: boolean;
  };
  /** The facts of the last drift reconcile. */
  readonly latest?: {
    readonly resources: number;
    readonly isWatched: boolean;
    readonly reportedAt?: Date;
  };
}

/** A request to deploy the last deployed commit again. */
export interface RepeatRequest {
  readonly task: "heal" | "redeploy";
  /** Idempotency key. */
  readonly intent: string;
  /** Login, or `operator`. */
  readonly by: string;
  readonly at: Date;
}

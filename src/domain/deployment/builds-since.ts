// What a Jenkins job's list of builds proves about a call that left no other trace.

/** A build in the job's list. */
export interface ListedBuild {
  readonly number: number;
  /** Its DEPLOYMENT_ID; absent for a build started without one. */
  readonly deploymentId?: string;
}

export interface BuildList {
  /** Newest first; the oldest may be missing. */
  readonly builds: readonly ListedBuild[];
  /** Number of the next build; Jenkins never reuses numbers. */
  readonly nextBuild: number;
}

/**
 * Whether none of the builds since `from` (the number of the first one) can belong to this deployment: each of them is
 * listed with another DEPLOYMENT_ID. A deleted build, or one without a DEPLOYMENT_ID, may belong to it.
 */
export function excludesDeployment({ builds, nextBuild }: BuildList, from: number, id: string): boolean {
  const since = builds.filter(({ number }) => number >= from && number < nextBuild);
  const isComplete = since.length === nextBuild - from;
  return isComplete && since.every(({ deploymentId }) => deploymentId !== undefined && deploymentId !== id);
}

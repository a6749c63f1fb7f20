// What a Jenkins job's list of builds proves about a call of which nothing else is to be seen.

/** One build as the job lists it. */
export interface ListedBuild {
  readonly number: number;
  /** Its DEPLOYMENT_ID; absent for a build that was not given any. */
  readonly deploymentId?: string;
}

export interface BuildList {
  /** Newest first; the oldest may be left out. */
  readonly builds: readonly ListedBuild[];
  /** Number that the next build will get: numbers are never given twice. */
  readonly nextBuild: number;
}

/**
 * Whether none of the builds since then, of which the first got the number `from`, can be one of this deployment: each of
 * them is listed, and was given another DEPLOYMENT_ID. A build that was deleted, or was given none, may have been it.
 */
export function excludesDeployment({ builds, nextBuild }: BuildList, from: number, id: string): boolean {
  const since = builds.filter(({ number }) => number >= from && number < nextBuild);
  const isComplete = since.length === nextBuild - from;
  return isComplete && since.every(({ deploymentId }) => deploymentId !== undefined && deploymentId !== id);
}

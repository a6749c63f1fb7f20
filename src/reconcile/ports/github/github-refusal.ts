// What GitHub understood and did not let the App do. Sent again it would be refused again, until somebody changes the
// repository's rules, the App's rights or a conversation's lock: it concerns what was asked for, and nothing else.

export interface GitHubRefusal extends Error {
  readonly kind: "refused" | "denied";
}

interface Logging {
  readonly log: { warn(about: object, message: string): void };
}

/** Does without what GitHub refuses: an answer in a locked conversation stops nothing else. */
export async function unlessRefused(write: () => Promise<void>, deps: Logging): Promise<void> {
  await isNotRefused(write, deps);
}

/** Whether all of it was taken. */
export async function isNotRefused(write: () => Promise<void>, { log }: Logging): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!isGitHubRefusal(error)) throw error;
    log.warn({ err: error }, "GitHub does not take what was to be said");
    return false;
  }
}

/** False for what may pass by itself (limits, outages) and for bugs. */
export function isGitHubRefusal(error: unknown): error is GitHubRefusal {
  return error instanceof Error && "kind" in error && (error.kind === "refused" || error.kind === "denied");
}

/** GitHub's words where an App has not been given a permission; it denies other things in other words, as to a suspended one. */
export function lacksPermission(error: unknown): boolean {
  return (
    isGitHubRefusal(error) && error.kind === "denied" && /not accessible by integration/i.test(error.message)
  );
}

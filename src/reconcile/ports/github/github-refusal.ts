// A request that GitHub understood and refused. A retry is refused again until somebody changes the repository's rules,
// the App's permissions or a conversation's lock. It concerns this request only.

export interface GitHubRefusal extends Error {
  readonly kind: "refused" | "denied";
}

interface Logging {
  readonly log: { warn(about: object, message: string): void };
}

/** Ignores a refusal: a reply that a locked conversation refuses must not stop other work. */
export async function unlessRefused(write: () => Promise<void>, deps: Logging): Promise<void> {
  await isNotRefused(write, deps);
}

/** False when GitHub refused the write. */
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

/** False for temporary failures (rate limits, outages) and for bugs. */
export function isGitHubRefusal(error: unknown): error is GitHubRefusal {
  return error instanceof Error && "kind" in error && (error.kind === "refused" || error.kind === "denied");
}

/**
 * Matches GitHub's message for a missing App permission; other denials, such as of a suspended installation, have other
 * messages.
 */
export function lacksPermission(error: unknown): boolean {
  return (
    isGitHubRefusal(error) && error.kind === "denied" && /not accessible by integration/i.test(error.message)
  );
}

/** Whether GitHub could not give a part of an answer, which may last; everything else can go on. */
export function hasGap(error: unknown): boolean {
  return error instanceof Error && "gap" in error && error.gap !== undefined;
}

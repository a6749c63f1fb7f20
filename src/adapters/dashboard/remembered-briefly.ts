// A short-lived cache for expensive results, shared by concurrent callers.

const A_SECOND_MS = 1_000;
/** A result is kept so long that at most a fifth of the time is spent on making it. */
const PARTS = 5;

/** Caches a result for `forMs` milliseconds, or longer if making it takes long. Failures are not cached. */
export function rememberedBriefly<T>(make: () => Promise<T>, forMs = A_SECOND_MS): () => Promise<T> {
  let made: { readonly value: Promise<T>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (made && now < made.until) return made.value;
    const value = make();
    const making = { value, until: Number.POSITIVE_INFINITY };
    made = making;
    value.then(
      () => {
        const end = performance.now();
        making.until = Math.max(now + forMs, end + (PARTS - 1) * (end - now));
      },
      () => {
        made = undefined;
      },
    );
    return value;
  };
}

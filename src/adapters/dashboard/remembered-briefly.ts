// A short-lived cache for expensive results, shared by concurrent callers.

const A_SECOND_MS = 1_000;
/** Of the time at most one part in so many is spent on making it. */
const PARTS = 5;

/** For some time, or longer where making it takes long. */
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

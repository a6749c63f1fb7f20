// A short-lived cache for expensive results, shared by concurrent callers.

const A_SECOND_MS = 1_000;

export function rememberedBriefly<T>(make: () => Promise<T>, forMs = A_SECOND_MS): () => Promise<T> {
  let made: { readonly value: Promise<T>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (made && now - made.at < forMs) return made.value;
    const value = make();
    made = { value, at: now };
    value.catch(() => {
      made = undefined;
    });
    return value;
  };
}

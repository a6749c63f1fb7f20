// Flushing what was committed to the disk on another thread than the event loop's, which SQLite's own flush would hold.

/** Has the disk keep what was written to the write-ahead log before. */
export type Flush = () => Promise<void>;

/** How many rows were changed so far. */
type Changes = () => number;

/**
 * Resolves when everything is on the disk that was committed before the call. Two flushes are under way at most, and those that call
 * meanwhile share the next one. After one that failed nobody knows what is on the disk, and another would not tell: all reject from
 * then on.
 */
export function flushes(flush: Flush, changes: Changes): Flush {
  let older = Promise.resolve();
  let newer = older;
  let next: Promise<void> | undefined;
  let flushed = changes();
  const begin = async (other: Promise<void>) => {
    next = undefined;
    const written = changes();
    await Promise.all([flush(), other]);
    flushed = written;
  };
  return async () => {
    if (changes() === flushed) return;
    if (next === undefined) {
      const [ending, other] = [older, newer];
      next = ending.then(() => begin(other));
      [older, newer] = [other, next];
    }
    await next;
  };
}

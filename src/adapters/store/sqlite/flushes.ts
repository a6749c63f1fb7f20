// Flushing what was committed to the disk on another thread than the event loop's, which SQLite's own flush would hold.

/** Has the disk keep what was written to the write-ahead log before. */
export type Flush = () => Promise<void>;

/** How many rows were changed so far. */
type Changes = () => number;

/**
 * Resolves when everything is on the disk that was committed before the call; those that call during a flush share the next one. After
 * one that failed nobody knows what is on the disk, and another flush would not tell: all reject from then on.
 */
export function flushes(flush: Flush, changes: Changes): Flush {
  let underWay = Promise.resolve();
  let next: Promise<void> | undefined;
  let flushed = changes();
  const begin = async () => {
    next = undefined;
    const written = changes();
    await flush();
    flushed = written;
  };
  return async () => {
    if (changes() === flushed) return;
    next ??= underWay = underWay.then(begin);
    await next;
  };
}

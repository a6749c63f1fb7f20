// Flushes commits to disk (fsync) on another thread: SQLite's own flush would block the event loop.

/** Makes everything durable that was written to the write-ahead log before. */
export type Flush = () => Promise<void>;

/** Number of rows changed so far. */
type Changes = () => number;

/**
 * Resolves when everything committed before the call is on disk. At most two flushes are in progress, and calls that
 * arrive meanwhile share the next one. After a failed flush the state of the disk is unknown, and a further flush would
 * not report it: all calls reject from then on.
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

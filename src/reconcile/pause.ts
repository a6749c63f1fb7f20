// Yields to the event loop between the steps of a long computation.

/** Resolves after other pending work has had its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

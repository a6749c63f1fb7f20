// Between the steps of what would hold up everybody else.

/** Resolves when whatever else is due had its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

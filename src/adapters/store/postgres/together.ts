// Batching: items that arrive while a batch is written form the next batch, which is one transaction.

interface Waiting<Given, Answer> {
  readonly given: Given;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * `write` returns an answer for each item in order, and keeps all or none. If it fails, each item is written
 * separately, so that none fails because of another.
 */
export function together<Given, Answer>(
  write: (all: readonly Given[]) => Promise<readonly Answer[]>,
  most: number,
): (given: Given) => Promise<Answer> {
  const waiting: Waiting<Given, Answer>[] = [];
  let isWriting = false;
  const writeGroup = async (some: readonly Waiting<Given, Answer>[]): Promise<void> => {
    try {
      const answers = await write(some.map(({ given }) => given));
      for (const [n, answer] of answers.entries()) some[n]?.resolve(answer);
    } catch (error) {
      if (some.length === 1) some[0]?.reject(error);
      else await Promise.all(some.map((one) => writeGroup([one])));
    }
  };
  const writeAll = async () => {
    isWriting = true;
    while (waiting.length > 0) await writeGroup(waiting.splice(0, most));
    isWriting = false;
  };
  return (given) =>
    new Promise((resolve, reject) => {
      waiting.push({ given, resolve, reject });
      if (!isWriting) void writeAll();
    });
}

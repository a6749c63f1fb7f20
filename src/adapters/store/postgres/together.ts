// What arrives while others are written is written together with what else arrives meanwhile: one transaction for all of it.

interface Waiting<Given, Answer> {
  readonly given: Given;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * `write` answers for each in its order, and keeps all or none. Where it fails, each is written by itself, so that none fails for
 * another's sake.
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

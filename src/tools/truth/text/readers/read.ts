// How a sentence is read: a pattern over its words with `¤` for each code span, and what it claims then.

export interface Read {
  readonly words: string;
  readonly match: RegExpExecArray;
  readonly codes: readonly string[];
  /** Of the environment, which is its namespace too. */
  readonly release: string;
  /** The resource that the sentence begins with. */
  readonly title: string;
}

export type Reader = readonly [pattern: RegExp, claims: (read: Read) => readonly string[]];

/** A sentence about the resource that it begins with. */
export function about(rest: string, claims: (read: Read) => readonly string[]): Reader {
  return [new RegExp(`^¤ ¤ ${rest}`), claims];
}

/** One claim for each code span behind the resource's own two. */
export function each(claim: (code: string, read: Read) => string): (read: Read) => readonly string[] {
  return (read) => read.codes.slice(2).map((code) => claim(code, read));
}

/** The words with their code spans put back. */
export function filled(words: string, codes: readonly string[]): string {
  const left = [...codes];
  return words.replace(/¤/g, () => left.shift() ?? "");
}

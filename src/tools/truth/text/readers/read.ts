// How to parse a sentence: a pattern over its words with `¤` for each code span, and the claims that follow.

export interface Read {
  readonly words: string;
  readonly match: RegExpExecArray;
  readonly codes: readonly string[];
  /** The environment's release, also its namespace. */
  readonly release: string;
  /** The resource at the start of the sentence. */
  readonly title: string;
}

export type Reader = readonly [pattern: RegExp, claims: (read: Read) => readonly string[]];

/** Parses a sentence that starts with a resource. */
export function about(rest: string, claims: (read: Read) => readonly string[]): Reader {
  return [new RegExp(`^¤ ¤ ${rest}`), claims];
}

/** One claim per code span after the two of the resource. */
export function each(claim: (code: string, read: Read) => string): (read: Read) => readonly string[] {
  return (read) => read.codes.slice(2).map((code) => claim(code, read));
}

/** The words with their code spans filled in. */
export function filled(words: string, codes: readonly string[]): string {
  const left = [...codes];
  return words.replace(/¤/g, () => left.shift() ?? "");
}

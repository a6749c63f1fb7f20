// The classes of characters of go-yaml 2 (yamlprivateh.go). 0 stands for the end of the text.

export const TAB = 0x09;
export const SPACE = 0x20;

/** The code of a character that is written in ASCII. */
export function codeOf(character: string): number {
  return character.charCodeAt(0);
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A line break of YAML 1.1: CR, LF, NEL, LS or PS. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === TAB || code === 0 || isBreak(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A letter, a digit, `_` or `-`. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    isDigit(code) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** The value of a hexadecimal digit; negative for any other character. */
export function hexValue(code: number): number {
  if (isDigit(code)) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** A character that may stand in a YAML text at all; a surrogate stands for the astral character that it is half of. */
export function isAllowed(code: number): boolean {
  if (code < 0x7f) return code >= SPACE || code === TAB || code === 0x0a || code === 0x0d;
  return code === 0x85 || (code >= 0xa0 && code <= 0xfffd);
}

/** A table of the printable ASCII characters, space and tab, except these: 1 for each that belongs, by its code. */
export function asciiExcept(characters: string): Uint8Array {
  return Uint8Array.from({ length: 0x7f }, (_, code) =>
    (code >= SPACE || code === TAB) && !characters.includes(String.fromCharCode(code)) ? 1 : 0,
  );
}

export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

// `!!binary` as Go reads it.

/**
 * The bytes of a text in base64, read as UTF-8 in which every byte that does not belong is U+FFFD, as Go's
 * encoding/json writes it; nothing when the text is no base64. Line breaks do not count.
 */
export function goBase64(text: string): string | undefined {
  const packed = text.replace(/[\r\n]/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return decodeUtf8(Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)));
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  const whole = UTF8.decode(bytes);
  return whole.includes("\ufffd") ? decodeBroken(bytes) : whole;
}

/** TextDecoder would put one U+FFFD in the place of several bytes. */
function decodeBroken(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      pieces.push(UTF8.decode(bytes.subarray(from, at)), "\ufffd");
      from = at + 1;
    }
    at += Math.max(length, 1);
  }
  pieces.push(UTF8.decode(bytes.subarray(from)));
  return pieces.join("");
}

/** How many bytes the character has that begins here; 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  const [lowest, highest] = SECOND_BYTES.get(first) ?? [0x80, 0xbf];
  const second = bytes[at + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let place = 2; place < length; place += 1) if (((bytes[at + place] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Where not every continuation byte may follow (RFC 3629, section 4). */
const SECOND_BYTES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

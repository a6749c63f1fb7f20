// A deterministic ustar writer: the same entries always give the same bytes; malicious entries are possible.

const BLOCK = 512;

export interface TarEntry {
  readonly path: string;
  readonly data?: string | Uint8Array;
  /** `file` unless said otherwise; links name their target in `target`. */
  readonly type?: keyof typeof TYPE_FLAGS;
  readonly target?: string;
}

const TYPE_FLAGS = {
  ...{ file: "0", link: "1", symlink: "2", directory: "5", fifo: "6" },
  ...{ "pax-header": "x", "pax-global-header": "g" },
} as const;

/** An uncompressed tar (POSIX ustar) with mode 0644, owner 0 and time 0 everywhere; paths up to 255 bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const data = Buffer.from(entry.data ?? "");
    return [header(entry, data.length), data, Buffer.alloc(-data.length & (BLOCK - 1))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = splitPath(entry.path);
  block.write(name, 0);
  block.write(entry.type === "directory" ? "0000755" : "0000644", 100);
  block.write("0000000", 108);
  block.write("0000000", 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write("        ", 148);
  block.write(TYPE_FLAGS[entry.type ?? "file"], 156);
  block.write(entry.target ?? "", 157, 100);
  block.write("ustar\u000000", 257);
  block.write(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, width: number): string {
  return value.toString(8).padStart(width, "0");
}

/** Prefix (at most 155 bytes) and name (at most 100), cut at a slash. */
function splitPath(path: string): readonly [string, string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  const cut = path.indexOf("/", path.length - 101);
  if (cut < 0 || cut > 155) throw new Error(`ustar cannot hold the path ${path}`);
  return [path.slice(0, cut), path.slice(cut + 1)];
}

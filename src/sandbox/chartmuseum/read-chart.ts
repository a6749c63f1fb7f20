// Reads Chart.yaml from an uploaded package, with the error messages of Helm's loader.

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { valid } from "semver";
import { extract } from "tar-stream";
import { parse } from "yaml";

export interface ChartFile {
  readonly name: string;
  readonly version: string;
  /** Chart.yaml as parsed, in the order of its keys. */
  readonly metadata: { readonly [key: string]: unknown };
  /** Bare hex sha256 of the package. */
  readonly digest: string;
}

/** The error message of a real ChartMuseum for these bytes. */
export class NotAChart extends Error {}

/** @throws NotAChart */
export async function readChart(packed: Uint8Array): Promise<ChartFile> {
  const chartYaml = await chartYamlOf(unzip(packed));
  const metadata = mapping(chartYaml);
  const { name, version } = metadata;
  if (typeof name !== "string") throw new NotAChart("validation: chart.metadata.name is required");
  if (typeof version !== "string" && typeof version !== "number")
    throw new NotAChart("validation: chart.metadata.version is required");
  if (valid(String(version), { loose: true }) === null)
    throw new NotAChart(`validation: chart.metadata.version "${version}" is invalid`);
  return { name, version: String(version), metadata, digest: sha256(packed) };
}

function unzip(packed: Uint8Array): Buffer {
  if (packed.length === 0) throw new NotAChart("EOF");
  try {
    return gunzipSync(packed);
  } catch {
    throw new NotAChart("gzip: invalid header");
  }
}

async function chartYamlOf(tarball: Buffer): Promise<string> {
  const reader = extract();
  reader.end(tarball);
  let files = 0;
  for await (const entry of reader) {
    files += 1;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
    if (/^[^/]+\/Chart\.yaml$/.test(entry.header.name)) return Buffer.concat(chunks).toString("utf8");
  }
  throw new NotAChart(files === 0 ? "no files in chart archive" : "Chart.yaml file is missing");
}

function mapping(text: string): { readonly [key: string]: unknown } {
  const value: unknown = parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new NotAChart("cannot load Chart.yaml: error unmarshaling JSON");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

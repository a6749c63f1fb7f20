// Reads name and version from a local archive. With little code, since all of it is in the single file that pipelines
// download; the server opens the chart repository's archive itself, and does not rely on this.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { readYaml } from "../../domain/go-yaml/read-yaml.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { systemReason } from "../arguments/read-text.ts";

export interface PackedChart {
  /** `sha256:` and hex digits. */
  readonly digest: string;
  readonly chart: string;
  readonly version: string;
}

const MOST_BYTES = 100 * 1024 * 1024;

export async function readPackedChart(file: string): Promise<Result<PackedChart>> {
  try {
    const packed = await readFile(file);
    const chartYaml = topChartYaml(gunzipSync(packed, { maxOutputLength: MOST_BYTES }));
    const read = chartYaml === undefined ? undefined : readYaml(chartYaml);
    const { name, version } = Object(read?.ok === true ? read.value : undefined);
    if (typeof name !== "string" || typeof version !== "string")
      return fail(unreadable(file, "no Chart.yaml in it names a chart and a version"));
    const digest = `sha256:${createHash("sha256").update(packed).digest("hex")}`;
    return ok({ digest, chart: name, version });
  } catch (error) {
    return fail(unreadable(file, systemReason(error)));
  }
}

const BLOCK = 512;

/** The first `NAME/Chart.yaml` in a tar archive (POSIX pax, "ustar Interchange Format"). */
function topChartYaml(tarball: Buffer): string | undefined {
  for (let at = 0; at + BLOCK <= tarball.length; ) {
    const header = tarball.subarray(at, at + BLOCK);
    const size = Number.parseInt(textOf(header, 124, 12).trim() || "0", 8);
    if (!Number.isSafeInteger(size)) return undefined;
    const [name, start] = [textOf(header, 0, 100), at + BLOCK];
    if (/^(?:\.\/)?[^/]+\/Chart\.yaml$/.test(name) && textOf(header, 345, 155) === "")
      return tarball.subarray(start, start + size).toString("utf8");
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

/** A field ends at its first NUL, or at its full length. */
function textOf(header: Buffer, start: number, length: number): string {
  return header
    .subarray(start, start + length)
    .toString("latin1")
    .replace(/\0[\s\S]*$/, "");
}

function unreadable(file: string, because: string): Problem {
  return {
    code: "archive-invalid",
    message: `${file} cannot be read as a packed chart: ${because.replace(/\.$/, "")}.`,
    help: "Give --archive what `helm package` wrote, or leave it out and give --chart and --version.",
  };
}

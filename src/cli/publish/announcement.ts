// The announcement, from the options and the files that they name.

import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import { readValuesFile } from "../arguments/values-file.ts";
import type { PublishOptions } from "./options.ts";
import { type PackedChart, readPackedChart } from "./packed-chart.ts";

/** The body of POST /publish; `undefined` members are omitted from JSON. */
export async function readAnnouncement(options: PublishOptions): Promise<Result<object>> {
  const named = await namedChart(options);
  if (!named.ok) return named;
  const values = options.values === undefined ? ok(undefined) : await readValuesFile(options.values);
  if (!values.ok) return values;
  const { repository, sourceRepository, revision, build } = options;
  const source = [sourceRepository, revision, build].some((part) => part !== undefined)
    ? { repository: sourceRepository, revision, build }
    : undefined;
  return ok({ ...named.value, repository, source, values: values.value });
}

type NamedChart = { readonly [Key in keyof PackedChart]: PackedChart[Key] | undefined };

/** From the archive, unless it contradicts the options. */
async function namedChart(options: PublishOptions): Promise<Result<NamedChart>> {
  const { archive, chart, digest } = options;
  const version = options.version ?? options.chartVersion;
  const packed = archive === undefined ? undefined : await readPackedChart(archive);
  if (packed?.ok === false) return packed;
  if (packed === undefined) {
    if (chart === undefined) return fail(missing("--chart"));
    return version === undefined ? fail(missing("--version")) : ok({ chart, version, digest });
  }
  const announced: NamedChart = { chart, version, digest };
  for (const key of ["chart", "version", "digest"] as const)
    if (announced[key] !== undefined && announced[key] !== packed.value[key])
      return fail(otherwise(`--${key}`, announced[key], packed.value[key]));
  return packed;
}

function missing(option: string): Problem {
  return {
    code: "malformed",
    message: `Neither ${option} nor --archive is given.`,
    help: "Give --archive the packed chart, or --chart and --version.",
  };
}

function otherwise(option: string, stated: string, found: string): Problem {
  return {
    code: "malformed",
    message: `${option} says ${stated}, and the archive ${found}.`,
    help: `Leave ${option} out, or give the archive that is meant.`,
  };
}

// An OCI registry as a chart repository.

import { fail, ok, type Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import { type ChartVersion, type LookUp, parseMetadata } from "./chart-version.ts";
import { chartAddress, chartRegistry, isBlob, readManifest, tagOf } from "./oci-chart.ts";
import { readTags } from "./oci-tags.ts";
import { parseJson } from "./parse-json.ts";
import type { Registry } from "./registry.ts";
import { unreachable } from "./unreachable.ts";

export function lookUpInRegistry(
  repository: ChartRepository,
  chart: string,
  version: string,
): Promise<LookUp> {
  return lookUpTag({ repository, chart, registry: chartRegistry(repository, chart) }, version);
}

/** Every version with its metadata, in the registry's order of tags; two requests for each. */
export async function versionsInRegistry(
  repository: ChartRepository,
  chart: string,
): Promise<Result<readonly ChartVersion[]>> {
  const registry = chartRegistry(repository, chart);
  const tags = await readTags(repository, registry);
  if (tags.kind === "unreachable") return fail(tags.problem);
  const found: ChartVersion[] = [];
  for (const version of tags.versions) {
    const answer = await lookUpTag({ repository, chart, registry }, version);
    if (answer.kind === "unreachable") return fail(answer.problem);
    if (answer.kind === "found") found.push(answer);
  }
  return ok(found);
}

interface Where {
  readonly repository: ChartRepository;
  readonly chart: string;
  readonly registry: Registry;
}

async function lookUpTag({ repository, chart, registry }: Where, version: string): Promise<LookUp> {
  const manifest = await readManifest(repository, registry, version);
  if (manifest.kind !== "manifest") return manifest;
  const { config, content, digest, created } = manifest;
  const answer = await registry.ask({ path: `blobs/${config}` });
  const metadata = isBlob(answer, config) ? parseMetadata(parseJson(answer.body)) : undefined;
  if (metadata === undefined) return { kind: "unreachable", problem: unreachable(repository.name, answer) };
  const address = chartAddress(repository, chart);
  if (metadata.name !== chart || metadata.version !== version) {
    const tag = `${address.origin}/${address.repository}:${tagOf(version)}`;
    return { kind: "missing", asked: `${tag} holds ${metadata.name} ${metadata.version} instead` };
  }
  return {
    kind: "found",
    metadata,
    digest: content,
    manifestDigest: digest,
    ...(created !== undefined && { created }),
    urls: [`${address.origin}/v2/${address.repository}/blobs/${content}`],
  };
}

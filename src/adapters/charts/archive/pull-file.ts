// Pulls a packed chart (or its provenance) from an OCI registry, where each is a layer of the chart's manifest.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { fail, ok, type Result } from "../../../domain/model/problem.ts";
import { unreachableProblem } from "../http/unreachable.ts";
import type { ChartManifest, NoManifest } from "../oci/oci-chart.ts";
import { type Registry, registryAbsence } from "../oci/registry.ts";
import { ARCHIVE_REQUEST } from "./archive-limits.ts";
import { missing } from "./fetch-problem.ts";

export interface Pull {
  readonly what: "archive" | "provenance";
  readonly manifest: ChartManifest | NoManifest;
}

export async function pullFile(
  repository: ChartRepository,
  registry: Registry,
  { what, manifest }: Pull,
): Promise<Result<Uint8Array>> {
  if (manifest.kind === "unreachable") return fail(manifest.problem);
  if (manifest.kind === "missing") return fail(missing(repository, manifest.requested));
  const digest = what === "archive" ? manifest.content : manifest.provenance;
  return digest === undefined
    ? fail(missing(repository, "the chart was pushed without one"))
    : pullByDigest(repository, registry, digest);
}

/** The blob with a digest; the caller verifies its content. */
export async function pullByDigest(
  repository: ChartRepository,
  registry: Registry,
  digest: string,
): Promise<Result<Uint8Array>> {
  const answer = await registry.send({ path: `blobs/${digest}`, ...ARCHIVE_REQUEST });
  if (answer.kind === "answer" && answer.status === 200) return ok(answer.body);
  const absent = registryAbsence(answer);
  return fail(
    absent === undefined
      ? unreachableProblem(repository.name, answer)
      : missing(repository, `${answer.requested} answered 404 ${absent}`),
  );
}

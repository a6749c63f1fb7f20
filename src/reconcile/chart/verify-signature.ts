// Whether a key of the chart repository's keyring signed this very archive. Pull request text and check run both use
// this answer.

import type { SignatureVerdict } from "../../domain/model/chart/signature.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { ChartRef, Deps } from "../context.ts";
import type { Packed } from "../ports/chart-review.ts";

export interface ChartToVerify extends Pick<ChartRef, "chart" | "version"> {
  readonly repository: ChartRepository | undefined;
  readonly archive: Packed;
}

/** A digest mismatch makes the chart invalid even if it is signed, and even without a keyring. */
export async function verifySignature(
  { repository, chart, version, archive }: ChartToVerify,
  { inspection }: Pick<Deps, "inspection">,
): Promise<SignatureVerdict> {
  const keyring = repository?.keyring;
  const problem = archive.kind === "missing" ? archive.problem : undefined;
  if (problem?.code === "chart-digest") return { kind: "invalid", problem };
  if (!repository || !keyring) return { kind: "unasked" };
  if (archive.kind === "missing") return unverified(problem ?? notAtHand(archive.because));
  const prov = await inspection.fetchProvenance(repository, { chart, version });
  if (!prov.ok) return unverified(...prov.problems);
  const signed = { prov: prov.value, keyring, packed: archive.bytes, name: chart, version };
  const verified = await inspection.verifyProvenance(signed);
  if (!verified.ok) return unverified(...verified.problems);
  return { kind: "valid", signer: verified.value.userIds[0] ?? verified.value.keyId };
}

/** While the chart repository does not answer, the signature counts as unverified, not as wrong. */
function unverified(problem: Problem = notAtHand("it is not known why")): SignatureVerdict {
  return { kind: PASSING.has(problem.code) ? "unknown" : "invalid", problem };
}

const PASSING: ReadonlySet<Problem["code"]> = new Set(["chart-repository-unreachable"]);

function notAtHand(because: string): Problem {
  return {
    code: "chart-repository-unreachable",
    message: `The archive is not at hand: ${because}.`,
    help: "It is asked for again.",
  };
}

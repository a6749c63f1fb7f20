// The images that an environment would run, and whether they exist in the registries configured in server.yaml.

import type { EnvironmentFacts, ImageFact } from "../../domain/check/facts.ts";
import type { ImageRegistry } from "../../domain/model/config/settings.ts";
import type { RenderingJudgement } from "../../domain/pull-request-body/judgement.ts";
import type { ChartTools } from "../ports/github/check-run-github.ts";

type ImageFacts = Pick<EnvironmentFacts, "images" | "imagesUnknown">;

interface ImageContext {
  readonly registries: readonly ImageRegistry[];
  readonly inspection: Pick<ChartTools, "imageExists">;
}

/** Images are looked up only in the registries that the operator configured; all others are skipped. */
export async function gatherImages(
  judgement: RenderingJudgement | undefined,
  { registries, inspection }: ImageContext,
): Promise<ImageFacts> {
  if (registries.length === 0 || judgement === undefined) return { images: [] };
  if (!judgement.images) return { images: [], imagesUnknown: whyUnknown(judgement) };
  const images: ImageFact[] = [];
  for (const image of judgement.images) {
    const answer = await inspection.imageExists(registries, image);
    if (answer.kind !== "unchecked") images.push({ image, answer });
  }
  return { images };
}

function whyUnknown({ verdict }: RenderingJudgement): string {
  return verdict.kind === "unknown" ? verdict.because : "it does not render";
}

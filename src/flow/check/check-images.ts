// The images that an environment's moved charts would run, and whether they exist in the registries of server.yaml.

import { stringify } from "yaml";
import type { EnvironmentFacts, ImageFact } from "../../check/facts.ts";
import type { Environment } from "../../model/config.ts";
import type { HeadTexts } from "../../model/head.ts";
import type { ImageRegistry } from "../../model/settings.ts";
import type { Files } from "../../model/umbrella.ts";
import { imagesOf } from "../../review/images.ts";
import { readManifests } from "../../review/manifests.ts";
import type { Inspection } from "../ports/check-ports.ts";
import type { Inspected } from "./inspect-chart.ts";

type ImageFacts = Pick<EnvironmentFacts, "images" | "imagesUnknown">;

interface ImageContext {
  readonly environment: Pick<Environment, "name" | "valuesFiles">;
  readonly texts: Pick<HeadTexts, "head">;
  readonly registries: readonly ImageRegistry[];
  readonly inspection: Pick<Inspection, "imageExists" | "render">;
}

/** Only asked where the operator configured a registry; images of other registries are nobody's business here. */
export async function gatherImages(
  inspected: readonly Inspected[],
  context: ImageContext,
): Promise<ImageFacts> {
  const { registries, inspection } = context;
  const charts = inspected.filter(({ packed }) => packed !== undefined);
  if (registries.length === 0 || charts.length === 0) return { images: [] };
  if (!inspection.render)
    return { images: [], imagesUnknown: "the server has no helm to render the charts with" };
  const rendered = await inspection.render(umbrellaOf(charts, context));
  if (!rendered.ok) {
    const [problem] = rendered.problems;
    return { images: [], imagesUnknown: `the charts do not render: ${problem?.message ?? "unknown reason"}` };
  }
  const images: ImageFact[] = [];
  for (const image of imagesOf(readManifests(rendered.value).resources)) {
    const answer = await inspection.imageExists(registries, image);
    if (answer.kind !== "unchecked") images.push({ image, answer });
  }
  return { images };
}

/** An umbrella chart of just those charts, with this environment's values: the others' images are not in question. */
function umbrellaOf(charts: readonly Inspected[], { environment, texts }: ImageContext) {
  const dependencies = charts.map(({ facts: { entry } }) => {
    const { name, alias, condition, tags } = entry.dependency;
    return {
      name,
      version: entry.to,
      repository: "",
      ...(alias !== undefined && { alias }),
      condition,
      tags,
    };
  });
  const chart = stringify({ apiVersion: "v2", name: "check", version: "0.0.0", dependencies });
  const valuesFiles = [
    ...new Set(
      environment.valuesFiles.flatMap((file) =>
        charts.map(({ facts }) => file.replaceAll("{chart}", facts.entry.key)),
      ),
    ),
  ].filter((file) => texts.head.has(file));
  const umbrellaFiles: Files = new Map([
    ["Chart.yaml", chart],
    ...valuesFiles.map((file) => [file, texts.head.get(file) ?? ""] as const),
  ]);
  const archives = new Map(
    charts.map(({ facts: { entry }, packed }) => [
      `${entry.dependency.name}-${entry.to}.tgz`,
      packed ?? new Uint8Array(),
    ]),
  );
  return { umbrellaFiles, archives, valuesFiles, release: environment.name };
}

// Versions that differ in build metadata only: Helm ignores it when it compares versions, and may download another one
// than was reviewed.

import type { ChartFacts } from "../facts.ts";
import { clip, code } from "../markdown/escape.ts";
import type { Risk } from "./risk.ts";

export function buildMetadataRisks({ chart, to, sameRank = [] }: ChartFacts): readonly Risk[] {
  if (sameRank.length === 0) return [];
  const others = sameRank.slice(0, 5).map((version) => code(clip(version, 100)));
  const rest = sameRank.length > 5 ? ` and ${sameRank.length - 5} more` : "";
  return [
    {
      level: "warning",
      text: `what is merged may not be what is deployed: the chart repository also has ${others.join(", ")}${rest} of ${code(chart)}, and \`helm dependency build\` may download that for ${code(to)}, because build metadata does not count for it (Helm issue 13245)`,
    },
  ];
}

// The chart repository no longer has the archive that was published and verified: it was replaced or removed.

import type { Publish } from "../../model/publish.ts";
import type { ChartFacts } from "../facts.ts";
import { clip, code } from "../markdown/escape.ts";
import { ourPart } from "../markdown/markers.ts";
import { type Risk, sentencesOf } from "./risk.ts";

export function changedChartRisks({ publish }: Pick<ChartFacts, "publish">): readonly Risk[] {
  if (publish === undefined) return [];
  const { chart, version, digest, changedSince } = publish;
  const what = `${code(clip(version, 100))} of ${code(clip(chart, 100))}`;
  switch (changedSince?.kind) {
    case undefined:
      return [];
    case "removed":
      return [{ level: "danger", text: `${what} ${REMOVED}: Helm cannot download it`, refusedBy: "helm" }];
    case "replaced":
      return [
        {
          level: "danger",
          text: `${what} ${REPLACED} after it was published: it has the digest ${code(changedSince.digest)} now, and was published with ${code(digest ?? "none")}`,
        },
      ];
  }
}

const REMOVED = "is in the chart repository no more";
const REPLACED = "was replaced in the chart repository";

/** Whether the App's part of a pull request body lists exactly the changes of these publishes that are known now. */
export function tellsChanges(body: string, publishes: readonly Publish[]): boolean {
  const appPart = ourPart(body);
  const known = sentencesOf(
    publishes.flatMap((publish) => changedChartRisks({ publish })),
    "danger",
  );
  return (
    known.every((sentence) => appPart.includes(sentence)) &&
    cautions(appPart).every((line) => !TOLD.test(line) || known.includes(line))
  );
}

const TOLD = new RegExp(`^\`[^\`]*\` of \`[^\`]*\` (?:${REMOVED}|${REPLACED})`);

/** The lines of the first CAUTION alert: the App writes it before any text that charts contribute. */
function cautions(appPart: string): readonly string[] {
  const [, alert = ""] = /^> \[!CAUTION\]\n((?:> - .*(?:\n|$))*)/m.exec(appPart) ?? [];
  return alert.split("\n").map((line) => line.replace(/^> - /, ""));
}

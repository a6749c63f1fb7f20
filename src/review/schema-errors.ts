// Values of this environment that the new version's schema refuses: Helm will refuse them too.

import { clip, code, text } from "./escape.ts";
import type { ChartFacts, SchemaError, TextFile } from "./facts.ts";
import type { Risk } from "./risk.ts";
import { placeOf } from "./schema.ts";
import type { Section } from "./section.ts";
import { dotted } from "./tree.ts";

export interface SchemaReview {
  readonly risks: readonly Risk[];
  readonly section?: Section;
}

export function reviewSchema(
  { schema, to }: ChartFacts,
  files: readonly TextFile[],
  title: string,
): SchemaReview {
  if (schema === undefined) return { risks: [] };
  if (schema.kind === "unchecked") {
    return {
      risks: [
        {
          level: "warning",
          text: `the values are not checked against \`values.schema.json\` of ${code(to)}: ${text(clip(schema.because, 300))}`,
        },
      ],
    };
  }
  const lines = schema.errors.map((error) => line(error, files));
  if (lines.length <= FEW) {
    return {
      risks: lines.map((text) => ({
        level: "danger",
        text: `${text}, says \`values.schema.json\`: Helm will refuse it`,
      })),
    };
  }
  return {
    risks: [
      {
        level: "danger",
        text: `${lines.length} values here do not fit \`values.schema.json\` of ${code(to)}: Helm will refuse them`,
      },
    ],
    section: { title, shown: "open", items: lines.map((text) => `- ${text}`), unit: "errors", join: "\n" },
  };
}

/** So many stand among the other risks; more have a section of their own. */
const FEW = 4;

/** "`xposer.replicas` (`values.yaml:4`) must be integer" */
function line(error: SchemaError, files: readonly TextFile[]): string {
  const place = placeOf(error, files);
  const where = place === undefined ? "a default of the chart" : code(`${place.file}:${place.line}`);
  return `${code(clip(dotted([error.key, ...error.path]), 200))} (${where}) ${text(clip(error.message, 300))}`;
}

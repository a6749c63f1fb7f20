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
          text: `the values are not checked against the schema of ${code(to)}: ${text(clip(schema.because, 300))}`,
        },
      ],
    };
  }
  if (schema.errors.length === 0) return { risks: [] };
  const count = schema.errors.length === 1 ? "a value here does" : `${schema.errors.length} values here do`;
  return {
    risks: [
      {
        level: "danger",
        text: `${count} not fit \`values.schema.json\` of ${code(to)}: Helm will refuse to install it`,
      },
    ],
    section: {
      title,
      shown: "open",
      items: schema.errors.map((error) => item(error, files)),
      unit: "errors",
      join: "\n",
    },
  };
}

function item(error: SchemaError, files: readonly TextFile[]): string {
  const place = placeOf(error, files);
  const where = place === undefined ? "a default of the chart" : code(`${place.file}:${place.line}`);
  return `- ${code(clip(dotted([error.key, ...error.path]), 200))} ${text(clip(error.message, 300))} (${where})`;
}

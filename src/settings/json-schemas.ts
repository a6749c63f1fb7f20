// JSON Schemas (draft 2020-12) of the config files, for editors: what a person may write, before defaults are filled
// in. What a schema cannot express (a lock that is out of sync, an unknown name) is reported by the server and `check`.

import * as z from "zod";
import { schema as configSchema, defaultsSchema } from "../domain/config/schema.ts";
import { DEFAULTS_FILE } from "../domain/model/config/config.ts";
import { schema as serverSchema } from "./schema.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const [CONFIG, DEFAULTS, SERVER] = [
  "chart-promoter.json",
  "chart-promoter-defaults.json",
  "server.json",
] as const;

/** File names under which they are served and shipped. */
export const SCHEMA_FILES: readonly string[] = [CONFIG, DEFAULTS, SERVER];

export function jsonSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    [CONFIG, jsonSchemaOf(configSchema, { title: ".github/chart-promoter.yml" })],
    [DEFAULTS, jsonSchemaOf(defaultsSchema, { title: DEFAULTS_FILE })],
    [SERVER, jsonSchemaOf(serverSchema, { title: "server.yaml", placeholder: PLACEHOLDER })],
  ]);
}

/** See substitute.ts. */
const PLACEHOLDER = "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}";

interface About {
  readonly title: string;
  /** A pattern that any text may match instead, since placeholders are replaced before validation. */
  readonly placeholder?: string;
}

function jsonSchemaOf(schema: z.ZodType, { title, placeholder }: About): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // Editors follow YAML 1.2, which has no dates.
      if (zodSchema._zod.def.type === "date") jsonSchema.not = {};
      // JSON Schema has no such format; the pattern says the same.
      if (jsonSchema.format?.startsWith("cidr")) delete jsonSchema.format;
      if (placeholder !== undefined && isRestrictedText(jsonSchema)) orPlaceholder(jsonSchema, placeholder);
    },
  });
  return { ...made, title };
}

function isRestrictedText({ type, pattern, format }: JsonSchema): boolean {
  return type === "string" && (pattern !== undefined || format !== undefined);
}

/** Modifies the schema in place, as zod requires. */
function orPlaceholder(schema: JsonSchema, pattern: string): void {
  const { description: _description, ...rules } = schema;
  for (const key of Object.keys(rules)) delete schema[key];
  schema.anyOf = [rules, { type: "string", pattern }];
}

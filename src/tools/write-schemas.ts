// npm run schemas: the JSON Schemas of both files, written into docs/schema.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jsonSchemas } from "../settings/json-schemas.ts";

const FOLDER = join(import.meta.dirname, "../../docs/schema");

for (const [name, schema] of jsonSchemas())
  writeFileSync(join(FOLDER, name), `${JSON.stringify(schema, null, 2)}\n`);

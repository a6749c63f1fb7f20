// The schemas for editors, read by a validator of its own: they take what the server takes, and refuse what it refuses.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { parse } from "yaml";
import { schema as configSchema } from "../../src/domain/config/schema.ts";
import { jsonSchemas } from "../../src/settings/json-schemas.ts";
import { yamlExamples } from "../support/yaml-examples.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCHEMAS = new Map([...jsonSchemas()].map(([name, schema]) => [name, validator(schema)]));

function validator(schema: object) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajvFormats.default(ajv);
  return ajv.compile(schema);
}

/** What it finds wrong, one line each. */
function faults(name: string, document: unknown): readonly string[] {
  const validate = SCHEMAS.get(name);
  if (!validate) throw new Error(`there is no schema ${name}`);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test.each([...jsonSchemas()])("docs/schema/%s is what the code says (npm run schemas)", (name, schema) => {
  expect(JSON.parse(readFileSync(`${ROOT}docs/schema/${name}`, "utf8"))).toEqual(schema);
});

describe("every example", () => {
  const examples = yamlExamples();

  test("they are found", () => {
    expect(examples.map(({ where }) => where)).toEqual(
      expect.arrayContaining([
        "README.md:server.json",
        "README.md:chart-promoter.json",
        "docs/reference.md:server.json",
        "docs/reference.md:chart-promoter.json",
        "fixtures/config-repository/.github/chart-promoter.yml:chart-promoter.json",
      ]),
    );
  });

  test.each(examples.map((one) => [one.where, one] as const))("%s is taken", (_, { text, schema }) => {
    expect(faults(schema, parse(text))).toEqual([]);
  });
});

/** Refused by the server for what no JSON Schema can say. */
const ONLY_THE_SERVER_SEES: readonly string[] = ["values-not-plain.yaml"];

describe.each(["valid", "invalid"])("%s configs", (folder) => {
  const path = `${ROOT}fixtures/config/${folder}`;
  const cases = readdirSync(path)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => readable(file, readFileSync(`${path}/${file}`, "utf8")));

  test.each(cases)("%s", (file, document) => {
    const taken = configSchema.safeParse(document ?? {}).success;
    expect(faults("chart-promoter.json", document ?? {}).length === 0).toBe(
      taken || ONLY_THE_SERVER_SEES.includes(file),
    );
  });
});

/** Without those that are no YAML, or that no JSON can tell. */
function readable(file: string, text: string): readonly (readonly [string, unknown])[] {
  try {
    const document = parse(text, { merge: true });
    JSON.stringify(document);
    return [[file, document]];
  } catch {
    return [];
  }
}

test.each<readonly [document: object, isTaken: boolean]>([
  [{ chartRepositories: { a: { url: "https://charts.example.com" } } }, true],
  [{ chartRepositories: { a: { url: "$" + "{CHARTS}" } } }, true],
  [{ chartRepositories: { a: { url: "charts.example.com" } } }, false],
  [{ chartRepositories: { a: { url: "https://charts.example.com", poll: "5 minutes" } } }, false],
  [{ chartRepositories: { a: { url: "https://charts.example.com", poll: "off" } } }, true],
  [{ chartRepositories: {}, publisher: {} }, false],
  [{ chartRepositories: {}, metrics: "public" }, true],
  [{ chartRepositories: {}, metrics: "open" }, false],
  [{}, false],
])("server.yaml %j is taken: %s", (document, isTaken) => {
  expect(faults("server.json", document).length === 0).toBe(isTaken);
});

// Validates the environment's values against values.schema.json of the new version, as Helm does
// (https://helm.sh/docs/topics/charts/#schema-files). Hostile schemas and patterns can run forever: call it where it
// can be stopped.

import { Ajv, type ErrorObject, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import AjvDraft4 from "ajv-draft-04";
import formats from "ajv-formats";
import type { Archive } from "../../model/chart/archive.ts";
import type { SchemaError, SchemaVerdict, TextFile } from "../facts.ts";
import { isTree, type TreePath, textAt, treeAt, type ValueTree } from "../manifests/tree.ts";
import { readValues } from "./defaults.ts";
import { coalesce, environmentValues } from "./environment-values.ts";

export interface ValuesToCheck {
  /** Text of values.schema.json. */
  readonly schema: string;
  /** Text of the new chart's values.yaml. */
  readonly defaults: string;
  /** Keys that the chart's values are under; each is validated separately. */
  readonly keys: readonly string[];
  readonly valuesFiles: readonly TextFile[];
}

/** The input for validating an opened chart; `undefined` when it has no schema. */
export function valuesToCheck(
  { files }: Archive,
  about: Pick<ValuesToCheck, "keys" | "valuesFiles">,
): ValuesToCheck | undefined {
  const text = (path: string): string | undefined => {
    const bytes = files.get(path);
    return bytes && new TextDecoder().decode(bytes);
  };
  const schema = text("values.schema.json");
  return schema === undefined ? undefined : { ...about, schema, defaults: text("values.yaml") ?? "" };
}

const MOST_ERRORS = 50;

export function checkValues({ schema, defaults, keys, valuesFiles }: ValuesToCheck): SchemaVerdict {
  const parsed = parseSchema(schema);
  if (parsed === undefined) return unchecked("it is no JSON object");
  const values = readValues(defaults);
  if (values === undefined) return unchecked("its values.yaml is no map");
  try {
    const { $schema: _draft, ...schemaItself } = parsed;
    const validate = validatorFor(parsed).compile(schemaItself);
    const errors = keys.flatMap((key) => {
      validate({ global: {}, ...coalesced(values, key, valuesFiles) });
      return (validate.errors ?? []).filter(isTelling).map((error) => schemaError(error, key));
    });
    return { kind: "checked", errors: unique(errors).slice(0, MOST_ERRORS) };
  } catch (error) {
    return unchecked(unusable(error));
  }
}

function unusable(error: unknown): string {
  if (error instanceof Ajv.MissingRefError) {
    return `it refers to ${error.missingRef}, and nothing is ever fetched for a schema`;
  }
  return `it cannot be used: ${error instanceof Error ? error.message : "for an unknown reason"}`;
}

function unchecked(because: string): SchemaVerdict {
  return { kind: "unchecked", because };
}

/** The chart's own values, and `global`, which Helm passes to every chart. */
function coalesced(defaults: ValueTree, key: string, files: readonly TextFile[]): ValueTree {
  const own = coalesce(defaults, environmentValues(files, key).overrides);
  const global = coalesce(treeAt(own, "global"), environmentValues(files, "global").overrides);
  return { ...own, global };
}

function parseSchema(schema: string): ValueTree | undefined {
  try {
    const parsed: unknown = JSON.parse(schema.replace(/^\ufeff/, ""));
    return isTree(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Uses the draft that `$schema` names (7 includes 6), else 2020-12 as Helm since 3.18.5. Formats are assertions up to
 * draft 7 and annotations since. Without `loadSchema` nothing is ever fetched.
 */
function validatorFor(schema: ValueTree): Ajv {
  const options: Options = {
    strict: false,
    allErrors: true,
    logger: false,
    code: { regExp: goPattern },
    validateFormats: true,
  };
  const draft = textAt(schema, "$schema");
  if (draft.includes("draft-04")) return formats.default(new AjvDraft4.default(options));
  if (/draft-0[67]/.test(draft)) return formats.default(new Ajv(options));
  if (draft.includes("2019-09")) return new Ajv2019({ ...options, validateFormats: false });
  return new Ajv2020({ ...options, validateFormats: false });
}

/** Patterns have Go syntax: a leading `(?i)`, `\A` and `\z` are translated. */
function goPattern(pattern: string, flags: string): RegExp {
  const insensitive = pattern.startsWith("(?i)");
  const source = (insensitive ? pattern.slice(4) : pattern).replace(/\\A/g, "^").replace(/\\z/g, "$");
  const all = insensitive ? `${flags}i` : flags;
  try {
    return new RegExp(source, all);
  } catch {
    return new RegExp(source, all.replace("u", ""));
  }
}
goPattern.code = "new RegExp";

/** An `if` error only repeats those of its branches. */
function isTelling({ keyword }: ErrorObject): boolean {
  return keyword !== "if";
}

function schemaError({ instancePath, keyword, params, message }: ErrorObject, key: string): SchemaError {
  const at = instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (keyword === "required")
    return { key, path: [...at, textAt(params, "missingProperty")], message: "is required" };
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const name = textAt(params, "additionalProperty") || textAt(params, "unevaluatedProperty");
    return { key, path: [...at, name], message: "is not known to this version" };
  }
  return { key, path: at, message: allowed(params) ?? message ?? "is not valid" };
}

function allowed({ allowedValues: values }: ErrorObject["params"]): string | undefined {
  return Array.isArray(values)
    ? `must be one of ${values.map((value) => JSON.stringify(value)).join(", ")}`
    : undefined;
}

function unique(errors: readonly SchemaError[]): readonly SchemaError[] {
  const seen = new Map(
    errors.map((error) => [JSON.stringify([error.key, error.path, error.message]), error]),
  );
  return [...seen.values()];
}

/** The file and line that set the invalid value; absent when it is a default of the chart. */
export function placeOf(
  { key, path }: SchemaError,
  files: readonly TextFile[],
): { readonly file: string; readonly line: number } | undefined {
  const { overrides } =
    path[0] === "global" ? environmentValues(files, "global") : environmentValues(files, key);
  const below = path[0] === "global" ? path.slice(1) : path;
  const exact = overrides.find((override) => starts(override.path, below) || starts(below, override.path));
  return exact && { file: exact.file, line: exact.line };
}

function starts(path: TreePath, prefix: TreePath): boolean {
  return prefix.length > 0 && prefix.every((part, index) => path[index] === part);
}

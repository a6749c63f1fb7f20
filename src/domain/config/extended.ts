// `extends: owner/repo`: the defaults that the config file takes from another repository's chart-promoter-defaults.yml.
// Whole keys of an environment: its own keys win, then the defaults for an environment of its name, then those for "*".

import { type ConfigContext, DEFAULTS_FILE, type Extended } from "../model/config/config.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { type ComplaintContext, complaints } from "./complaints.ts";
import { withHelmValues } from "./helm-values.ts";
import { defaultsSchema, KEYS } from "./schema.ts";
import { type DocumentPath, readYaml, type YamlDocument } from "./yaml-document.ts";

/** In characters, as of a config file. */
const LONGEST = 64 * 1024;

/** The repository that a config file extends, as far as the file can be read. */
export function extendedIn(text: string): Result<string | undefined> {
  const document = text.length > LONGEST ? undefined : readYaml(text, "");
  return ok(document?.ok ? nameIn(document.value.value) : undefined);
}

function nameIn(value: unknown): string | undefined {
  const { extends: name } = Object(value);
  return typeof name === "string" ? name : undefined;
}

export interface Defaults {
  /** The file's name in problems. */
  readonly file: string;
  readonly document: YamlDocument;
}

/** `line`: of `extends` in the config file. */
export function readDefaults(
  extended: Extended,
  { file: extendedBy, line }: { readonly file: string; readonly line: number },
): Result<Defaults> {
  const file = `${extended.repository}/${DEFAULTS_FILE}`;
  if (extended.kind === "unread") {
    const { because, help } = extended;
    return fail({
      ...{ code: "config-invalid", message: `extends: ${file} cannot be read: ${because}.`, help },
      place: { file: extendedBy, line },
    });
  }
  const read = extended.text.length > LONGEST ? fail(tooLarge(file)) : defaultsIn(extended.text, file);
  if (read.ok) return read;
  const [first, ...rest] = read.problems.map((problem) => ({
    ...problem,
    message: `${problem.message} (${extendedBy} extends it in line ${line}.)`,
  }));
  if (!first) throw new Error("refused without a reason");
  return fail(first, ...rest);
}

function defaultsIn(text: string, file: string): Result<Defaults> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const helm = withHelmValues(document.value.value ?? {}, text);
  if (helm.kind === "unreadable") return fail(invalid(helm.fault.message, { file, line: helm.fault.line }));
  const { value } = helm;
  const context: ComplaintContext = { file, code: "config-invalid", document: document.value, keys: KEYS };
  const issues = defaultsSchema.safeParse(value).error?.issues ?? [];
  const [first, ...rest] =
    nameIn(value) === undefined
      ? complaints(issues, context)
      : [chain({ file, line: document.value.lineOf(["extends"]) })];
  return first ? fail(first, ...rest) : ok({ file, document: { ...document.value, value } });
}

function invalid(message: string, place: Problem["place"] & object): Problem {
  return {
    ...{
      code: "config-invalid",
      message: `The values in this file cannot be read as Helm reads them: ${message}.`,
    },
    ...{ help: "Write the line so that YAML 1.1 allows it; quotes help in most cases.", place },
  };
}

function chain(place: Problem["place"] & object): Problem {
  return {
    ...{ code: "config-invalid", message: "extends: a file of defaults extends nothing itself." },
    ...{ help: "Take the line out, and write here what it was to bring.", place },
  };
}

function tooLarge(file: string): Problem {
  return {
    ...{ code: "config-invalid", message: `The file is larger than ${LONGEST / 1024} KiB.` },
    ...{ help: "Leave in it what most environments need.", place: { file, line: 1 } },
  };
}

/** The config file's data with the defaults merged in. */
export function withDefaults(value: unknown, { document }: Defaults): unknown {
  const { environments } = Object(value);
  if (!isMap(environments)) return value;
  const written = Object.entries(environments).map(([name, own]) => {
    const [all, named] = [at(document.value, "*"), at(document.value, name)];
    return [name, own === null || isMap(own) ? { ...all, ...named, ...own } : own] as const;
  });
  return { ...Object(value), environments: Object.fromEntries(written) };
}

/** Where in the defaults a key of an environment comes from; `undefined` for a key of the config file itself. */
export function placeInDefaults(
  path: DocumentPath,
  value: unknown,
  { document }: Defaults,
): DocumentPath | undefined {
  const [top, name = "", key = "", ...inner] = path;
  const own = at(value, String(name));
  if (top !== "environments" || key === "" || Object.hasOwn(own, key)) return undefined;
  const from = [String(name), "*"].find((one) => Object.hasOwn(at(document.value, one), key));
  return from === undefined ? undefined : ["environments", from, key, ...inner];
}

function at(value: unknown, environment: string): Readonly<Record<string, unknown>> {
  const { environments } = Object(value);
  const found = isMap(environments) && Object.hasOwn(environments, environment) && environments[environment];
  return isMap(found) ? found : {};
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The defaults of the context, if they are from the repository that the file extends. */
export function extendedOf({ extended }: ConfigContext, value: unknown): Extended | undefined {
  const name = nameIn(value);
  return name !== undefined && extended?.repository.toLowerCase() === name.toLowerCase()
    ? extended
    : undefined;
}

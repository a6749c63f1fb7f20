// The three entry points for values: the command line, a rule of the config, and a publish.

import { collectSet } from "../../../cli/arguments/set-option.ts";
import { parseConfig } from "../../../domain/config/parse.ts";
import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { fail, ok, type Result } from "../../../domain/model/problem.ts";
import type { Publish } from "../../../domain/model/publish.ts";
import type { Edit, Files, ValueSetting } from "../../../domain/model/umbrella.ts";
import { planEnvironment } from "../../../domain/plan/plan-environment.ts";
import { branchOf } from "../../../domain/plan/promotion-branch.ts";
import { bump } from "../../../domain/umbrella/bump.ts";
import { parseValues } from "../../../intake/body/values.ts";
import { bumpTo } from "../real-files.ts";
import type { Intent } from "./intents.ts";
import type { Json } from "./json-data.ts";

const URL = "https://charts.example.com";
const VERSION = "1.1.0";
const VALUES_FILE = "values.yaml";

function manifest(alias: string): string {
  return `apiVersion: v2
name: umbrella
version: 0.1.0
dependencies:
- {name: chart, alias: ${alias}, version: 1.0.0, repository: "${URL}"}
`;
}

/** The values file after setting the value; unchanged when it has the value already. */
export function throughDoor(text: string, intent: Intent): Result<string> {
  const files = new Map([
    ["Chart.yaml", manifest(intent.key)],
    [VALUES_FILE, text],
  ]);
  const edits = intent.door === "command line" ? byCommand(files, intent) : byPlan(files, intent);
  if (!edits.ok) return edits;
  const edited = edits.value.find(({ path }) => path === VALUES_FILE);
  return ok(edited?.after ?? text);
}

function byCommand(files: Files, { key, path, given }: Intent): Result<readonly Edit[]> {
  const settings = assignments(
    `${pathText(path)}=${escaped(typeof given === "string" ? given : JSON.stringify(given))}`,
  );
  if (!settings.ok) return settings;
  const values = settings.value.map((setting) => ({ chart: key, ...setting }));
  const bumped = bump(files, { ...bumpTo(0, VERSION), values, valuesFiles: [VALUES_FILE] });
  return bumped.ok ? ok(bumped.value.edits) : bumped;
}

/** The option refuses wrong use by throwing. */
function assignments(line: string): Result<readonly ValueSetting[]> {
  try {
    return ok(collectSet(line, []));
  } catch (error) {
    return fail({ code: "values-invalid", message: String(error), help: "Write it otherwise." });
  }
}

function byPlan(files: Files, { door, path, given }: Intent): Result<readonly Edit[]> {
  const written = writtenAt(path, given);
  const config = { environments: { dev: door === "config" ? { charts: { "*": { values: written } } } : {} } };
  const parsed = parseConfig(jsonText(config), CONTEXT);
  if (!parsed.ok) return parsed;
  const values = door === "publish" ? parseValues(JSON.parse(JSON.stringify(written))) : ok({});
  if (!values.ok) return values;
  const [environment] = parsed.value.environments;
  if (environment === undefined) throw new Error("the config has no environment");
  const name = branchOf(environment, "chart");
  const { plans } = planEnvironment({
    environment,
    snapshot: {
      ...{ environment: "dev", base: "0".repeat(40), vendored: [] },
      files: new Map([...files].map(([path, text]) => [path, { oid: path, mode: 0o100644, text }])),
      branches: new Map([[name, { name, pullRequests: [] }]]),
    },
    publishes: [{ ...PUBLISH, values: values.value }],
    ...{ charts: new Set(["chart"]), chartRepositories: REPOSITORIES },
    ...{ upstream: { kind: "none" }, now: new Date(0) },
  });
  const [plan] = plans;
  if (plan?.kind === "refused") return { ok: false, problems: plan.problems };
  return ok(plan?.kind === "change" ? plan.edits : []);
}

/** JSON without unescaped control characters, which Helm rejects. */
function jsonText(config: object): string {
  return JSON.stringify(config).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const CONTEXT = { defaultBranch: "main", deployers: [], repository: "acme/config", file: "config.yml" };

const PUBLISH: Omit<Publish, "values"> = {
  ...{ id: "publish", chart: "chart", version: VERSION, repository: "stable", source: {} },
  ...{ publisher: "pipeline", at: new Date(0), state: "verified" },
};

const REPOSITORIES: readonly ChartRepository[] = [
  {
    ...{ name: "stable", url: URL, also: [], kind: "chartmuseum", fetchFrom: URL },
    credentials: { kind: "none" },
  },
];

/** As one path; or nested under its first step when that has no position behind it. */
function writtenAt(path: Intent["path"], given: Json): { readonly [path: string]: Json } {
  const [first, ...rest] = path;
  const isNested = path.length % 2 === 0 && !rest.some((step) => typeof step === "number");
  if (first === undefined || !isNested) return { [pathText(path)]: given };
  return { [pathText([first])]: rest.reduceRight<Json>((inner, step) => ({ [step]: inner }), given) };
}

/** The syntax of `helm --set`, as in Helm's documentation. */
function pathText(path: Intent["path"]): string {
  return path
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      const key = step.replace(/[\\.,=[]/g, (mark) => `\\${mark}`);
      return at === 0 ? key : `.${/^[0-9]+$/.test(key) ? "\\" : ""}${key}`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\,]/g, (mark) => `\\${mark}`).replace(/^\{/, "\\{");
}

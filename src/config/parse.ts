// .github/chart-promoter.yml: text -> Config, or everything that is wrong with it, each with its line.

import type { Config } from "../model/config.ts";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import { complaints, problemAt, type Told } from "./complaints.ts";
import { normalise } from "./normalise.ts";
import { readable } from "./readable.ts";
import { objections } from "./rules.ts";
import { KEYS, schema } from "./schema.ts";
import { readYaml } from "./yaml-document.ts";

export interface ConfigContext {
  readonly defaultBranch: string;
  /** Names of the deployers in server.yaml. */
  readonly deployers: readonly string[];
  /** Path of the file, for naming places in it. */
  readonly file: string;
}

export function parseConfig(text: string, { defaultBranch, deployers, file }: ConfigContext): Result<Config> {
  const document = readYaml(text, file);
  if (!document.ok) return document;
  const told: Told = { file, code: "config-invalid", document: document.value, keys: KEYS };
  const value = document.value.value ?? {};
  const checked = schema.safeParse(value);
  const issues = checked.error?.issues ?? [];
  const rest = readable(value, issues);
  const written = schema.safeParse(rest.value);
  if (!written.success) return failed(complaints(issues, told));
  const config = normalise(written.data, defaultBranch);
  const objected = objections({ config, deployers, refused: rest.refused });
  if (issues.length === 0 && objected.length === 0) return ok(config);
  const broken = objected.map(({ path, ...what }) => problemAt(path, told, what));
  return failed([...complaints(issues, told), ...broken]);
}

function failed(problems: readonly Problem[]): Result<Config> {
  const [first, ...rest] = problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  if (!first) throw new Error("refused without a reason");
  return fail(first, ...rest);
}

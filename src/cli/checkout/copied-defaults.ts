// What a local config file extends: read from a copy, since no command line asks GitHub for it.

import { extendedIn } from "../../domain/config/extended.ts";
import { type ConfigContext, DEFAULTS_FILE } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import { ok, type Result } from "../../domain/model/problem.ts";
import { readText } from "../arguments/read-text.ts";

export const DEFAULTS_OPTION = [
  "--defaults <file>",
  `what the config file extends: a copy of that ${DEFAULTS_FILE}`,
] as const;

/** Whatever repository the config file names: which one `path` is a copy of is not known here. */
export async function readDefaults(
  config: string,
  path: string | undefined,
): Promise<Result<Pick<ConfigContext, "extended">>> {
  const named = extendedIn(config);
  if (path === undefined || !named.ok || named.value === undefined) return ok({});
  const help = "Name a copy of the file that the config file extends.";
  const read = await readText({ path, code: "config-invalid", help });
  if (!read.ok) return read;
  return ok({ extended: { kind: "read", repository: named.value, oid: "", text: read.value } });
}

/** Why the file is not read as the server reads it, if so: one line. */
export function defaultsRemarks(config: string, path: string | undefined): readonly string[] {
  const named = extendedIn(config);
  if (!named.ok || named.value === undefined)
    return path === undefined ? [] : ["warning: it extends nothing: --defaults is not read."];
  if (path !== undefined) return [];
  return [
    `warning: it extends ${named.value}, and what that says is not known here: name a copy of its ${DEFAULTS_FILE} with --defaults.`,
  ];
}

/** As a line of its own. */
export function remarkText(remark: string): string {
  return `${CONFIG_FILE}, ${remark}\n`;
}

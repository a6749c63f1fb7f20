// The defaults that a local config file extends: read from a local copy, as no command asks GitHub for them.

import { extendedIn } from "../../domain/config/extended.ts";
import { type ConfigContext, DEFAULTS_FILE } from "../../domain/model/config/config.ts";
import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import { ok, type Result } from "../../domain/model/problem.ts";
import { readText } from "../arguments/read-text.ts";

export const DEFAULTS_OPTION = [
  "--defaults <file>",
  `what the config file extends: a copy of that ${DEFAULTS_FILE}`,
] as const;

/** Accepted for any repository that the config file names: it is unknown which one `path` is a copy of. */
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

/** One line when the file is parsed without defaults that the server would use. */
export function defaultsRemarks(config: string, path: string | undefined): readonly string[] {
  const named = extendedIn(config);
  if (!named.ok || named.value === undefined)
    return path === undefined ? [] : ["warning: it extends nothing: --defaults is not read."];
  if (path !== undefined) return [];
  return [
    `warning: it extends ${named.value}, and what that says is not known here: name a copy of its ${DEFAULTS_FILE} with --defaults.`,
  ];
}

/** On a line of its own. */
export function remarkText(remark: string): string {
  return `${CONFIG_FILE}, ${remark}\n`;
}

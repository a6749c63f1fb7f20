// The first config file of a repository, validated like any other.

import { environmentNames } from "../config/environment-name.ts";
import { type FirstConfigOptions, firstConfig } from "../config/first-config.ts";
import { parseConfig } from "../config/parse.ts";
import type { Config, ConfigContext } from "../model/config/config.ts";
import { ok, type Result } from "../model/problem.ts";

export interface OfferedConfig {
  readonly text: string;
  /** The parsed file. */
  readonly config: Config;
  /** Names of its environments, by folder. */
  readonly names: ReadonlyMap<string, string>;
}

/** `folders`: of umbrella charts, "" for the root. */
export function offeredConfig(
  folders: readonly string[],
  { context, ...options }: FirstConfigOptions & { readonly context: ConfigContext },
): Result<OfferedConfig> {
  const names = environmentNames(folders);
  const text = firstConfig(new Map([...names].map(([path, name]) => [name, path])), options);
  const config = parseConfig(text, context);
  return config.ok ? ok({ text, config: config.value, names }) : config;
}

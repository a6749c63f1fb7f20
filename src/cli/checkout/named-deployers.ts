// The server's deployers are unknown offline: every one that a config file names is assumed to exist, for everybody.

import type { Deployer } from "../../domain/model/config/settings.ts";

type Known = Pick<Deployer, "name" | "repositories">;

/** Any word of the text may be a name; other words do no harm. */
export function deployersNamedIn(text: string): readonly Known[] {
  return deployersCalled([...text.matchAll(/[\w.-]+/g)].map(([word]) => word));
}

export function deployersCalled(names: readonly string[]): readonly Known[] {
  return names.map((name) => ({ name, repositories: ["*/*"] }));
}

/** Stands for `owner/name` when only a folder is given. */
export const LOCAL_REPOSITORY = "local/checkout";

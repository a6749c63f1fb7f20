// Offline nobody knows the server's deployers: every one that a config file names is taken to be there, for everybody.

import type { Deployer } from "../../domain/model/config/settings.ts";

type Known = Pick<Deployer, "name" | "repositories">;

/** Any word of the text may be a name; words that are none name no deployer either. */
export function deployersNamedIn(text: string): readonly Known[] {
  return deployersCalled([...text.matchAll(/[\w.-]+/g)].map(([word]) => word));
}

export function deployersCalled(names: readonly string[]): readonly Known[] {
  return names.map((name) => ({ name, repositories: ["*/*"] }));
}

/** What stands for `owner/name` where only a folder is given. */
export const LOCAL_REPOSITORY = "local/checkout";

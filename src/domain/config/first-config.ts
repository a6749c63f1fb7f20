// A first .github/chart-promoter.yml for a checkout: one environment for each of its umbrella charts.

import { Document, isMap } from "yaml";
import { foldersBefore } from "./environment-row.ts";

const HEAD = `# What chart-promoter proposes in this repository: merging its pull requests deploys. \`npx chart-promoter check\` reads it.
`;
/** Keys that only the owners of the repository can fill in. */
const TO_FILL_IN =
  ' reviewers: [octocat, "team:platform"]\n deploy: [config-jenkins] # deployers of server.yaml';

export interface FirstConfigOptions {
  /** URL of the JSON Schema, for editors. */
  readonly schema?: string;
}

/** `environments`: folders by name. Quotes texts that a YAML 1.1 or 1.2 parser would read as another type. */
export function firstConfig(
  environments: ReadonlyMap<string, string>,
  { schema }: FirstConfigOptions = {},
): string {
  const before = foldersBefore([...environments.values()]);
  const names = new Map([...environments].map(([name, folder]) => [folder, name]));
  const written = new Map(
    [...environments].map(([name, folder]) => {
      const after = names.get(before.get(folder) ?? "\0");
      return [name, { path: folder || ".", ...(after !== undefined && { after }) }];
    }),
  );
  const document = new Document({ environments: written }, { compat: "yaml-1.1" });
  for (const name of environments.keys()) {
    const environment = document.getIn(["environments", name], true);
    if (isMap(environment)) environment.comment = TO_FILL_IN;
  }
  const comment = schema === undefined ? "" : `# yaml-language-server: $schema=${schema}\n`;
  return `${comment}${HEAD}${document.toString({ lineWidth: 0 })}`;
}

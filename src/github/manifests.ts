// Manifests and locks of environments as they stood at one commit.

import type { ConfigRepository } from "../model/repository.ts";
import type { Files } from "../model/umbrella.ts";
import type { InstallationClient } from "./client.ts";
import { join } from "./look.ts";
import { MANIFESTS } from "./proof.ts";
import { Variables } from "./variables.ts";

/** One request. */
export async function manifestsAt(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  at: {
    readonly oid: string;
    readonly environments: readonly { readonly name: string; readonly path: string }[];
  },
): Promise<ReadonlyMap<string, Files>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const oid = variables.add(at.oid, "GitObjectID");
  const texts = at.environments.flatMap(({ path }, index) =>
    MANIFESTS.map(
      (file, which) =>
        `m${index}_${which}: file(path: ${variables.add(join(path, file))}) { object { ... on Blob { text } } }`,
    ),
  );
  const answer = await client.query<{
    readonly repository: {
      readonly object: Readonly<
        Record<string, { readonly object: { readonly text?: string | null } | null } | null>
      > | null;
    };
  }>(
    `reading manifests at ${at.oid}`,
    `query Manifests(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { object(oid: ${oid}) { ... on Commit { ${texts.join(" ")} } } }
}`,
    variables.values(),
  );
  return new Map(
    at.environments.map(({ name: environment }, index) => {
      const files = MANIFESTS.flatMap((file, which) => {
        const text = answer.repository.object?.[`m${index}_${which}`]?.object?.text;
        return typeof text === "string" ? [[file, text] as const] : [];
      });
      return [environment, new Map(files)] as const;
    }),
  );
}

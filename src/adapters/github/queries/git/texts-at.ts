// Texts of files at several commits.

import type { Files } from "../../../../domain/model/umbrella.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

type RawTexts = {
  readonly [file: `f${number}`]: { readonly object: { readonly text?: string | null } | null } | null;
};

/** By commit and path in the repository; missing and binary files are left out. One request. */
export async function textsAt(
  { client, repository }: RepositoryAccess,
  { commits, paths }: { readonly commits: readonly string[]; readonly paths: readonly string[] },
): Promise<ReadonlyMap<string, Files>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const files = paths
    .map((path, at) => `f${at}: file(path: ${variables.add(path)}) { object { ... on Blob { text } } }`)
    .join(" ");
  const parts = commits.map(
    (oid, at) => `c${at}: object(oid: ${variables.add(oid, "GitObjectID")}) { ... on Commit { ${files} } }`,
  );
  const answer = await client.query<{
    readonly repository: { readonly [commit: `c${number}`]: RawTexts | null };
  }>(
    "reading files",
    `query Texts(${variables.declarations()}) { repository(owner: ${owner}, name: ${name}) { ${parts.join(" ")} } }`,
    variables.values(),
  );
  return new Map(
    commits.map((oid, index) => {
      const texts = paths.flatMap((path, at) => {
        const text = answer.repository[`c${index}`]?.[`f${at}`]?.object?.text;
        return typeof text === "string" ? [[path, text] as const] : [];
      });
      return [oid, new Map(texts)];
    }),
  );
}

// Which of some commits contain which others.

import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { Variables } from "./variables.ts";

/** How far back each commit's history is read; what lies further back counts as not contained. */
const DEPTH = 100;

/** One request. For each commit, those of the others that can be reached from it. */
export async function containment(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  shas: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const histories = shas.map(
    (sha, index) =>
      `c${index}: object(oid: ${variables.add(sha, "GitObjectID")}) { ... on Commit { history(first: ${DEPTH}) { nodes { oid } } } }`,
  );
  const answer = await client.query<{
    readonly repository: Readonly<
      Record<string, { readonly history?: { readonly nodes: readonly { readonly oid: string }[] } } | null>
    >;
  }>(
    "comparing merged commits",
    `query Containment(${variables.declarations()}) {
  repository(owner: ${owner}, name: ${name}) { ${histories.join(" ")} }
}`,
    variables.values(),
  );
  return new Map(
    shas.map((sha, index) => {
      const reached = (answer.repository[`c${index}`]?.history?.nodes ?? []).map(({ oid }) => oid);
      return [sha, new Set(reached.filter((oid) => oid !== sha && shas.includes(oid)))] as const;
    }),
  );
}

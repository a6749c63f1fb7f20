// The App's repeated deployments: to find one whose answer was lost, and to restore a lost database.

import type { StandingRepeat } from "../../../domain/model/github/merge.ts";
import { Variables } from "../api/variables.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { isByApp } from "./pull-requests/by-app.ts";
import {
  DEPLOYMENT,
  payloadOf,
  type RawDeployment,
  readDeployment,
  repeatIn,
} from "./standing-deployment.ts";

/** Newest first, among the newest hundred deployments of these environments. One request. */
export async function repeats(
  { client, repository: { owner, name }, app }: RepositoryAccess,
  environments: readonly string[],
): Promise<readonly StandingRepeat[]> {
  const slug = await app.slug();
  const variables = new Variables();
  const [ownerName, repositoryName] = [variables.add(owner), variables.add(name)];
  const { repository } = await client.query<{
    readonly repository: { readonly deployments: { readonly nodes: readonly RawRepeat[] } };
  }>(
    `looking for repeated deployments in ${owner}/${name}`,
    `query Repeats($environments: [String!], ${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${ownerName}, name: ${repositoryName}) {
    deployments(environments: $environments, first: 100, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { commitOid ${DEPLOYMENT} }
    }
  }
}`,
    { ...variables.values(), environments },
  );
  return repository.deployments.nodes
    .filter(({ creator }) => isByApp(creator, slug))
    .flatMap((raw) => readRepeat(raw) ?? []);
}

interface RawRepeat extends RawDeployment {
  readonly commitOid: string;
}

function readRepeat(raw: RawRepeat): StandingRepeat | undefined {
  const repeats = repeatIn(raw);
  if (!repeats) return undefined;
  const { pullRequest } = payloadOf(raw.payload);
  return {
    ...readDeployment(raw),
    sha: raw.commitOid,
    pullRequest: typeof pullRequest === "number" ? pullRequest : 0,
    repeats,
  };
}

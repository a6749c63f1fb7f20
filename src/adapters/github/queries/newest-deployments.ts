// The App's newest deployments: repeats of another one, to find one again whose answer was lost, and what a lost database knew.

import type { Repeat } from "../../../domain/model/deployment.ts";
import type { AdoptableDeployments, StandingRepeat } from "../../../domain/model/github/merge.ts";
import { Variables } from "../api/variables.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { isByApp } from "./pull-requests/by-app.ts";
import { DEPLOYMENT, payloadOf, type RawDeployment, readDeployment } from "./standing-deployment.ts";

/** Newest first, among the newest hundred deployments of these environments. One request. */
export async function repeats(
  access: RepositoryAccess,
  environments: readonly string[],
): Promise<readonly StandingRepeat[]> {
  const { named } = await newest(access, { environments });
  return named.flatMap((raw) => readRepeat(raw) ?? []);
}

/** The same, and what is not over among the newest hundred of all environments. One request. */
export async function adoptable(
  access: RepositoryAccess,
  environments: readonly string[],
): Promise<AdoptableDeployments> {
  const { named, all } = await newest(access, {
    environments,
    also: `all: deployments(first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...Newest } }`,
  });
  return {
    repeats: named.flatMap((raw) => readRepeat(raw) ?? []),
    unfinished: all.filter(isUnderWay).map((raw) => ({ ...readCommon(raw), ...readRepeat(raw) })),
  };
}

async function newest(
  { client, repository: { owner, name }, app }: RepositoryAccess,
  { environments, also = "" }: { readonly environments: readonly string[]; readonly also?: string },
): Promise<{ readonly named: readonly RawNewest[]; readonly all: readonly RawNewest[] }> {
  const slug = await app.slug();
  const variables = new Variables();
  const [ownerName, repositoryName] = [variables.add(owner), variables.add(name)];
  const { repository } = await client.query<{
    readonly repository: { readonly named: Nodes; readonly all?: Nodes };
  }>(
    `looking for repeated deployments in ${owner}/${name}`,
    `query Repeats($environments: [String!], ${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${ownerName}, name: ${repositoryName}) {
    named: deployments(environments: $environments, first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ...Newest } }
    ${also}
  }
}
fragment Newest on Deployment { commitOid ${DEPLOYMENT} }`,
    { ...variables.values(), environments },
  );
  const own = (found: Nodes | undefined) =>
    (found?.nodes ?? []).filter(({ creator }) => isByApp(creator, slug));
  return { named: own(repository.named), all: own(repository.all) };
}

interface Nodes {
  readonly nodes: readonly RawNewest[];
}

interface RawNewest extends RawDeployment {
  readonly commitOid: string;
}

/** By its newest status; one that never had any has no deployer. */
function isUnderWay({ statuses }: RawDeployment): boolean {
  return ["QUEUED", "IN_PROGRESS", "PENDING"].includes(statuses?.nodes[0]?.state ?? "");
}

function readCommon(raw: RawNewest): Omit<StandingRepeat, "repeats"> {
  const { pullRequest } = payloadOf(raw.payload);
  return {
    ...readDeployment(raw),
    sha: raw.commitOid,
    pullRequest: typeof pullRequest === "number" ? pullRequest : 0,
  };
}

function readRepeat(raw: RawNewest): StandingRepeat | undefined {
  const { task } = raw;
  if (task !== "heal" && task !== "redeploy") return undefined;
  const payload = payloadOf(raw.payload);
  const { intent, by } = payload;
  const of = payload[task === "heal" ? "heals" : "redeploys"];
  if (typeof of !== "number" || typeof intent !== "string") return undefined;
  const repeat: Repeat = { task, of, intent, ...(typeof by === "string" && { by }) };
  return { ...readCommon(raw), repeats: repeat };
}

// `after` and `soak`: which versions have been deployed in the environment before this one, and for how long.

import type { Environment } from "../../model/config.ts";
import { durationInWords } from "../../model/duration.ts";
import type { PromotionRecord } from "../../model/publish.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import type { World } from "../world.ts";
import { broughtOut } from "./brought-out.ts";

export interface Upstream {
  /** Why a version has to wait here; `undefined` when it need not. */
  readonly waits: (chart: string, version: string) => string | undefined;
  /** Why a version must not stay proposed here, though it once was allowed to; `undefined` when it may. */
  readonly withdrawn: (chart: string, version: string) => string | undefined;
  /** Since when a version has been out where it had to be before; `undefined` where it need not have been, or has not. */
  readonly satisfied: (chart: string, version: string) => string | undefined;
  /** When versions that were found to be soaking will have soaked. */
  readonly again: () => readonly Date[];
}

const NOTHING_BEFORE: Upstream = {
  waits: () => undefined,
  withdrawn: () => undefined,
  satisfied: () => undefined,
  again: () => [],
};

/** How many deployments of the environment before are considered. */
const CONSIDERED = 500;

export async function upstreamOf(
  environment: Environment,
  repository: ConfigRepository,
  world: World,
): Promise<Upstream> {
  const { after, soakMs } = environment;
  if (!after) return NOTHING_BEFORE;
  const { repositories, deployments, promotions } = world.store;
  const other = after.repository
    ? await repositories.findByName(after.repository.owner, after.repository.name)
    : repository;
  if (!other) {
    const { owner = "", name = "" } = after.repository ?? {};
    return { ...NOTHING_BEFORE, waits: () => `waits for ${owner}/${name}, which the App does not see` };
  }
  const past = await deployments.ofEnvironment(other.id, after.environment, CONSIDERED);
  const records = (await promotions.ofRepository(other.id)).filter(
    (record) => record.environment === after.environment && record.state === "declined",
  );
  const declined = await versionsOf(records, world);
  const now = world.clock();
  const soaking: Date[] = [];
  const withdrawn = (chart: string, version: string): string | undefined => {
    const standing = broughtOut(past, chart, version);
    if (standing.kind === "taken-back") {
      return `${version} was rolled back to ${standing.to} in ${after.environment} by #${standing.pullRequest}`;
    }
    if (standing.kind === "failed") {
      return `deploying ${version} to ${after.environment} failed (#${standing.pullRequest})`;
    }
    return declined.has(`${chart} ${version}`)
      ? `${version} was declined in ${after.environment}`
      : undefined;
  };
  const waits = (chart: string, version: string): string | undefined => {
    const gone = withdrawn(chart, version);
    if (gone !== undefined) return gone;
    const standing = broughtOut(past, chart, version);
    if (standing.kind !== "out") return `waits until ${version} is deployed in ${after.environment}`;
    const until = new Date(standing.since.getTime() + soakMs);
    if (until <= now) return undefined;
    soaking.push(until);
    return `waits until ${until.toISOString()}: ${version} soaks in ${after.environment}`;
  };
  const satisfied = (chart: string, version: string): string | undefined => {
    const standing = broughtOut(past, chart, version);
    if (standing.kind !== "out") return undefined;
    const since = `${standing.since.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    const asked = soakMs === 0 ? "" : `, longer than the ${durationInWords(soakMs)} asked for`;
    return `deployed to ${after.environment} since ${since}${asked}`;
  };
  return { waits, withdrawn, satisfied, again: () => soaking };
}

async function versionsOf(
  records: readonly PromotionRecord[],
  { store }: World,
): Promise<ReadonlySet<string>> {
  const publishes = await Promise.all(records.map(({ publishId }) => store.publishes.get(publishId)));
  return new Set(publishes.flatMap((publish) => (publish ? [`${publish.chart} ${publish.version}`] : [])));
}

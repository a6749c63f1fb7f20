// The versions in the other environments of a repository, from the same observed state.

import type { Snapshot } from "../../../domain/model/github/snapshot.ts";
import { currentVersion, lowest } from "../../../domain/umbrella/installed-version.ts";
import type { Version } from "../../../domain/versions/version.ts";
import type { ChartToReview } from "../../ports/chart-review.ts";
import { umbrellaOf } from "../../repository/umbrella-of.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";

type Here = Pick<ObservedEnvironment, "about" | "environment" | "deps">;

/** Cache: the lowest version of each chart. Every promotion of a repository asks for all environments. */
const READ = new WeakMap<Snapshot, Promise<ReadonlyMap<string, Version>>>();

export async function versionsElsewhere(chart: string, here: Here): Promise<ChartToReview["elsewhere"]> {
  const others = [...here.about.observed.snapshots].filter(([name]) => name !== here.environment.name);
  const found = await Promise.all(
    others.map(async ([environment, snapshot]) => {
      const version = (await versionsIn(snapshot, here)).get(chart);
      return version ? [{ environment, version: version.original }] : [];
    }),
  );
  return found.flat();
}

function versionsIn(snapshot: Snapshot, here: Here): Promise<ReadonlyMap<string, Version>> {
  const known = READ.get(snapshot) ?? read(snapshot, here);
  READ.set(snapshot, known);
  return known;
}

async function read(snapshot: Snapshot, { about, deps }: Here): Promise<ReadonlyMap<string, Version>> {
  const umbrella = await umbrellaOf(snapshot, about.repository, deps);
  if (!umbrella.ok) return new Map();
  const { dependencies } = umbrella.value;
  const versions = dependencies.map(
    ({ name }, index) => [name, currentVersion(umbrella.value, index)] as const,
  );
  const byChart = Map.groupBy(versions, ([name]) => name);
  return new Map(
    [...byChart].flatMap(([name, all]) => {
      const version = lowest(all.map(([, one]) => one));
      return version ? [[name, version] as const] : [];
    }),
  );
}

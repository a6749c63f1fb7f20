// The story, one way: publish -> inbox -> look -> plan -> pull request -> merge -> deployment. A mark in the queue names
// what to look at; each of these lines looks at it, from the truth, as often as it takes.

import { check } from "./flow/check/check-pull-requests.ts";
import { deployEnvironment } from "./flow/deploy/deploy-environment.ts";
import { discover, discoverAll } from "./flow/installation/discover.ts";
import { lookAtRepository } from "./flow/look-at-repository.ts";
import { pollRepository } from "./flow/publish/poll.ts";
import { verifyPublish } from "./flow/publish/verify-publish.ts";
import type { Again, World } from "./flow/world.ts";

/** Between two looks at everything, in case webhooks were lost. */
const SYNC_EVERY_MS = 60 * 60_000;

/** How long the id of a delivery that was dealt with is known: GitHub redelivers what is at most three days old. */
const REMEMBERED_MS = 7 * 24 * 60 * 60_000;

/** Does what one mark asks for. A throw is retried by the queue; `again` asks for another look by itself. */
export async function onMark(key: string, world: World): Promise<Again> {
  const at = key.indexOf(":");
  const [kind, rest] = [key.slice(0, at), key.slice(at + 1)];
  switch (kind) {
    case "publish":
      return verifyPublish(rest, world);
    case "repository":
      return lookAtRepository(Number(rest), world);
    case "deploy":
      return deployEnvironment(rest, world);
    case "installation":
      return discover(Number(rest), world);
    case "check":
      return check(rest, world);
    case "poll":
      return pollRepository(rest, world);
    case "sync":
      await discoverAll(world);
      await world.store.deliveries.prune(new Date(world.clock().getTime() - REMEMBERED_MS));
      return { again: new Date(world.clock().getTime() + SYNC_EVERY_MS) };
    default:
      throw new Error(`nobody looks at ${key}`);
  }
}

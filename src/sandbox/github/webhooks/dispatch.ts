// Which installation receives an event, and its payload.

import { accountJson } from "../shapes/account.ts";
import { installationJson } from "../shapes/installation.ts";
import { nodeId } from "../shapes/node-id.ts";
import { repositoryJson } from "../shapes/repository.ts";
import type { InstallationEvent, PermissionSet, World, WorldEvent } from "../world/world.ts";
import { type Delivery, newDelivery } from "./delivery.ts";

/** The permission that an App needs to receive an event (github.com/en/webhooks/webhook-events-and-payloads). */
const NEEDS: { readonly [event: string]: readonly [permission: string, access: "read" | "write"] } = {
  push: ["contents", "read"],
  create: ["contents", "read"],
  delete: ["contents", "read"],
  pull_request: ["pull_requests", "read"],
  pull_request_review: ["pull_requests", "read"],
  issues: ["issues", "read"],
  issue_comment: ["issues", "read"],
  check_run: ["checks", "read"],
  check_suite: ["checks", "read"],
  merge_group: ["merge_queues", "read"],
  deployment: ["deployments", "read"],
  deployment_status: ["deployments", "read"],
  repository: ["metadata", "read"],
};

/** Sent to an App with write permission for checks, whether subscribed or not. */
const CHECKS_OF_ITS_OWN = new Set(["requested", "rerequested", "requested_action"]);

export function deliveryOf(world: World, event: WorldEvent): Delivery | undefined {
  const installation = world.installationOf(event.repository);
  if (installation === undefined || installation.suspendedAt !== undefined) return undefined;
  if (!hears(world, event, installation.permissions)) return undefined;
  const payload = {
    ...(event.action !== undefined && { action: event.action }),
    ...event.payload,
    repository: repositoryJson(world, event.repository),
    ...(event.repository.owner.type === "Organization" && {
      organization: accountJson(world, event.repository.owner),
    }),
    sender: accountJson(world, event.sender),
    installation: installationStub(installation.id),
  };
  const { name, action, repository } = event;
  return newDelivery({
    event: name,
    action,
    payload,
    installationId: installation.id,
    repository: repository.fullName,
  });
}

function hears(world: World, { name, action }: WorldEvent, permissions: PermissionSet): boolean {
  const need = NEEDS[name];
  if (need === undefined) throw new Error(`no permission is known for the event ${name}`);
  const [permission, access] = need;
  const held = permissions[permission] ?? (permission === "metadata" ? "read" : undefined);
  if (held === undefined || (access === "write" && held === "read")) return false;
  if (name.startsWith("check_") && CHECKS_OF_ITS_OWN.has(action ?? "")) return held === "write";
  return world.app.events.includes(name);
}

function installationStub(id: number): object {
  return { id, node_id: nodeId("App", [id]) };
}

/** These are always sent. */
export function installationDelivery(world: World, event: InstallationEvent): Delivery {
  const { name, action, installation, sender, payload } = event;
  return newDelivery({
    event: name,
    action,
    payload: {
      action,
      installation: installationJson(world, installation),
      ...payload,
      sender: accountJson(world, sender),
    },
    installationId: installation.id,
    repository: undefined,
  });
}

// Hooks: resources that Helm makes at a certain moment and that are no part of the release
// (https://helm.sh/docs/topics/charts_hooks/).

import type { Manifest } from "./manifests.ts";
import { textAt } from "./tree.ts";

/** The moments that it runs at; empty for a resource of the release. */
function hookEvents({ content }: Pick<Manifest, "content">): readonly string[] {
  const events = textAt(content, "metadata", "annotations", "helm.sh/hook").split(",");
  return events.map((event) => event.trim()).filter((event) => event !== "");
}

/** Runs when somebody calls `helm test`, and never with an upgrade. */
export function isTestOnly(manifest: Pick<Manifest, "content">): boolean {
  const events = hookEvents(manifest);
  return events.length > 0 && events.every((event) => TESTS.has(event));
}

const TESTS = new Set(["test", "test-success", "test-failure"]);

/** What the upgrade makes of it: part of the release, a hook that runs with it, or one that runs at other times only. */
export function roleInUpgrade(manifest: Pick<Manifest, "content">): "release" | "hook" | "idle-hook" {
  const events = hookEvents(manifest);
  if (events.length === 0) return "release";
  return events.some((event) => event === "pre-upgrade" || event === "post-upgrade") ? "hook" : "idle-hook";
}

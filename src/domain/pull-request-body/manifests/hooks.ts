// Hooks: resources that Helm creates at certain events, outside of the release
// (https://helm.sh/docs/topics/charts_hooks/).

import type { Manifest } from "./manifests.ts";
import { textAt } from "./tree.ts";

/** Its hook events; empty for a resource of the release. */
function hookEvents({ content }: Pick<Manifest, "content">): readonly string[] {
  const events = textAt(content, "metadata", "annotations", "helm.sh/hook").split(",");
  return events.map((event) => event.trim()).filter((event) => event !== "");
}

/** Runs only on `helm test`, never on an upgrade. */
export function isTestOnly(manifest: Pick<Manifest, "content">): boolean {
  const events = hookEvents(manifest);
  return events.length > 0 && events.every((event) => TESTS.has(event));
}

const TESTS = new Set(["test", "test-success", "test-failure"]);

/** Whether it is part of the release, a hook that runs on an upgrade, or one that runs at other events only. */
export function roleInUpgrade(manifest: Pick<Manifest, "content">): "release" | "hook" | "idle-hook" {
  const events = hookEvents(manifest);
  if (events.length === 0) return "release";
  return events.some((event) => event === "pre-upgrade" || event === "post-upgrade") ? "hook" : "idle-hook";
}

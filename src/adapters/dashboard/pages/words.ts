// Formats times and states for the pages.

import { html } from "hono/html";
import type { DeploymentState } from "../../../domain/model/deployment.ts";
import { instantText } from "../../../domain/model/instant.ts";
import type { Html } from "./layout.ts";

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** "3 d", "0 s": in the largest unit with at least one. */
export function ageText(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const [unit, length] = UNITS.find(([, of]) => seconds >= of) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}

export function time(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${instantText(at)}</time>`;
}

export const DEPLOYMENT_WORDS: Readonly<Record<DeploymentState, string>> = {
  creating: "to be created on GitHub",
  held: "held back",
  queued: "waits",
  in_progress: "under way",
  success: "succeeded",
  failure: "failed",
  error: "ended with an error",
  inactive: "a later one went out in its place",
};

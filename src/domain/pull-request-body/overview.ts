// The overview for a quick review, besides the risks: which pods restart, which images change, what changes in the
// cluster; a line each.

import type { RenderedReview } from "./diff/rendered-diff.ts";
import type { ImageMove } from "./manifests/pod/images.ts";
import { resourceNames } from "./manifests/resource-name.ts";
import { code, digestCode } from "./markdown/escape.ts";
import type { Restart } from "./risks/restarts.ts";

/** Lines of Markdown. */
export function overview({ restarts, images, outcome }: RenderedReview): readonly string[] {
  return [...restartLines(restarts), ...imageLines(images), ...(outcome === undefined ? [] : [outcome])];
}

const HOW = [
  ["rolling", "Restarts the pods of"],
  ["at once", "Stops all pods, then starts new ones, of"],
  ["by hand", "Changes the pods, once somebody deletes them (`OnDelete`), of"],
] as const;

const NAMES_SHOWN = 200;

function restartLines(restarts: readonly Restart[]): readonly string[] {
  return HOW.flatMap(([how, words]) => {
    const workloads = restarts.filter((restart) => restart.how === how).map(({ workload }) => workload);
    return workloads.length === 0 ? [] : [`${words} ${resourceNames(workloads, { length: NAMES_SHOWN })}.`];
  });
}

/** About one line; all changed images are in a table below. */
const IMAGES_SHOWN = { most: 4, length: 100 };

function imageLines(images: readonly ImageMove[]): readonly string[] {
  if (images.length === 0) return [];
  const shown = withinALine(images);
  const together = Map.groupBy(shown, ({ before, after }) => JSON.stringify([before, after]));
  const more = images.length > shown.length ? ` and ${images.length - shown.length} more` : "";
  return [`Images: ${[...together.values()].map(imageMove).join("; ")}${more}.`];
}

/** At least one. */
function withinALine(images: readonly ImageMove[]): readonly ImageMove[] {
  let left = IMAGES_SHOWN.length;
  return images.slice(0, IMAGES_SHOWN.most).filter(({ repository }, index) => {
    left -= repository.length;
    return index === 0 || left >= 0;
  });
}

/** Of images that move alike: "`web`, `api` `1` → `2`". */
function imageMove(images: readonly ImageMove[]): string {
  const names = images.map(({ repository }) => code(repository)).join(", ");
  const [{ before, after } = { before: [], after: [] }] = images;
  const verb = images.length === 1 ? ["comes", "goes"] : ["come", "go"];
  if (before.length === 0) return `${names} ${verb[0]} (${tags(after)})`;
  return after.length === 0
    ? `${names} ${verb[1]} (${tags(before)})`
    : `${names} ${tags(before)} → ${tags(after)}`;
}

function tags(list: readonly string[]): string {
  return list.map((tag) => digestCode(tag)).join(", ");
}

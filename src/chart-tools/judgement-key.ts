// Cache key of a judgement: requests with the same key have the same judgement.

import { createHash, type Hash } from "node:crypto";
import type { JudgeRequest, ReviewRequest, UmbrellaFolder } from "../reconcile/ports/chart-review.ts";

export function judgementKey({ cluster, umbrella, charts, valuesFiles, toRender }: JudgeRequest): string {
  const hash = createHash("sha256");
  const names = charts.map(({ chart, keys, from, to }) => [chart, keys, from, to]);
  hash.update(JSON.stringify([cluster, umbrella, names, valuesFiles]));
  if (toRender.kind === "not-rendered") hash.update(JSON.stringify(toRender));
  else {
    hash.update(JSON.stringify([toRender.absent, toRender.uncompared]));
    for (const folder of [toRender.before, toRender.after]) addFolder(hash, folder);
  }
  return hash.digest("hex");
}

/** Cache key of a review. */
export function reviewKey({ facts, toRender, room }: ReviewRequest): string {
  const hash = createHash("sha256").update(judgementKey({ ...facts, toRender }));
  const withDigests = (_key: string, value: unknown) => (value instanceof Uint8Array ? digest(value) : value);
  return hash.update(JSON.stringify([facts, room], withDigests)).digest("hex");
}

/** Key to which the cost of rendering is charged: the new versions, in their environment. */
export function costKey({
  cluster,
  umbrella,
  charts,
}: Pick<JudgeRequest, "cluster" | "umbrella" | "charts">): string {
  const versions = charts.map(({ chart, to, after }) => [
    ...[chart, to],
    after.kind === "packed" ? digest(after.bytes) : after.because,
  ]);
  return digest(Buffer.from(JSON.stringify([umbrella, cluster, versions])));
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function addFolder(hash: Hash, { umbrellaFiles, archives, valuesFiles }: UmbrellaFolder): void {
  hash.update(JSON.stringify([[...umbrellaFiles], valuesFiles]));
  for (const [name, bytes] of archives) {
    hash.update(JSON.stringify([name, bytes.length]));
    hash.update(bytes);
  }
}

// fixtures/immutable-fields/*.yaml: changes of resources, each with what the API server says to it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import * as z from "zod";

const tree = z.record(z.string(), z.unknown());

const answer = z.enum(["accepts", "refuses"]);

const kindSchema = z.strictObject({
  base: tree,
  changes: z
    .array(
      z.strictObject({
        about: z.string(),
        /** Laid over the base: what the cluster has. */
        from: tree.default({}),
        /** The status that the resource has when the change comes. */
        status: tree.optional(),
        /** Laid over the base: what the upgrade brings. */
        patch: tree,
        refused: z.array(z.string()).default([]),
        unless: z.array(z.string()).default([]),
        /** What the API server of the test does where that depends on the cluster, or on the way in which Helm applies. */
        cluster: z.union([answer, z.strictObject({ merge: answer, "server-side": answer })]).optional(),
      }),
    )
    .min(1),
});

export interface ImmutableCase {
  readonly name: string;
  readonly before: Tree;
  readonly after: Tree;
  readonly status?: Tree;
  /** Fields that never change. */
  readonly refused: readonly string[];
  /** Fields that change in some cluster only. */
  readonly unless: readonly string[];
  readonly refusedBy: ReadonlySet<Way>;
}

/** How Helm applies: a three-way merge on its own side (Helm 3), or server-side (Helm 4). */
export type Way = "merge" | "server-side";

const WAYS: readonly Way[] = ["merge", "server-side"];

interface Tree {
  readonly [key: string]: unknown;
}

const FOLDER = join(import.meta.dirname, "../../fixtures/immutable-fields");

/** The base of each kind is in the cluster as `from` has it, and `patch` is what the upgrade makes of the base. */
export function immutableCases(): readonly ImmutableCase[] {
  return readdirSync(FOLDER)
    .toSorted()
    .flatMap((file) => z.array(kindSchema).parse(load(readFileSync(join(FOLDER, file), "utf8"))))
    .flatMap(({ base, changes }) =>
      changes.map(({ about, from, status, patch, refused, unless, cluster }) => ({
        name: `${String(base["kind"])}: ${about}`,
        before: merged(base, from),
        after: merged(base, patch),
        ...(status && { status }),
        refused,
        unless,
        refusedBy: new Set(
          WAYS.filter((way) => {
            const verdict = typeof cluster === "object" ? cluster[way] : cluster;
            return refused.length > 0 || verdict === "refuses";
          }),
        ),
      })),
    );
}

/** A JSON merge patch (RFC 7386): null takes away, and anything but a map takes the place of what is there. */
function merged(target: Tree, patch: Tree): Tree {
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const old = result[key];
    if (value === null) delete result[key];
    else result[key] = isTree(value) ? merged(isTree(old) ? old : {}, value) : value;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

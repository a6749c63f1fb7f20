// What people may write in .github/chart-promoter.yml. Unknown keys are refused. Defaults are filled in by normalise.ts.

import { z } from "zod";
import { parseDuration } from "../model/duration.ts";
import type { Value } from "../model/umbrella.ts";

const text = z.string().min(1, "must not be empty").max(1000, "is too long");
const glob = z
  .string()
  .min(1, "must not be empty")
  .max(200, "is too long")
  .regex(/^[A-Za-z0-9._*?-]+$/, "is not a glob over chart names");
const duration = z
  .string()
  .refine((written) => parseDuration(written) !== undefined, "must be a duration such as 30s, 5m, 24h or 7d");
const switchedOff = z.literal(false);
const plainValue = z.custom<Value>(
  isValue,
  "must be a text, a number, true, false, null, a list or a map; numbers beyond 2^53 need quotes",
);
/** A login (also an app's, `name[bot]`), or `team:` and the slug of a team. */
const reviewer = z
  .string()
  .regex(
    /^(team:)?[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?(\[bot\])?$/,
    "must be a login without @, or team:slug",
  );
const label = z
  .string()
  .max(50, "must have at most 50 characters")
  .regex(/^\S(.*\S)?$/, "must be a text that neither begins nor ends with a blank");
const INSTANT = { error: "must be an instant such as 2026-12-20T00:00:00Z" };
/** YAML 1.1 readers make a date of it. */
const instant = z
  .union([z.iso.datetime({ offset: true, ...INSTANT }), z.date()], INSTANT)
  .transform((written) => new Date(written));

const chart = z
  .strictObject({
    /** Helm constraint; default `*`: no pre-releases unless it names one (`*-0`). */
    versions: text.optional(),
    /** Largest step; default major. */
    updates: z.enum(["patch", "minor", "major"]).optional(),
    /** Below the chart's own key; nested, or dotted paths. */
    values: z.record(z.string(), plainValue).optional(),
  })
  .nullable();

const environment = z.strictObject({
  /** Folder of the umbrella chart; default ".". */
  path: text.optional(),
  /** Default: the repository's default branch. */
  branch: text.optional(),
  charts: z
    .union([z.array(glob).min(1, "must name at least one chart"), z.record(glob, chart)], {
      error: "must be a list of globs, or globs with settings",
    })
    .optional(),
  valuesFiles: z.array(text).optional(),
  pullRequests: z.enum(["chart", "environment"]).optional(),
  umbrellaVersion: z.enum(["keep", "patch"]).optional(),
  labels: z.array(label).max(100, "must be at most 100").optional(),
  reviewers: z.array(reviewer).max(15, "must be at most 15: GitHub asks no more").optional(),
  draft: z.boolean().optional(),
  /** YAML 1.1 readers make `off` a boolean. */
  autoMerge: z
    .union([z.enum(["off", "merge", "squash", "rebase"]), switchedOff], {
      error: "must be one of off, merge, squash, rebase",
    })
    .optional(),
  after: text.optional(),
  soak: duration.optional(),
  freeze: z.array(z.strictObject({ from: instant, to: instant, reason: text })).optional(),
  deploy: z.array(text).optional(),
});

export const schema = z.strictObject({
  environments: z.record(z.string(), environment.nullable()),
});

export type Written = z.infer<typeof schema>;
export type WrittenEnvironment = z.infer<typeof environment>;

/** Every key of the file, for suggesting the one that was meant. */
export const KEYS = [
  "environments",
  "versions",
  "updates",
  "values",
  "from",
  "to",
  "reason",
  ...Object.keys(environment.shape),
];

function isValue(value: unknown): value is Value {
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  return typeof value === "object" && !(value instanceof Date) && Object.values(value).every(isValue);
}

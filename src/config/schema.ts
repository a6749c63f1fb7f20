// What people may write in .github/chart-promoter.yml. Unknown keys are refused. Defaults are filled in by normalise.ts.

import { z } from "zod";
import { parseDuration } from "../model/duration.ts";

const text = z.string().min(1, "must not be empty").max(1000, "is too long");
const glob = z
  .string()
  .min(1, "must not be empty")
  .max(200, "is too long")
  .regex(/^[A-Za-z0-9._*?-]+$/, "is not a glob over chart names");
const duration = z
  .string()
  .refine((written) => parseDuration(written) !== undefined, "must be a duration such as 30s, 5m, 24h or 7d");
const instant = z
  .union([
    z.iso.datetime({ offset: true, error: "must be an instant such as 2026-12-20T00:00:00Z" }),
    z.date(),
  ])
  .transform((written) => new Date(written));

const chart = z
  .strictObject({
    /** Helm constraint; default `*`: no pre-releases unless it names one (`*-0`). */
    versions: text.optional(),
    /** Largest step; default major. */
    updates: z.enum(["patch", "minor", "major"]).optional(),
    /** Below the chart's own key; nested, or dotted paths. */
    values: z.record(z.string().min(1), z.json()).optional(),
  })
  .nullable();

const environment = z.strictObject({
  /** Folder of the umbrella chart; default ".". */
  path: text.optional(),
  /** Default: the repository's default branch. */
  branch: text.optional(),
  charts: z.union([z.array(glob).min(1), z.record(glob, chart)]).optional(),
  valuesFiles: z.array(text).optional(),
  pullRequests: z.enum(["chart", "environment"]).optional(),
  umbrellaVersion: z.enum(["keep", "patch"]).optional(),
  labels: z.array(z.string().min(1).max(50, "must have at most 50 characters")).max(100).optional(),
  reviewers: z.array(text).max(15).optional(),
  draft: z.boolean().optional(),
  /** YAML 1.1 readers make `off` a boolean. */
  autoMerge: z.union([z.enum(["off", "merge", "squash", "rebase"]), z.literal(false)]).optional(),
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

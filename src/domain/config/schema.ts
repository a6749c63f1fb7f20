// Schema of .github/chart-promoter.yml. Unknown keys are rejected. Defaults are filled in by normalise.ts.

import * as z from "zod";
import { isCron, isTimeZone } from "../deployment/windows.ts";
import { parseIgnoreRule } from "../drift/ignore.ts";
import { DURATION, parseDuration } from "../model/config/duration.ts";
import type { Value } from "../model/umbrella.ts";
import { parsePath } from "../strvals/parse-path.ts";

const text = z.string().min(1, "must not be empty").max(1000, "is too long");
const glob = z
  .string()
  .min(1, "must not be empty")
  .max(200, "is too long")
  .regex(/^[A-Za-z0-9._*?-]+$/, "is not a glob over chart names");
const duration = z
  .string()
  .refine((written) => parseDuration(written) !== undefined, "must be a duration such as 30s, 5m, 24h or 7d")
  .meta({ pattern: DURATION.source });
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
/** `group/version`, or `version` alone for Kubernetes' core, optionally followed by a kind. */
const apiVersion = z
  .string()
  .max(300, "is too long")
  .regex(
    /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?v\d+((alpha|beta)\d+)?(\/[A-Z][A-Za-z0-9]*)?$/,
    "must be an API version such as monitoring.coreos.com/v1, or with a kind: monitoring.coreos.com/v1/ServiceMonitor",
  );
/** Helm's own rule (pkg/chart/common/util, ValidateReleaseName). */
const RELEASE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const INSTANT = { error: "must be an instant such as 2026-12-20T00:00:00Z" };
/** YAML 1.1 parsers turn it into a date. */
const instant = z
  .union([z.iso.datetime({ offset: true, ...INSTANT }), z.date()], INSTANT)
  .transform((written) => new Date(written));

const chart = z
  .strictObject({
    versions: text
      .optional()
      .describe(
        "Helm constraint that a new version must satisfy; default `*`: no pre-releases unless it names one (`*-0`).",
      ),
    updates: z.enum(["patch", "minor", "major"]).optional().describe("Largest step; default major."),
    values: z
      .record(z.string().superRefine(isHelmPath), plainValue)
      .optional()
      .describe(
        "Values to set in the same pull request, below the chart's own key: nested as in values.yaml, or paths as of `helm --set`. {version}, {appVersion}, {digest} and {revision} are filled in.",
      ),
  })
  .nullable();

/** The cluster that Helm renders for; no real cluster is ever contacted. */
const cluster = z.strictObject({
  /** YAML turns 1.30 into the number 1.3. */
  kubeVersion: z
    .string()
    .max(50, "is too long")
    .regex(/^v?1\.\d{1,4}(\.\d{1,4})?([+-][0-9A-Za-z.+-]+)?$/, 'must be a Kubernetes version such as "1.33"')
    .optional()
    .describe("The cluster's version, in quotes; default: not stated."),
  apiVersions: z
    .array(apiVersion)
    .max(500, "must be at most 500")
    .optional()
    .describe("API versions that the cluster has besides Kubernetes' own."),
  /** The default is what the reference deployer uses. */
  namespace: z
    .string()
    .max(63, "must have at most 63 characters")
    .regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      "must be the name of a namespace: small letters, digits and dashes",
    )
    .optional()
    .describe("Namespace of the release; default: the environment's name."),
  release: z
    .string()
    .max(53, "must have at most 53 characters: Helm takes no more")
    .regex(RELEASE, "must be the name of a Helm release: small letters, digits, dashes and dots")
    .optional()
    .describe("Name of the Helm release; default: the environment's name."),
});

const drift = z
  .strictObject({
    every: duration
      .refine((written) => parseDuration(written) !== 0, "must be longer than nothing")
      .meta({ pattern: DURATION.source })
      .optional()
      .describe("How often deployers report; default 15m."),
    heal: z
      .union([z.enum(["off", "on"]), z.boolean()], { error: "must be off or on" })
      .optional()
      .describe("Whether what was deployed last is deployed again; default off."),
    after: duration.optional().describe("How long a drift must last before it is healed; default 0s."),
    atMost: z
      .number("must be a number")
      .int("must be a whole number")
      .min(1, "must be at least 1: write heal: off to heal never")
      .max(100, "must be at most 100")
      .optional()
      .describe("Heals within 24 hours; default 3."),
    ignore: z
      .array(
        z
          .string()
          .max(600, "is too long")
          .refine(
            (written) => parseIgnoreRule(written) !== undefined,
            'must be KIND/NAME:FIELD, such as "Deployment/web:spec.replicas"; each may be a glob',
          ),
      )
      .max(100, "must be at most 100")
      .optional()
      .describe("What is no drift: KIND/NAME:FIELD, each may be a glob."),
  })
  .nullable();

/** The duration is wall-clock time: an hour has sixty minutes even when daylight saving time changes. */
const timeWindow = z.strictObject({
  cron: z
    .string()
    .max(200, "is too long")
    .refine(isCron, 'must be five fields of cron, such as "0 9 * * 1-5", that come to pass')
    .describe("When it begins: minute, hour, day of the month, month, day of the week."),
  duration: duration
    .refine((written) => parseDuration(written) !== 0, "must be longer than nothing")
    .describe("How long it lasts."),
  timeZone: z
    .string()
    .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
    .optional()
    .describe("Of the pattern; default UTC."),
});
const timeWindows = z.array(timeWindow).max(10, "must be at most 10");

const windows = z.strictObject({
  allow: timeWindows.optional().describe("It is deployed within these only."),
  deny: timeWindows.optional().describe("It is not deployed within these."),
});

const environment = z.strictObject({
  path: text.optional().describe('Folder of the umbrella chart; default ".".'),
  branch: text.optional().describe("Branch that is deployed; default: the repository's default branch."),
  charts: z
    .union([z.array(glob).min(1, "must name at least one chart"), z.record(glob, chart)], {
      error: "must be a list of globs, or globs with settings",
    })
    .optional()
    .describe(
      "Which dependencies to promote: a list of globs, or globs with settings, the last that matches decides; default all.",
    ),
  valuesFiles: z
    .array(text)
    .max(20, "must be at most 20")
    .optional()
    .describe("Where a chart's values stand; {chart} is its alias or its name."),
  pullRequests: z
    .enum(["chart", "environment"])
    .optional()
    .describe(
      "One pull request for each dependency name (chart, the default), or one for all (environment).",
    ),
  umbrellaVersion: z
    .enum(["keep", "patch"])
    .optional()
    .describe("Whether the umbrella chart's own version moves along; default keep."),
  staleLock: z
    .enum(["refuse", "repair"])
    .optional()
    .describe("Whether a promotion puts a lock right that was out of step before it; default refuse."),
  labels: z
    .array(label)
    .max(100, "must be at most 100")
    .optional()
    .describe("Labels of the pull requests; one that does not exist is made."),
  reviewers: z
    .array(reviewer)
    .max(15, "must be at most 15: GitHub asks no more")
    .optional()
    .describe("Who is asked for a review: logins, and team:slug."),
  draft: z.boolean().optional().describe("Whether pull requests are opened as drafts; default false."),
  /** YAML 1.1 parsers turn `off` into a boolean. */
  autoMerge: z
    .union([z.enum(["off", "merge", "squash", "rebase"]), switchedOff], {
      error: "must be one of off, merge, squash, rebase",
    })
    .optional()
    .describe("Turns on GitHub's own auto-merge with this method; default off."),
  after: text
    .optional()
    .describe(
      "Only versions that are deployed in this environment; owner/repo#environment for another repository.",
    ),
  soak: duration.optional().describe("Only versions that have stood there for so long."),
  freeze: z
    .array(z.strictObject({ from: instant, to: instant, reason: text }))
    .optional()
    .describe("When nothing is to be merged or deployed, and why."),
  windows: windows.optional().describe("When it may be deployed; default: at any time."),
  deploy: z
    .array(text)
    .optional()
    .describe("Deployers of server.yaml that are called after a merge; default none."),
  cluster: cluster.optional().describe("What the charts are rendered for; no cluster is ever asked."),
  environmentUrl: z
    .string()
    .max(500, "is too long")
    .refine(
      (written) => /^https?:$/.test(URL.parse(written)?.protocol ?? ""),
      "must be an http or https address",
    )
    .refine((written) => !URL.parse(written)?.username && !URL.parse(written)?.password, "must hold no login")
    .meta({ pattern: "^[Hh][Tt][Tt][Pp][Ss]?:" })
    .optional()
    .describe("Where the environment can be looked at; shown on GitHub's deployments."),
  drift: drift.optional().describe("How its deployer watches the cluster; absent: nobody watches."),
});

/** A repository on GitHub. */
const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}\/[A-Za-z0-9._-]{1,100}$/, "must be owner/repository");

/** chart-promoter-defaults.yml: defaults for environments of repositories that extend it. */
export const defaultsSchema = z.strictObject({
  environments: z
    .record(z.string(), environment.nullable())
    .describe(
      'Keys that environments of these names take where they do not write them; those of "*" are for every environment.',
    ),
});

export const schema = z.strictObject({
  extends: repositoryName
    .optional()
    .describe(
      "Repository of the same account whose chart-promoter-defaults.yml has what environments here do not write themselves.",
    ),
  environments: z
    .record(z.string(), environment.nullable())
    .describe("Umbrella charts whose dependencies are promoted, each under the environment's name."),
  dashboardIssue: z
    .boolean("must be true or false")
    .optional()
    .describe("Whether one issue shows what stands where, with boxes to tick; default false."),
});

export type WrittenConfig = z.infer<typeof schema>;
export type WrittenEnvironment = z.infer<typeof environment>;

/** Every key of the file, for suggestions. */
export const KEYS = [
  "extends",
  "environments",
  "dashboardIssue",
  "versions",
  "updates",
  "values",
  "from",
  "to",
  "reason",
  ...Object.keys(environment.shape),
  ...Object.keys(cluster.shape),
  ...Object.keys(windows.shape),
  ...Object.keys(timeWindow.shape),
  ...Object.keys(drift.unwrap().shape),
];

function isHelmPath(key: string, context: z.RefinementCtx): void {
  const path = parsePath(key);
  if (path.ok) return;
  for (const { message, help } of path.problems)
    context.addIssue({ code: "custom", message, params: { help } });
}

function isValue(value: unknown): value is Value {
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  return typeof value === "object" && !(value instanceof Date) && Object.values(value).every(isValue);
}

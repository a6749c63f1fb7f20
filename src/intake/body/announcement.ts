// The body of an announcement and the rules for each of its fields.

import semver from "semver";
import * as z from "zod";

import { clip } from "../../domain/model/clip.ts";
import type { Publisher } from "../../domain/model/config/settings.ts";
import { nearest } from "../../domain/model/nearest.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Announcement, Source } from "../../domain/model/publish.ts";
import { refusal } from "../caller/allow.ts";
import { parseValues } from "./values.ts";

/** helm/helm pkg/chart/v2/util/create.go: letters, digits, dots, dashes and underscores, at most 250. */
const CHART_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,250}$/;
const DIGEST = /^[sS][hH][aA]256:[0-9a-fA-F]{64}$/;

/** For commit trailers and pull request text: one line, no control characters. */
const line = (length: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(length)
    .regex(/^\P{Cc}*$/u, "must be one line");

const written = z.strictObject({
  chart: z.string().refine(isChartName, "is not a chart name"),
  version: z.string().refine(isChartVersion, "is not a semantic version"),
  repository: line(200).optional(),
  digest: z.string().regex(DIGEST, "is not a SHA-256 digest").optional(),
  values: z.record(z.string(), z.unknown()).optional(),
  source: z
    .strictObject({
      repository: line(1000).optional(),
      revision: line(200).optional(),
      build: z.union([line(1000), z.int().transform(String)]).optional(),
    })
    .optional(),
});

/** For /openapi.json. */
export const ANNOUNCEMENT_SCHEMA = z.toJSONSchema(written, { io: "input" });

/** The most problems that are reported. */
const MOST_TOLD = 20;

/** Helm uses the name in file names and URLs unchanged. */
export function isChartName(text: string): boolean {
  return CHART_NAME.test(text);
}

/** Semantic Versioning 2, with the leading `v` that Helm allows and keeps (cert-manager's charts have it). */
export function isChartVersion(text: string): boolean {
  return semver.parse(text) !== null && /^[v\d]\S*$/.test(text);
}

/** Returns every invalid field, or the first thing that this publisher may not announce. */
export function parseAnnouncement(document: unknown, publisher: Publisher): Result<Announcement> {
  const parsed = written.safeParse(document);
  if (!parsed.success) return failAll(parsed.error.issues.slice(0, MOST_TOLD).flatMap(toProblems));
  const { chart, version, repository = publisher.repository, digest, source } = parsed.data;
  const values = parseValues(parsed.data.values ?? {});
  if (!values.ok) return values;
  const forbidden = refusal(publisher, { chart, repository });
  if (forbidden !== undefined) return fail(forbidden);
  return ok({
    chart,
    version,
    repository,
    ...(digest === undefined ? {} : { digest: digest.toLowerCase() }),
    values: values.value,
    source: toSource(source ?? {}),
    publisher: publisher.name,
  });
}

function toSource(parts: { readonly [Part in keyof Source]: string | undefined }): Source {
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== undefined));
}

type Issue = z.core.$ZodIssue;

function toProblems(issue: Issue): readonly Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MOST_TOLD).map((key) => unknownKey([...issue.path, clip(key, 100)], key));
  }
  if (issue.code === "invalid_type")
    return [malformed(issue.path, `must be ${TYPES[issue.expected] ?? issue.expected}`)];
  if (issue.code === "invalid_union")
    return [malformed(issue.path, "must be one line of text or a whole number")];
  if (issue.code === "too_small") return [malformed(issue.path, "must not be empty")];
  if (issue.code === "too_big")
    return [malformed(issue.path, `must have at most ${issue.maximum} characters`)];
  return [malformed(issue.path, issue.message)];
}

const TYPES: { readonly [expected: string]: string } = {
  string: "text",
  object: "an object",
  record: "an object",
};

const HELP: { readonly [part: string]: string } = {
  chart: "Give the chart's name as in its Chart.yaml: letters, digits, `.`, `-` and `_`, at most 250.",
  version:
    "Give the version as in Chart.yaml, as text: MAJOR.MINOR.PATCH with an optional -prerelease and +build.",
  repository: "Leave `repository` out, or give the name that the chart repository has in server.yaml.",
  digest:
    "Give `sha256:` and the 64 hex digits of the packed chart, as `sha256sum` prints them, or leave it out.",
  values: "Write values nested as in values.yaml, or as dotted paths.",
  source: "Give `source` as {repository, revision, build}, each one line of text.",
};

const KEYS = [...Object.keys(written.shape), ...Object.keys(written.shape.source.unwrap().shape)];

function unknownKey(path: readonly PropertyKey[], key: string): Problem {
  const problem = malformed(path, "is not known here");
  const meant = nearest(key, KEYS);
  return meant === undefined ? problem : { ...problem, help: `Did you mean \`${meant}\`? ${problem.help}` };
}

function malformed(path: readonly PropertyKey[], what: string): Problem {
  const [part = ""] = path.map(String);
  return {
    code: "malformed",
    message: path.length === 0 ? `The body ${what}.` : `\`${path.map(String).join(".")}\` ${what}.`,
    help:
      new Map(Object.entries(HELP)).get(part) ??
      "Send {chart, version, repository?, digest?, values?, source?} and nothing else.",
  };
}

function failAll(problems: readonly Problem[]): Result<never> {
  const [first = malformed([], "cannot be read"), ...rest] = problems;
  return fail(first, ...rest);
}

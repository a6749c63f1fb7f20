// What the operator may write in server.yaml. Unknown keys are refused.

import { z } from "zod";
import { parseDuration } from "../model/duration.ts";

const text = z.string().min(1, "must not be empty");
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });
const repositoryUrl = z
  .url({ protocol: /^(https?|oci)$/, error: "must be an http, https or oci URL" })
  .refine(isBare, "must have no credentials, query or fragment: write username and password, or token");
/** Names stand before the colon of HTTP Basic, in URLs and in metrics. */
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "must be a name of letters, digits, dots, dashes and underscores",
  );
const glob = z.string().regex(/^[A-Za-z0-9._*?-]+$/, "must be a glob over chart names");
const secret = text.refine(isKey, "begins with whsec_, and what follows is no base64");

const chartRepository = z.strictObject({
  url: repositoryUrl,
  also: z.array(repositoryUrl).optional(),
  kind: z.enum(["chartmuseum", "index", "oci"]).optional(),
  fetchFrom: repositoryUrl.optional(),
  username: text.optional(),
  password: z.string().optional(),
  token: text.optional(),
  /** YAML 1.1 readers make `off` a boolean. */
  poll: z
    .union(
      [z.literal("off"), z.literal(false), z.string().refine((written) => (parseDuration(written) ?? 0) > 0)],
      {
        error: "must be a duration such as 5m, or off",
      },
    )
    .optional(),
  keyring: text.optional(),
});

const publisher = z.strictObject({
  secret,
  repository: name,
  charts: z.array(glob).min(1, "must name at least one chart"),
});

const deployer = z.strictObject({
  jenkins: httpUrl.optional(),
  username: text.optional(),
  token: text.optional(),
  webhook: httpUrl.optional(),
  secret,
});

export const schema = z.strictObject({
  chartRepositories: z.record(name, chartRepository),
  imageRegistries: z
    .record(
      z.string().regex(/^[A-Za-z0-9.-]+(:\d+)?$/, "must be a host, with a port when it has one"),
      z.strictObject({ username: text.optional(), password: z.string().optional() }).nullable(),
    )
    .optional(),
  publishers: z.record(name, publisher).optional(),
  deployers: z.record(name, deployer).optional(),
  dashboard: z
    .strictObject({
      access: z
        .union([z.enum(["off", "public", "github"]), z.literal(false)], {
          error: "must be one of off, public, github",
        })
        .optional(),
    })
    .optional(),
  metrics: z.strictObject({ token: text.optional() }).optional(),
});

export type Written = z.infer<typeof schema>;

export const KEYS = [
  ...Object.keys(schema.shape),
  ...Object.keys(chartRepository.shape),
  ...Object.keys(publisher.shape),
  ...Object.keys(deployer.shape),
  "access",
];

function isBare(url: string): boolean {
  const parsed = URL.parse(url);
  return !parsed || parsed.username + parsed.password + parsed.search + parsed.hash === "";
}

/** Standard Webhooks: base64, with or without padding, of at least one byte. */
function isKey(secret: string): boolean {
  if (!secret.startsWith("whsec_")) return true;
  const encoded = secret.slice("whsec_".length).replace(/=+$/, "");
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length > 0 && bytes.toString("base64").replace(/=+$/, "") === encoded;
}

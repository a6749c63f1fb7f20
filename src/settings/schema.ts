// Schema of server.yaml. Unknown keys are rejected.

import * as z from "zod";

import { DURATION, parseDuration } from "../domain/model/config/duration.ts";
import { TOLD_KINDS } from "../domain/model/history.ts";
import { parseSecret, secretsOf } from "../domain/model/secret/secret.ts";

const text = z.string().min(1, "must not be empty");
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });
const repositoryUrl = z
  .url({ protocol: /^(https?|oci)$/, error: "must be an http, https or oci URL" })
  .refine(isBare, "must have no credentials, query or fragment: write username and password, or token");
/** Names are used before the colon of HTTP Basic, in URLs and in metrics. */
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "must be a name of letters, digits, dots, dashes and underscores",
  );
const host = z.string().regex(/^[A-Za-z0-9.-]+(:\d+)?$/, "must be a host, with a port when it has one");
const glob = z.string().regex(/^[A-Za-z0-9._*?-]+$/, "must be a glob over chart names");
const repositoryGlob = z
  .string()
  .regex(/^[A-Za-z0-9._*?-]+\/[A-Za-z0-9._*?-]+$/, "must be a glob over owner/repository");
const environmentGlob = z
  .string()
  .regex(
    /^[A-Za-z0-9._*?-]+\/[A-Za-z0-9._*?-]+(#[^\s#]+)?$/,
    "must be a glob over owner/repository or owner/repository#environment",
  );
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: "must be an address or a network such as 10.0.0.0/8",
});
/** Maximum size of a publish in bytes, with its values (32 KiB), its source and overhead. */
const LARGEST_PUBLISH = 64 * 1024;
const count = z.number().int().min(1, "must be a whole number above 0");
/** One, or a list of several: see Secret. */
const anySecret = z
  .union([text, z.array(text).min(1, "must name at least one")], {
    error: "must be a text, or a list of texts",
  })
  .transform(parseSecret);
const secret = anySecret
  .refine((given) => secretsOf(given).every(isKey), "begins with whsec_, and what follows is no base64")
  .describe("One, or a list while it is changed over: any of them verifies, the first signs.");

const duration = z
  .string()
  .refine((written) => (parseDuration(written) ?? 0) > 0, "must be a duration such as 30m, 4h or 2d")
  .meta({ pattern: DURATION.source });
const program = z
  .array(text)
  .min(1, "must name a program")
  .transform(([command = "", ...args]): readonly [string, ...string[]] => [command, ...args]);
/** Where a password is read from, instead of the file itself. */
const passwordSources = {
  passwordFile: text.optional().describe("File with the password, read again when it changes."),
  passwordCommand: program.optional().describe("Program and arguments that print the password."),
  refresh: duration.optional().describe("How long the output of a command holds; default 30m."),
};

const chartRepository = z.strictObject({
  url: repositoryUrl.describe("As config repositories write it; a trailing slash makes no difference."),
  also: z.array(repositoryUrl).optional().describe("Other spellings of the same repository."),
  kind: z.enum(["chartmuseum", "index", "oci"]).optional().describe("Default chartmuseum."),
  fetchFrom: repositoryUrl.optional().describe("Where the bot itself reads; default: url."),
  username: text.optional(),
  password: z.string().optional(),
  token: text.optional(),
  ...passwordSources,
  tokenFile: text.optional().describe("File with the token, read again when it changes."),
  tokenCommand: program.optional().describe("Program and arguments that print the token."),
  passCredentials: z
    .boolean()
    .optional()
    .describe("As in Helm: the login also goes to other hosts that the index names; default false."),
  hosts: z.array(host).optional().describe("Other hosts that archives or token services may stand on."),
  /** YAML 1.1 parsers turn `off` into a boolean. */
  poll: z
    .union(
      [
        z.literal("off"),
        z.literal(false),
        z
          .string()
          .refine((written) => (parseDuration(written) ?? 0) > 0)
          .meta({ pattern: DURATION.source }),
      ],
      {
        error: "must be a duration such as 5m, or off",
      },
    )
    .optional()
    .describe("How often it is asked for publishes whose call was lost; off: never; default 5m."),
  keyring: text
    .optional()
    .describe("File of public keys: charts must carry a valid .prov that is signed by one of them."),
  repositories: z
    .array(repositoryGlob)
    .min(1, "must name at least one repository")
    .optional()
    .describe("Config repositories that may use it, as globs over owner/repository; default all."),
});

const oneOrMore = z.union([text, z.array(text).min(1, "must name at least one")], {
  error: "must be a text, or a list of texts",
});
const oidc = z
  .strictObject({
    issuer: httpUrl.describe("As its tokens name it, in `iss`."),
    audience: text.describe("Whom the tokens are for, in `aud`."),
    claims: z
      .record(text, oneOrMore)
      .refine((claims) => Object.keys(claims).length > 0, "must name at least one claim")
      .describe("Globs that the token's claims must match; of a list one has to."),
  })
  .describe("Tokens (OpenID Connect) that let it in without a shared secret.");

const publisher = z.strictObject({
  secret: secret.optional(),
  oidc: oidc.optional(),
  repository: name.describe("Name of the chart repository that it publishes to."),
  charts: z
    .array(glob)
    .min(1, "must name at least one chart")
    .describe("Globs over the names of charts that it may announce."),
  source: z
    .array(repositoryGlob)
    .optional()
    .describe("Globs over source repositories whose commits may be shown; default none."),
  quota: z
    .strictObject({
      perMinute: count,
      burst: count,
      waitingBytes: z
        .number()
        .int()
        .min(LARGEST_PUBLISH, `must be a whole number of bytes, and ${LARGEST_PUBLISH} at least`)
        .optional()
        .describe(
          "Bytes of publishes that wait to be found in the chart repository; default 67108864 (64 MiB).",
        ),
    })
    .optional()
    .describe("Announcements at once (burst), and a minute in the long run."),
});

const deployer = z.strictObject({
  jenkins: httpUrl.optional().describe("Address of the job; either this or webhook."),
  username: text.optional(),
  token: text.optional(),
  webhook: httpUrl.optional().describe("Address that is called; either this or jenkins."),
  secret,
  timeout: duration.optional().describe("From the call to its end; default 1h."),
  repositories: z
    .array(environmentGlob)
    .min(1, "must name at least one repository")
    .describe("Config repositories, or owner/repository#environment, that may name it, as globs."),
});

const recipient = z.strictObject({
  name,
  slack: httpUrl.optional(),
  teams: httpUrl.optional(),
  webhook: httpUrl.optional(),
  cdevents: httpUrl.optional(),
  secret: secret.optional(),
  events: z.array(z.enum(TOLD_KINDS)).min(1, "must name at least one event").optional(),
  repositories: z.array(environmentGlob).min(1, "must name at least one repository").optional(),
});

export const schema = z.strictObject({
  chartRepositories: z.record(name, chartRepository).describe("Where charts are published to, by name."),
  imageRegistries: z
    .record(
      host,
      z
        .strictObject({
          username: text.optional(),
          password: z.string().optional(),
          ...passwordSources,
          hosts: z.array(host).optional(),
        })
        .nullable(),
    )
    .optional(),
  publishers: z.record(name, publisher).optional().describe("Who may announce which charts, by name."),
  deployers: z.record(name, deployer).optional().describe("Who is told after a merge, by name."),
  dashboard: z
    .strictObject({
      access: z
        .union([z.enum(["off", "public", "github"]), z.literal(false)], {
          error: "must be one of off, public, github",
        })
        .optional(),
      clientId: text.optional().describe("Of the App, for access: github; default CLIENT_ID."),
      clientSecret: text.optional().describe("A client secret of the App; default CLIENT_SECRET."),
    })
    .optional(),
  onboarding: z
    .union([z.enum(["off", "on"]), z.boolean()], { error: "must be off or on" })
    .optional()
    .describe(
      "Whether a repository with an umbrella chart and no config file is offered one in a pull request, once; default off.",
    ),
  metrics: z
    .union([z.literal("public"), z.strictObject({ token: anySecret })], {
      error: "must be public, or hold a token",
    })
    .optional(),
  concurrency: z
    .number()
    .refine(
      (given) => Number.isInteger(given) && given >= 1 && given <= 100,
      "must be a whole number from 1 to 100, which is what GitHub answers one App at once",
    )
    .meta({ type: "integer", minimum: 1, maximum: 100 })
    .optional()
    .describe(
      "How much one process works on at the same time, four fifths of it for one publisher or installation at most; default 10.",
    ),
  proxies: z.array(network).min(1, "must name at least one proxy").optional(),
  pause: z
    .array(
      z.strictObject({
        repositories: z
          .array(repositoryGlob)
          .min(1, "must name at least one repository")
          .describe("Globs of config repositories."),
        reason: text.max(60, "must have at most 60 characters").describe("Shown to everybody."),
      }),
    )
    .optional()
    .describe("Nothing is deployed for these config repositories as long as it stands here."),
  history: z
    .strictObject({
      keep: z
        .string()
        .refine((written) => (parseDuration(written) ?? 0) > 0, "must be a duration such as 90d")
        .meta({ pattern: DURATION.source }),
    })
    .optional()
    .describe("How long what happened is remembered; default: for ever."),
  notifications: z
    .array(recipient)
    .max(100, "must be at most 100")
    .optional()
    .describe("Who is told of what happens."),
});

export type WrittenSettings = z.infer<typeof schema>;

export const KEYS = [
  ...Object.keys(schema.shape),
  ...Object.keys(chartRepository.shape),
  ...Object.keys(publisher.shape),
  ...["perMinute", "burst", "waitingBytes"],
  ...["oidc", "issuer", "audience", "claims"],
  ...Object.keys(deployer.shape),
  ...Object.keys(recipient.shape),
  ...["access", "clientId", "clientSecret", "reason", "keep"],
];

function isBare(url: string): boolean {
  const parsed = URL.parse(url);
  return !parsed || parsed.username + parsed.password + parsed.search + parsed.hash === "";
}

/** Standard Webhooks: base64, with or without padding, of at least one byte. */
function isKey(secret: string): boolean {
  if (!secret.startsWith("whsec_")) return true;
  const encoded = secret.slice("whsec_".length).replace(/(?<!=)=+$/, "");
  const bytes = Buffer.from(encoded, "base64");
  return bytes.length > 0 && bytes.toString("base64").replace(/(?<!=)=+$/, "") === encoded;
}

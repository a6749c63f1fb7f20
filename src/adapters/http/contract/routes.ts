// The description of each route for /openapi.json: caller, parameters, responses. Not used for validation: the
// application parses bodies itself, and reports every error with its place.

import type { FastifySchema } from "fastify";
import {
  ALIVE,
  type AnswerSchema,
  NOTIFIED,
  PROBLEMS,
  PROGRESS,
  READY,
  STORED,
  SUMMARY,
  WATCHED,
} from "./answers.ts";

/** The kind of caller; `SECURITY_SCHEMES` describes its authentication. */
type Caller =
  | "publisher"
  | "signedPublisher"
  | "publisherToken"
  | "deployer"
  | "github"
  | "metrics"
  | "system"
  | "uploader";

interface Documented extends FastifySchema {
  readonly summary: string;
  readonly tags: string[];
  readonly security: { [caller: string]: readonly string[] }[];
}

const basic = { type: "http", scheme: "basic" } as const;

export const SECURITY_SCHEMES = {
  publisher: { ...basic, description: "The publisher's name and secret in server.yaml." },
  signedPublisher: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description: "Standard Webhooks, with webhook-id and webhook-timestamp, and the name in X-Publisher.",
  },
  publisherToken: {
    type: "http",
    scheme: "bearer",
    description: "A token that the publisher's `oidc` in server.yaml takes.",
  },
  deployer: { ...basic, description: "The deployer's name and secret in server.yaml." },
  github: { type: "apiKey", in: "header", name: "x-hub-signature-256" },
  metrics: { type: "http", scheme: "bearer", description: "`metrics.token`; none where they are public." },
  system: {
    type: "apiKey",
    in: "header",
    name: "authorization",
    description: "The way of the system that sends it: docs/doors.md.",
  },
  uploader: { ...basic, description: "Passed on to ChartMuseum." },
} as const;

export function publishRoute(body: AnswerSchema): Documented {
  return {
    ...summaryOf("publishes", "A chart version stands in its chart repository", [
      "publisher",
      "signedPublisher",
      "publisherToken",
    ]),
    body,
    response: { 202: answer("Stored durably.", SUMMARY), 200: answer("A repeat.", SUMMARY), ...PROBLEMS },
  };
}

export const PUBLISH_PROGRESS: Documented = {
  ...summaryOf("publishes", "What became of a publish in each environment", [
    "publisher",
    "signedPublisher",
    "publisherToken",
  ]),
  querystring: {
    type: "object",
    properties: {
      wait: {
        type: "integer",
        minimum: 0,
        description: "Seconds to wait until nothing is pending, at most 60.",
      },
    },
  },
  response: { 200: answer("As it stands now.", PROGRESS), ...PROBLEMS },
};

export function systemRoute(system: string): Documented {
  return {
    ...summaryOf("publishes", `A webhook of ${system}`, ["system", "publisherToken"]),
    body: { description: `As ${system} sends it.` },
    response: {
      202: answer("Stored durably, ignored, or refused where the system would repeat it for ever.", NOTIFIED),
      200: answer("A repeat.", NOTIFIED),
      ...PROBLEMS,
    },
  };
}

export function uploadRoute(what: string): Documented {
  return {
    ...summaryOf("publishes", `An upload of ${what}, passed on to ChartMuseum`, ["uploader"]),
    response: { default: { description: "ChartMuseum's own answer." }, ...PROBLEMS },
  };
}

export const MUSEUM_INDEX: Documented = {
  ...summaryOf("publishes", "What helm cm-push reads before it uploads", []),
  response: {
    200: content("An index without charts.", "application/x-yaml", { type: "string" }),
    ...PROBLEMS,
  },
};

export function reportRoute(summary: string, body: AnswerSchema): Documented {
  return {
    ...summaryOf("deployments", summary, ["deployer"]),
    body,
    response: { 204: { type: "null", description: "Stored durably." }, ...PROBLEMS },
  };
}

export const WATCH: Documented = {
  ...summaryOf("deployments", "What a deployer should look at now", ["deployer"]),
  response: { 200: answer("Environments and what was deployed to each.", WATCHED), ...PROBLEMS },
};

export const WEBHOOKS: Documented = {
  ...summaryOf("github", "A webhook delivery of GitHub's", ["github"]),
  body: { type: "object" },
  response: { 202: answer("Stored durably.", STORED), ...PROBLEMS },
};

const plain = content("", "text/plain", { type: "string" });

export const WHAT: Documented = {
  ...summaryOf("operation", "What this is, and which version", []),
  response: { 200: { ...plain, description: "In words." } },
};

export const HEALTH: Documented = {
  ...summaryOf("operation", "Whether the process is alive", []),
  response: { 200: answer("It is.", ALIVE) },
};

export const READINESS: Documented = {
  ...summaryOf("operation", "Whether it can work", []),
  response: { 200: answer("It can.", READY), ...PROBLEMS },
};

export const METRICS: Documented = {
  ...summaryOf("operation", "Prometheus text", ["metrics"]),
  response: { 200: { ...plain, description: "Every metric." }, ...PROBLEMS },
};

export const SCHEMA: Documented = {
  ...summaryOf("operation", "The JSON Schema of a configuration file", []),
  response: { 200: content("For editors.", "application/schema+json", { type: "object" }) },
};

/** `type`: media type of the file. */
export function bundleRoute(type: string): Documented {
  return {
    ...summaryOf("operation", "The command line's publish in one file, or its checksum", []),
    response: { 200: content("As `npm run bundle` made it.", type, { type: "string" }), ...PROBLEMS },
  };
}

function summaryOf(
  tag: string,
  summary: string,
  callers: readonly Caller[],
): Pick<Documented, "summary" | "tags" | "security"> {
  return { summary, tags: [tag], security: callers.map((caller) => ({ [caller]: [] })) };
}

function answer(description: string, schema: AnswerSchema) {
  return content(description, "application/json", schema);
}

function content(description: string, type: string, schema: AnswerSchema) {
  return { description, content: { [type]: { schema } } };
}

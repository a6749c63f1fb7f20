// JSON Schemas of the routes' responses: for /openapi.json, and for validating every response in the stories.

import { PROBLEM_CODES } from "../../../domain/model/problem.ts";
import type { PromotionState } from "../../../domain/model/publish.ts";

export type AnswerSchema = Readonly<Record<string, unknown>>;

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;

/** An object with exactly these members; those in `optional` may be missing. */
function object(members: AnswerSchema, optional: AnswerSchema = {}): AnswerSchema {
  return {
    type: "object",
    properties: { ...members, ...optional },
    required: Object.keys(members),
    additionalProperties: false,
  };
}

const faults = { type: "array", items: object({ code: text, message: text, help: text }) };

const PROBLEM: AnswerSchema = {
  ...object(
    {
      type: { const: "about:blank" },
      title: text,
      status: { type: "integer", minimum: 400, maximum: 599 },
      detail: { type: "string", description: "What is wrong." },
      code: { enum: PROBLEM_CODES, description: "Told in docs/reference.md." },
    },
    { help: { type: "string", description: "What to do." }, problems: faults },
  ),
  description: "RFC 9457",
};

/** Error responses, which every route may return; the status follows from the problem's code. */
export const PROBLEMS = {
  "4xx": {
    description: "Refused: the code and the text say why.",
    content: { "application/problem+json": { schema: PROBLEM } },
  },
  "5xx": {
    description: "Not done: send it again after Retry-After.",
    content: { "application/problem+json": { schema: PROBLEM } },
  },
};

const stored = { id: text, state: { enum: ["accepted", "verified", "rejected"] }, url: text };

export const SUMMARY = object(stored);

/** The response to another system's webhook. */
export const NOTIFIED: AnswerSchema = {
  oneOf: [
    object(stored, { publishes: { type: "array", items: SUMMARY }, refused: faults }),
    object({ state: { const: "ignored" }, because: text }),
    object({ state: { const: "refused" }, refused: faults }),
  ],
};

/** Waiting promotions are reported as `unchanged`, with `waiting`. */
const PROMOTION_STATES: Readonly<Record<Exclude<PromotionState, "waiting">, null>> = {
  ...{ proposed: null, unchanged: null, refused: null, declined: null, superseded: null },
  ...{ merged: null, deploying: null, deployed: null, failed: null },
};

const promotion = object(
  {
    repository: text,
    environment: text,
    state: { enum: Object.keys(PROMOTION_STATES) },
    because: text,
  },
  {
    ...{ waiting: { const: true }, pullRequest: object({ number: { type: "integer" }, url: text }) },
    help: { type: "string", description: "What to do, where it is refused and that is known." },
  },
);

export const PROGRESS = object(
  {
    ...{ id: text, chart: text, version: text, repository: text, state: stored.state },
    ...{ settled: { type: "boolean" }, pending: texts },
    promotions: { type: "array", items: promotion },
  },
  { problem: object({ code: text, message: text, help: text }) },
);

export const WATCHED = object({
  environments: {
    type: "array",
    items: object({
      ...{ repository: text, environment: text, path: text, deployment: { type: "integer" } },
      ...{ revision: text, every: text, ignore: texts },
    }),
  },
});

export const STORED = object({ stored: { const: true } });
export const ALIVE = object({ status: { const: "ok" } });
export const READY = object({ status: { const: "ready" } }, { details: texts });

// Which request meets which trouble: every request of a chapter with every kind of trouble that can befall it.

import { createHash } from "node:crypto";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import type { Fault } from "../../../src/sandbox/github/http/faults.ts";

const ON_ANY: readonly Fault[] = [
  { kind: "500" },
  { kind: "502" },
  { kind: "reset-before" },
  { kind: "reset-after-effect" },
  { kind: "timeout" },
  { kind: "401" },
  { kind: "primary-limit", resetSeconds: 1 },
  { kind: "secondary-limit", retryAfterSeconds: 1 },
];
const ON_READS: readonly Fault[] = [{ kind: "stale-read" }];
/** Where an answer that is lost leaves open whether anything happened. */
const ON_WRITES: readonly Fault[] = [
  { kind: "502-after-effect" },
  { kind: "timeout-after-effect" },
  { kind: "secondary-limit", retryAfterSeconds: 1, form: "200" },
];
const READS = new Set([
  "RepositoryState",
  "Head",
  "OpenHeads",
  "OpenIssues",
  "OwnIssue",
  "MergeProof",
  "Comments",
  "CommentsSince",
  "Repeats",
  "Texts",
]);

export interface Strike {
  /** As `nameOf` calls it. */
  readonly request: string;
  /** Which of the chapter's requests of this name, counted from 1. */
  readonly nth: number;
  readonly trouble: Fault;
}

/** `requests`: the names of a chapter's requests, in their order. */
export function strikesOn(requests: readonly string[]): readonly Strike[] {
  return requests.flatMap((request, at) => {
    const nth = requests.slice(0, at + 1).filter((other) => other === request).length;
    const further = READS.has(request) || request.startsWith("GET") ? ON_READS : ON_WRITES;
    return [...ON_ANY, ...further].map((trouble) => ({ request, nth, trouble }));
  });
}

/** What a chapter says of its strikes. */
export interface Struckable {
  /** What GitHub refuses of it is not tried again, before something else happens. */
  readonly endsRefused?: true;
}

/** A request of a chapter. */
export interface Struck {
  readonly name: string;
  readonly operation: Call["kind"];
  /** The fields of a document, in its order. */
  readonly rootFields: readonly string[];
}

/**
 * Every prefix of every mutation document, read off the document itself, and each write of a branch or pull request refused
 * once; but not where people wait for the answer to a command, which tells of the refusal, nor where that is the end of it.
 */
export function partsOf(requests: readonly Struck[], { endsRefused }: Struckable): readonly Strike[] {
  const isTold = endsRefused || requests.some(({ name }) => name.endsWith("reactions"));
  return requests.flatMap(({ name: request, operation, rootFields }, at) => {
    if (operation !== "mutation") return [];
    const nth = requests.slice(0, at + 1).filter((other) => other.name === request).length;
    const prefixes = rootFields.slice(1).map((_, n): Fault => ({ kind: "prefix", fields: n + 1 }));
    const refused = rootFields
      .filter((field) => REFUSED.has(field) && !isTold)
      .map((field): Fault => ({ kind: "field-refused", field, message: PROTECTED }));
    return [...prefixes, ...refused].map((trouble) => ({ request, nth, trouble }));
  });
}

/** As by a rule for the branch that stands for a moment. */
const REFUSED = new Set(["createRef", "updateRefs", "createCommitOnBranch", "createPullRequest"]);
const PROTECTED = "Repository rule violations found";

/** FAULT_MATRIX_STRIKE: only strikes with this in what they are called are made, all of them. */
const { FAULT_MATRIX_STRIKE: called = "" } = process.env;
const isWhole = process.env["FAULT_MATRIX"] === "all" || called !== "";
export const seed = Number(process.env["FAULT_MATRIX_SEED"] ?? 1);

/**
 * All of them takes minutes: `FAULT_MATRIX=all` takes the time. Otherwise the seed gives each strike its place, and the first
 * `many` are taken: nearly the same ones from run to run, also where requests come in another order or one more often.
 */
export function picked(strikes: readonly Strike[], many: number): readonly Strike[] {
  if (isWhole) return strikes.filter((strike) => sentence(strike).includes(called));
  const place = (strike: Strike) =>
    createHash("sha256")
      .update(`${seed} ${sentence(strike)}`)
      .digest("hex");
  return strikes.toSorted((one, other) => (place(one) < place(other) ? -1 : 1)).slice(0, many);
}

export function sentence({ request, nth, trouble }: Strike): string {
  const form = formOf(trouble);
  return `${trouble.kind}${form} on ${request}${nth === 1 ? "" : `, number ${nth}`}`;
}

function formOf(trouble: Fault): string {
  if (trouble.kind === "secondary-limit" && trouble.form) return ` as ${trouble.form}`;
  if (trouble.kind === "prefix") return ` of ${trouble.fields}`;
  return trouble.kind === "field-refused" ? ` of ${trouble.field}` : "";
}

/** `Look`, `POST check-runs`: what a request is called, whoever sends it. */
export function nameOf(request: {
  readonly method: string;
  readonly path: string;
  readonly operationName?: string | undefined;
}): string {
  const words = request.path.split("/").filter((part) => /^[a-z_-]+$/.test(part));
  return request.operationName ?? `${request.method} ${words.at(-1)}`;
}

export function nameOfCall({ method, path, graphql }: Call): string {
  return nameOf({ method, path, operationName: graphql?.operationName });
}

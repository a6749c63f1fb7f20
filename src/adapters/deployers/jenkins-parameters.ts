// Parameters of a Jenkins job, and of its builds and queue items.

import * as z from "zod";
import type { RequestFailure } from "../../domain/deployment/call-state.ts";
import { indefinite, notOffered, undeclared } from "./jenkins-problems.ts";

/** `parameters` of a build or a queue item. The value of a password is absent. */
export const actions = z
  .array(
    z
      .object({
        parameters: z.array(z.object({ name: z.string(), value: z.unknown().optional() })).optional(),
      })
      .nullable(),
  )
  .default([]);

/** Selects `actions` in a request's `tree`. */
export const ACTIONS = "actions[parameters[name,value]]";

/** The DEPLOYMENT_ID; `undefined` without one, or when Jenkins does not show it. */
export function deploymentIn(given: z.infer<typeof actions>): string | undefined {
  const parameters = given.flatMap((one) => one?.parameters ?? []);
  const value = parameters.find(({ name }) => name === "DEPLOYMENT_ID")?.value;
  return typeof value === "string" ? value : undefined;
}

export const definition = z.object({
  name: z.string(),
  /** The class's simple name: `StringParameterDefinition`. */
  type: z.string().optional(),
  /** Of a choice parameter: Jenkins takes no other value, and answers 500. */
  choices: z.array(z.string()).nullish().catch(undefined),
});

/** Selects `definition` in a request's `tree`. */
export const DEFINITION = "name,type,choices";

export type DeclaredParameter = z.infer<typeof definition>;

/**
 * Kinds of Jenkins' own that do not keep a text: a boolean turns it into `false`, a file is not uploaded, and a run takes
 * nothing but a build.
 */
const KINDS_OF_NO_TEXT: ReadonlyMap<string, string> = new Map([
  ["BooleanParameterDefinition", "boolean"],
  ["FileParameterDefinition", "file"],
  ["RunParameterDefinition", "run"],
]);

/** Why the job of `deployer` cannot be given these parameters; `undefined` if it can. */
export function whyUnfit(
  fields: Readonly<Record<string, string>>,
  declared: readonly DeclaredParameter[],
  deployer: string,
): RequestFailure | undefined {
  const missing = Object.keys(fields).filter((name) => declared.every((one) => one.name !== name));
  if (missing.length > 0) return undeclared(missing, deployer);
  for (const { name, type = "", choices } of declared) {
    const value = fields[name];
    if (value === undefined) continue;
    const kind = KINDS_OF_NO_TEXT.get(type);
    if (kind) return indefinite({ name, kind, why: "which does not keep a text" }, deployer);
    if (name === "DEPLOYMENT_ID" && type === "PasswordParameterDefinition")
      return indefinite({ name, kind: "password", why: "which Jenkins does not show" }, deployer);
    if (choices?.includes(value) === false) return notOffered({ name, value }, deployer);
  }
  return undefined;
}

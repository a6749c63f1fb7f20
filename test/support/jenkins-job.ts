// The Jenkins job that config pipelines have: it declares everything that the App sends, as its builds take nothing else.

import type { JobDefinition } from "../../src/sandbox/jenkins/controller.ts";

export const DEPLOY_PARAMETERS = [
  "REPOSITORY",
  "ENVIRONMENT",
  "PATH_IN_REPOSITORY",
  "REVISION",
  "DEPLOYMENT_ID",
  "CHARTS",
] as const;

export const DECLARED = declared(DEPLOY_PARAMETERS);

/** The job `deploy`, with these parameters only. */
export function jobDeclaring(names: readonly string[]): JobDefinition {
  return { name: "deploy", parameters: declared(names) };
}

function declared(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, ""]));
}

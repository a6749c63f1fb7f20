// The text of the onboarding pull request: what the config file does, and what it would propose.

import type { Environment } from "../model/config/config.ts";
import { CONFIG_FILE } from "../model/config/config-file.ts";
import { clip, code, prose } from "../pull-request-body/markdown/escape.ts";

/** One dependency of an umbrella chart, and what would happen to it. */
export interface PreviewedDependency {
  /** The dependency's name, with its alias if it has one. */
  readonly chart: string;
  readonly alias?: string;
  /** Absent when neither lock nor manifest gives it. */
  readonly installed?: string;
  readonly outlook: Outlook;
}

export type Outlook =
  /** Its `repository` is not one of the server's chart repositories. */
  | { readonly kind: "elsewhere"; readonly repository: string }
  | { readonly kind: "proposed"; readonly repository: string; readonly version: string }
  | { readonly kind: "nothing"; readonly repository: string; readonly because: string };

export interface PreviewedEnvironment {
  readonly environment: Pick<Environment, "name" | "path" | "branch" | "after">;
  readonly dependencies: readonly PreviewedDependency[];
}

export interface LeftOut {
  /** "" for the root. */
  readonly folder: string;
  readonly because: string;
}

export interface Offer {
  readonly environments: readonly PreviewedEnvironment[];
  readonly leftOut: readonly LeftOut[];
  /** Whether there may be more charts than were examined. */
  readonly isPartial: boolean;
}

/** Keeps the text within GitHub's limit of 65,536 characters. */
const MOST_ROWS = 150;
const MOST_LEFT_OUT = 20;
const LONGEST = 200;

export const OFFER_TITLE = `Add ${CONFIG_FILE}`;

export function describeOffer({ environments, leftOut, isPartial }: Offer): string {
  return [
    `This adds ${code(CONFIG_FILE)}, which says in which umbrella charts of this repository chart-promoter proposes new versions. Merging it deploys nothing. From then on a version that is published is proposed in a pull request of its own, and merging that one deploys it.`,
    "Change the file on this branch as you like: this pull request is not touched again. Who reviews (`reviewers`) and who is told to deploy (`deploy`) only you know; without `deploy`, a merge is recorded as a deployment on GitHub and nobody is called.",
    "### What it would propose",
    "By what had been announced when this was opened:",
    ...tables(environments),
    ...list(leftOut),
    ...(isPartial
      ? ["There are more charts in this repository than were looked at: add what is missing by hand."]
      : []),
    "Close this pull request if you do not want it: it is not opened again. `npx chart-promoter init` writes the same file.",
  ].join("\n\n");
}

function tables(environments: readonly PreviewedEnvironment[]): readonly string[] {
  let room = MOST_ROWS;
  return environments.map(({ environment, dependencies }) => {
    const shown = dependencies.slice(0, Math.max(room, 0));
    room -= shown.length;
    const more = dependencies.length - shown.length;
    const rows = shown.map(row);
    const rest = more > 0 ? [`and ${more} more`] : [];
    if (rows.length === 0) return [heading(environment), ...rest].join("\n\n");
    const table = [
      "| dependency | installed | chart repository | would be proposed |",
      "|---|---|---|---|",
      ...rows,
    ];
    return [heading(environment), table.join("\n"), ...rest].join("\n\n");
  });
}

function heading({ name, path, branch, after }: PreviewedEnvironment["environment"]): string {
  const where = `**${code(name)}**: folder ${code(path || ".")} on the branch ${code(branch)}`;
  const order = after === undefined ? "" : `, only versions that were deployed in ${code(after.environment)}`;
  return `${where}${order}`;
}

function row({ chart, alias, installed, outlook }: PreviewedDependency): string {
  const name = alias === undefined ? code(chart) : `${code(chart)} as ${code(alias)}`;
  const version = installed === undefined ? "not known" : code(installed);
  return `| ${name} | ${version} | ${repositoryOf(outlook)} | ${proposalOf(outlook)} |`;
}

function repositoryOf(outlook: Outlook): string {
  if (outlook.kind !== "elsewhere") return code(outlook.repository);
  const written = outlook.repository === "" ? "none" : code(clip(outlook.repository, LONGEST));
  return `${written}, which is none of this server's`;
}

function proposalOf(outlook: Outlook): string {
  switch (outlook.kind) {
    case "proposed":
      return code(outlook.version);
    case "nothing":
      return `nothing: ${prose(clip(outlook.because, LONGEST))}`;
    case "elsewhere":
      return "never anything";
  }
}

function list(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut
    .slice(0, MOST_LEFT_OUT)
    .map(({ folder, because }) => `* ${code(folder || ".")}: ${prose(clip(because, LONGEST))}`);
  const more = leftOut.length - lines.length;
  return ["These charts are left out:", [...lines, ...(more > 0 ? [`* and ${more} more`] : [])].join("\n")];
}

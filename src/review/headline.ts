// The first lines of the pull request text: what moves, how far, where to, and who says so.

import type { Source } from "../model/publish.ts";
import { clip, code, link, text } from "./escape.ts";
import type { ChartFacts, Signature } from "./facts.ts";
import { ourPart } from "./markers.ts";
import type { Risk } from "./risk.ts";
import { isPreRelease, stepBetween } from "./step.ts";

/** "**`xposer`** `1.0.4` → `2.0.0` in **`prod`** · **major** · deprecated" */
export function headline(facts: ChartFacts, environment: string): string {
  const { chart, from, to, keys } = facts;
  const versions = from === "" ? `to ${code(to)}` : `${code(from)} → ${code(to)}`;
  const aliases = keys.filter((key) => key !== chart);
  const as = aliases.length === 0 ? "" : ` (as ${aliases.map(code).join(", ")})`;
  return [`**${code(chart)}**${as} ${versions} in **${code(environment)}**`, ...marks(facts)].join(" · ");
}

const HEADLINE = /^\*\*`(?<chart>[^`]+)`\*\*(?: \(as [^)]*\))? (?:to|`[^`]+` →) `(?<to>[^`]+)` in \*\*`/gm;

/** The versions that the headlines of our part of a text tell, by chart. They come before all that others have a say in. */
export function versionsTold(body: string): ReadonlyMap<string, string> {
  const found = [...ourPart(body).matchAll(HEADLINE)].reverse();
  return new Map(found.map(({ groups }) => [groups?.["chart"] ?? "", groups?.["to"] ?? ""]));
}

function marks({ from, to, after }: ChartFacts): readonly string[] {
  const step = stepBetween(from, to);
  return [
    ...(step === undefined ? [] : [step === "major" ? "**major**" : step]),
    ...(isPreRelease(to) && step !== "pre-release" ? ["pre-release"] : []),
    ...(after.kind === "opened" && after.archive.metadata.deprecated ? ["**deprecated**"] : []),
  ];
}

/** Who published it, from what, when, and which bytes that means. */
export function provenance(
  { publish, signature, after, repositoryUrl }: ChartFacts,
  githubWeb: string,
): string {
  const digest = publish.digest ?? (after.kind === "opened" ? after.archive.digest : undefined);
  return [
    `Published by ${code(publish.publisher)} at ${publish.at.toISOString().slice(0, 16).replace("T", " ")} UTC${origin(publish.source, githubWeb)}.`,
    `From ${code(clip(withoutCredentials(repositoryUrl), 200))}${digest === undefined ? "" : `, digest ${code(digest)}`}, ${signed(signature)}.`,
  ].join("<br>\n");
}

function origin({ repository, revision, build }: Source, githubWeb: string): string {
  const parts = [
    ...(repository === undefined ? [] : [` from ${linked(repository, githubWeb)}`]),
    ...(revision === undefined ? [] : [` at ${revisionLink(revision, repository, githubWeb)}`]),
    ...(build === undefined ? [] : [` (build ${linked(build, githubWeb)})`]),
  ];
  return parts.join("");
}

/** What a publisher says is linked only when the link says where it leads. */
function linked(said: string, githubWeb: string): string {
  const open = withoutCredentials(said);
  const shown = open.startsWith(`${githubWeb}/`)
    ? open.slice(githubWeb.length + 1).replace(/\.git$/, "")
    : open;
  return link(code(clip(shown, 200)), open);
}

function withoutCredentials(address: string): string {
  return address.replace(/^(https?:\/\/)[^/?#]*@/i, "$1");
}

function revisionLink(revision: string, repository: string | undefined, githubWeb: string): string {
  const short = /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : clip(revision, 60);
  const page = repository?.startsWith(`${githubWeb}/`)
    ? `${repository.replace(/\.git$|\/$/, "")}/commit/${encodeURIComponent(revision)}`
    : "";
  return link(code(short), page);
}

function signed(signature: Signature): string {
  switch (signature.kind) {
    case "unasked":
      return "signature not asked for";
    case "valid":
      return `signed by ${code(signature.signer)}`;
    case "invalid":
      return "**signature not valid**";
  }
}

/** A chart that should be signed and is not. */
export function signatureRisks({ signature, to }: ChartFacts): readonly Risk[] {
  if (signature.kind !== "invalid") return [];
  return [
    {
      level: "danger",
      text: `the signature of ${code(to)} is not valid: ${text(clip(signature.because, 500))}`,
    },
  ];
}

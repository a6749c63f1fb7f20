// The first lines of the pull request text: which chart, the size of the step, the environment, and the publisher.

import type { SignatureVerdict } from "../model/chart/signature.ts";
import { instantText } from "../model/instant.ts";
import type { EntryMove } from "../model/promotion.ts";
import type { Publish, Source } from "../model/publish.ts";
import { shownAddress, withoutLogin } from "../model/secret/shown-address.ts";
import { isPreRelease, stepBetween } from "./changes/version-step.ts";
import type { ChartFacts } from "./facts.ts";
import { clip, code, digestCode, link, text } from "./markdown/escape.ts";
import { ourPart } from "./markdown/markers.ts";
import type { OutdatedVersion } from "./outdated.ts";
import type { Risk } from "./risks/risk.ts";

/**
 * "**`xposer`** `1.0.4` → `2.0.0` in **`prod`** · **major** · deprecated"; "(as `a`; `b` from `1.1.0`)" behind the
 * chart.
 */
export function headline(facts: ChartFacts, environment: string): string {
  const { chart, from, to, keys } = facts;
  const versions = from === "" ? `to ${code(to)}` : `${code(from)} → ${code(to)}`;
  const { apart = [] } = facts;
  const aliases = keys.filter((key) => key !== chart && !apart.some((entry) => entry.key === key));
  const entries = [aliases.map(code).join(", "), ...apart.map((entry) => entryInWords(entry, facts))];
  const line = entries.filter((part) => part !== "").join("; ");
  const as = line === "" ? "" : ` (as ${line})`;
  return [`**${code(chart)}**${as} ${versions} in **${code(environment)}**`, ...marks(facts)].join(" · ");
}

/** The parts that differ from the headline. */
function entryInWords({ key, from, to }: EntryMove, all: Pick<ChartFacts, "from" | "to">): string {
  if (from === to) return `${code(key)} stays at ${code(to)}`;
  const begins = from === all.from || from === "" ? [] : [`from ${code(from)}`];
  return [code(key), ...begins, ...(to === all.to ? [] : [`to ${code(to)}`])].join(" ");
}

const HEADLINE =
  /^\*\*`(?<chart>[^`\n\r\u2028\u2029]+)`\*\*(?: \(as [^)\n\r\u2028\u2029]*\))? (?:to|`(?<from>[^`\n\r\u2028\u2029]+)` →) `(?<to>[^`\n\r\u2028\u2029]+)` in \*\*`/gm;

/**
 * The versions in the headlines of the App's part of a text, by chart. They come before all text that others can
 * influence.
 */
export function headlineVersions(body: string): ReadonlyMap<string, string> {
  return headlineParts(body, "to");
}

/**
 * The headlines that start from another version than the one on the base (`stands`, by chart); an unknown or missing
 * version does not count.
 */
export function outdatedVersions(
  body: string,
  stands: ReadonlyMap<string, string>,
): readonly OutdatedVersion[] {
  return [...headlineParts(body, "from")].flatMap(([chart, from]) => {
    const now = stands.get(chart) ?? from;
    return from === "" || from === now ? [] : [{ chart, from, now }];
  });
}

function headlineParts(body: string, group: "from" | "to"): ReadonlyMap<string, string> {
  const found = [...ourPart(body).matchAll(HEADLINE)].reverse();
  return new Map(found.map(({ groups }) => [groups?.["chart"] ?? "", groups?.[group] ?? ""]));
}

function marks({ from, to, after }: ChartFacts): readonly string[] {
  const step = stepBetween(from, to);
  return [
    ...(step === undefined ? [] : [step === "major" ? "**major**" : step]),
    ...(isPreRelease(to) && step !== "pre-release" ? ["pre-release"] : []),
    ...(after.kind === "opened" && after.archive.metadata.deprecated ? ["**deprecated**"] : []),
  ];
}

/** Who published it, from which source, when, and the digest; `undefined` when nobody did. */
export function provenance(
  { publish, signature, after, repositoryUrl }: ChartFacts,
  githubWeb: string,
): string | undefined {
  if (publish === undefined) return undefined;
  const digest = publish.digest ?? (after.kind === "opened" ? after.archive.digest : undefined);
  return [
    broughtBy(publish, githubWeb),
    `From ${code(clip(shownAddress(repositoryUrl), 200))}${digest === undefined ? "" : `, digest ${digestCode(digest)}`}, ${signed(signature)}.`,
  ].join("<br>\n");
}

/** A version requested by name need not have been announced. */
function broughtBy({ publisher, at, source }: Publish, githubWeb: string): string {
  const login = /^command:(.+)$/.exec(publisher)?.[1];
  if (login !== undefined) return `Asked for by ${code(login)}, by command.`;
  return `Published by ${code(publisher)} at ${instantText(at)}${origin(source, githubWeb)}.`;
}

function origin({ repository, revision, build }: Source, githubWeb: string): string {
  const parts = [
    ...(repository === undefined ? [] : [` from ${linked(repository, githubWeb)}`]),
    ...(revision === undefined ? [] : [` at ${revisionLink(revision, repository, githubWeb)}`]),
    ...(build === undefined ? [] : [` (build ${linked(build, githubWeb)})`]),
  ];
  return parts.join("");
}

/** A publisher's URL is linked only with its target visible. */
function linked(label: string, githubWeb: string): string {
  const open = withoutLogin(label);
  const shown = open.startsWith(`${githubWeb}/`)
    ? open.slice(githubWeb.length + 1).replace(/\.git$/, "")
    : open;
  return link(code(clip(shown, 200)), open);
}

function revisionLink(revision: string, repository: string | undefined, githubWeb: string): string {
  const short = /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : clip(revision, 60);
  const page = repository?.startsWith(`${githubWeb}/`)
    ? `${repository.replace(/\.git$|\/$/, "")}/commit/${encodeURIComponent(revision)}`
    : "";
  return link(code(short), page);
}

function signed(signature: SignatureVerdict): string {
  switch (signature.kind) {
    case "unasked":
      return "signature not asked for";
    case "valid":
      return `signed by ${code(signature.signer)}`;
    case "invalid":
      return "**signature not valid**";
    case "unknown":
      return SIGNATURE_UNKNOWN;
  }
}

const SIGNATURE_UNKNOWN = "**signature not known yet**";

/** Whether the text says that a signature is not known yet. */
export function tellsUnknownSignature(body: string): boolean {
  return body.includes(`, ${SIGNATURE_UNKNOWN}.`);
}

/** A chart that should be signed and is not, or whose signature is unknown. */
export function signatureRisks({ signature, to }: ChartFacts): readonly Risk[] {
  if (signature.kind !== "invalid" && signature.kind !== "unknown") return [];
  const because = text(clip(signature.problem.message, 500));
  return signature.kind === "invalid"
    ? [{ level: "danger", text: `the signature of ${code(to)} is not valid: ${because}` }]
    : [{ level: "warning", text: `whether ${code(to)} is signed is not known yet: ${because}` }];
}

// The commits in the chart's source repository between both versions.

import type { CommitRange, SourceCommit } from "../facts.ts";
import { clip, code, link, prose, text } from "../markdown/escape.ts";
import type { Section } from "../markdown/section.ts";

export function commitsSection(range: CommitRange | undefined, title: string): Section | undefined {
  if (range === undefined || range.total === 0) return undefined;
  const repository = range.compareUrl.split("/compare/")[0] ?? "";
  const missing = range.total - range.commits.length;
  const more = missing > 0 ? `; the newest ${range.commits.length} are listed` : "";
  return {
    title,
    summary: String(range.total),
    shown: "folded",
    lead: `${link("Compare both versions", range.compareUrl)}${more}.`,
    items: range.commits.map((commit) => item(commit, repository)),
    unit: "commits",
    join: "\n",
  };
}

function item({ sha, headline, author }: SourceCommit, repository: string): string {
  const page = /^[0-9a-f]{7,64}$/.test(sha) ? `${repository}/commit/${sha}` : "";
  return `- ${link(code(sha.slice(0, 7)), page)} ${prose(clip(headline, 200))} – ${text(clip(author, 60))}`;
}

// Sentences about removed resources, what is lost with them, and definitions.

import { namesIn } from "../names.ts";
import { about, type Read, type Reader } from "./read.ts";

export const REMOVAL_READERS: readonly Reader[] = [
  about("is removed, and (?:perhaps )?([^¤]*?)(?: with it)?, while (.*) still names? it$", (read) => [
    `gone with ${read.title}: ${read.match[1]}`,
    ...dangling(read, read.match[2]),
  ]),
  about("is removed, and (.*) still names? it$", (read) => dangling(read, read.match[1])),
  about("no longer holds ¤, and .* still names? it$", ({ title, codes }) => [
    `entry gone: ${title} ${codes[2]}`,
  ]),
  about("is removed: ", ({ title }) => [`gone: ${title}`, `policy: ${title} removed`]),
  about("is removed from the chart, and stays in the cluster", ({ title }) => [
    `gone: ${title}`,
    `kept: ${title}`,
  ]),
  about("is removed, and (?:perhaps )?(.*?)(?: with it)?$", ({ title, match }) => [
    `gone: ${title}`,
    `gone with ${title}: ${match[1]}`,
  ]),
  about("is removed$", ({ title }) => [`gone: ${title}`]),
  about("is added: definitions hold", ({ title }) => [`definition added: ${title}`]),
  about("changes: definitions hold", ({ title }) => [`definition changes: ${title}`]),
  about("moves from ¤ to ¤$", ({ title, codes }) => [`moves: ${title} ${codes[2]} → ${codes[3]}`]),
];

function dangling({ title, codes, release }: Read, words = ""): readonly string[] {
  const { titles } = namesIn({ words, codes: codes.slice(2) }, release);
  return [`gone: ${title}`, `dangling: ${title}`, ...titles.map((from) => `dangling: ${title} ${from}`)];
}

// Sentences about pods: their number, privileges, hardening and resources.

import { titled } from "../names.ts";
import { about, filled, type Read, type Reader } from "./read.ts";

export const POD_READERS: readonly Reader[] = [
  about("lowers ¤ from (\\d+) to (\\d+)$", ({ title, match, codes }) => [
    `fewer: ${title} ${codes[2]} ${match[1]} → ${match[2]}`,
  ]),
  about("no longer states ¤ \\((\\d+) before\\)", ({ title, match }) => [
    `fewer: ${title} no longer states replicas ${match[1]}`,
  ]),
  about("lowers the (¤ (?:request|limit) from (?:nothing|¤) to (?:nothing|¤)) of container ¤$", less),
  about("\\(¤\\) never lets a pod go", ({ title }) => [`blocks: ${title}`]),
  about("\\(¤\\) lets no pod of ¤ ¤ go", ({ title, codes, release }) => [
    `blocks: ${title} ${titled(codes[3] ?? "", codes[4] ?? "", release)}`,
  ]),
  about("gains (.*)$", gains),
  about("no longer has ¤(?:, ¤)* in containers? ", lost),
  about("no longer keeps the token of its service account", ({ title }) => [`token: ${title}`]),
];

function less({ title, match, codes }: Read): readonly string[] {
  return [`less: ${title} ${filled(match[1] ?? "", codes.slice(2))}`];
}

/** "¤, ¤; in container ¤ ¤, ¤ and 2 more" */
function gains({ title, match, codes }: Read): readonly string[] {
  const left = codes.slice(2);
  const each = (match[1] ?? "").split("; ").flatMap((part) => {
    const [first, ...rest] = left.splice(0, (part.match(/¤/g) ?? []).length);
    const inContainer = part.startsWith("in container ¤");
    const what = inContainer ? rest : [first ?? "", ...rest];
    return what.map((one) => `gains: ${title} ${inContainer ? `${first}: ` : ""}${one}`);
  });
  return [`gains: ${title}`, ...each];
}

/** One claim for each lost setting in each container. */
function lost({ title, words, codes }: Read): readonly string[] {
  const count = (words.split(" in container")[0]?.match(/¤/g) ?? []).length;
  const [what, containers] = [codes.slice(2, count), codes.slice(count)];
  return what.flatMap((one) => containers.map((container) => `lost: ${title} ${one} in ${container}`));
}

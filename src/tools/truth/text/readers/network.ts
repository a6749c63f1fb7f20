// Sentences about reachability: hosts and paths, Services, network policies.

import { about, each, type Read, type Reader } from "./read.ts";

const LISTED = "¤(?:, ¤)*(?: and \\d+ more)?$";

export const NETWORK_READERS: readonly Reader[] = [
  about(`(is removed, and )?no longer routes ${LISTED}`, route("unrouted")),
  about(`(is removed, and )?no longer has TLS for ${LISTED}`, route("without TLS")),
  about(`(is removed, and )no longer serves ${LISTED}`, route("unserved")),
  [/^¤ ¤ no longer serves ¤(?:, ¤)*(?: and \d+ more)?$/, hostsOrVersions],
  about("(?:becomes reachable from outside: it )?changes its type from ¤ to ¤", ({ title, codes }) => [
    `service: ${title} type ${codes[2]} → ${codes[3]}`,
  ]),
  about("becomes reachable from outside \\(¤\\)$", ({ title, codes }) => [
    `service: ${title} outside ${codes[2]}`,
  ]),
  about(
    `no longer has ports? ${LISTED}`,
    each((port, { title }) => `service: ${title} lost ${first(port)}`),
  ),
  about("moves port ¤ from node port ¤ to ¤$", ({ title, codes }) => [
    `service: ${title} node port ${first(codes[2])} ${codes[3]} → ${codes[4]}`,
  ]),
  about("leads to the pods with ", ({ title }) => [`service: ${title} leads elsewhere`]),
  about("is added: it (closes|limits) (ingress|egress|ingress and egress) of ", policy),
  about("(no longer limits|now closes|now limits) (ingress|egress) of ", policy),
  about("holds for .* now, not for ", ({ title }) => [`policy: ${title} holds for others`]),
  about("(?:takes away|lets more through)", rules),
  about("is added: it may hold back traffic$", ({ title }) => [`policy: ${title} added`]),
  about("changes what may reach what$", ({ title }) => [`policy: ${title} changed`]),
];

function first(port = ""): string {
  return port.split(" ")[0] ?? "";
}

function policy({ title, match }: Read): readonly string[] {
  return [`policy: ${title} ${match[1]} ${match[2]}`];
}

/** "takes away 1 of its 2 ingress rules and adds 1 ingress rule" */
function rules({ title, words }: Read): readonly string[] {
  const [, gone, all, from] = /takes away (\d+) of its (\d+) (ingress|egress) rules/.exec(words) ?? [];
  const [, come, to] = /adds (\d+) (ingress|egress) rules?/.exec(words) ?? [];
  return [
    ...(gone === undefined ? [] : [`policy: ${title} takes away ${gone} of ${all} ${from}`]),
    ...(come === undefined ? [] : [`policy: ${title} adds ${come} ${to}`]),
  ];
}

function route(what: string): (read: Read) => readonly string[] {
  return (read) => [
    ...(read.match[1] === undefined ? [] : [`gone: ${read.title}`]),
    ...each((place, { title }) => `${what}: ${title} ${place}`)(read),
  ];
}

/** Versions for a custom resource definition, hosts for any other resource. */
function hostsOrVersions(read: Read): readonly string[] {
  const what = read.codes[0] === "CustomResourceDefinition" ? "unserved version" : "unserved";
  return each((one, { title }) => `${what}: ${title} ${one}`)(read);
}

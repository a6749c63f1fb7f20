// Services that are reached in another way than before, or no longer at all.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { groupKind } from "../../manifests/group-kind.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { selectorTerms } from "../../manifests/selector.ts";
import { listAt, textAt, treeAt, type ValueTree } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";

export function serviceRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind === "removed" || change.kind === "relabelled" || groupKind(change.after) !== "Service")
    return [];
  const name = resourceName(change.after);
  const before = change.kind === "changed" ? change.before.content : undefined;
  const findings = [
    ...typeChange(before, change.after.content),
    ...(before === undefined
      ? []
      : [
          ...lostPorts(before, change.after.content),
          ...movedNodePorts(before, change.after.content),
          ...otherPods(before, change.after.content),
        ]),
  ];
  return findings.map((text) => ({ level: "warning", text: `${name} ${text}` }));
}

function typeOf(content: ValueTree): string {
  return textAt(content, "spec", "type") || "ClusterIP";
}

const OUTSIDE = new Set(["LoadBalancer", "NodePort"]);

function typeChange(before: ValueTree | undefined, after: ValueTree): readonly string[] {
  const [old, now] = [before && typeOf(before), typeOf(after)];
  if (old === now) return [];
  const outside = OUTSIDE.has(now);
  if (old === undefined) return outside ? [`becomes reachable from outside (${code(now)})`] : [];
  const words = `changes its type from ${code(clip(old, 40))} to ${code(clip(now, 40))}`;
  if (outside && !OUTSIDE.has(old)) return [`becomes reachable from outside: it ${words}`];
  return [OUTSIDE.has(old) && !outside ? `${words}: it is no longer reachable from outside` : words];
}

function lostPorts(before: ValueTree, after: ValueTree): readonly string[] {
  const left = new Set(portsOf(after).map(({ key }) => key));
  const lost = portsOf(before).filter(({ key }) => !left.has(key));
  if (lost.length === 0) return [];
  const shown = lost.slice(0, 6).map(({ words }) => code(clip(words, 80)));
  const more = lost.length > 6 ? ` and ${lost.length - 6} more` : "";
  return [`no longer has port${lost.length === 1 ? "" : "s"} ${shown.join(", ")}${more}`];
}

/** Only where both versions set one: the cluster keeps an omitted node port. */
function movedNodePorts(before: ValueTree, after: ValueTree): readonly string[] {
  const old = new Map(portsOf(before).map((port) => [port.key, port.nodePort]));
  return portsOf(after).flatMap(({ key, words, nodePort }) => {
    const was = old.get(key);
    if (was === undefined || nodePort === undefined || was === nodePort) return [];
    return [`moves port ${code(clip(words, 80))} from node port ${code(was)} to ${code(nodePort)}`];
  });
}

function portsOf(content: ValueTree) {
  return listAt(content, "spec", "ports").map((port) => {
    const { port: number, nodePort: stated } = treeAt(port);
    const nodePort = typeof stated === "number" && stated > 0 ? String(stated) : undefined;
    const key = `${String(number)}/${textAt(port, "protocol") || "TCP"}`;
    const name = textAt(port, "name");
    return { key, words: name === "" ? key : `${key} (${name})`, nodePort };
  });
}

function otherPods(before: ValueTree, after: ValueTree): readonly string[] {
  const [old, now] = [before, after].map((content) =>
    selectorTerms({ matchLabels: treeAt(content, "spec", "selector") }).toSorted(),
  );
  if (old === undefined || now === undefined || old.join() === now.join() || now.length === 0) return [];
  return [
    `leads to the pods with ${now
      .slice(0, 4)
      .map((term) => code(clip(term, 120)))
      .join(", ")} now`,
  ];
}

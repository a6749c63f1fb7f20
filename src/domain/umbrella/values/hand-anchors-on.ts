// Edits a map or list that has an anchor with aliases: the anchor is moved, with a copy of the old content, to its
// first alias.

import { plainOf } from "../yaml/go-map.ts";
import { propertiesStart, type Splice } from "../yaml/splice.ts";
import type { Alias, Node, YamlTree } from "../yaml/yaml-tree.ts";
import { asValue, printInline } from "./print-value.ts";
import type { ValueCandidate } from "./value-candidate.ts";
import type { PathStep } from "./value-path.ts";

/** Maximum length of the copy in characters; a longer line would not be a small change. */
const LONGEST_COPY = 500;

export function* anchorsHandedOn(
  tree: YamlTree,
  steps: readonly PathStep[],
  edits: Iterable<ValueCandidate>,
): Generator<ValueCandidate> {
  const followed = steps.flatMap(({ node }) => {
    const alias = tree.aliases.find(({ target }) => target === node);
    return alias === undefined || node.kind === "scalar" ? [] : [{ node, alias }];
  });
  const ways = followed.map((one) => handedOn(tree, one));
  const splices = ways.flatMap((way) => way ?? []);
  if (followed.length === 0 || ways.includes(undefined)) return;
  const notes = followed.map(
    ({ alias }) => `The anchor &${alias.name} now stands, with the old values, where it is first used.`,
  );
  for (const edit of edits) yield { splices: [...edit.splices, ...splices], notes };
}

function handedOn(
  { text }: YamlTree,
  { node, alias }: { readonly node: Node; readonly alias: Alias },
): readonly Splice[] | undefined {
  const data = asValue(plainOf(node));
  const copy = data === undefined ? undefined : printInline(data, { flow: true });
  if (copy === undefined || copy.length > LONGEST_COPY) return undefined;
  const start = propertiesStart(text, node);
  const properties = text.slice(start, node.start).trimEnd();
  const isAlone = /^[^\S\r\n]*(#[^\r\n]*)?[\r\n]/.test(text.slice(start + properties.length));
  return [
    {
      start: isAlone && text[start - 1] === " " ? start - 1 : start,
      end: start + properties.length,
      text: "",
    },
    { start: alias.start, end: alias.end, text: `&${alias.name} ${copy}` },
  ];
}

// Label selectors (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/).

import { isTree, listAt, textAt, treeAt, type ValueTree } from "./tree.ts";

/** Whether things with these labels are selected; an empty selector selects everything. */
export function selects(selector: ValueTree, labels: ValueTree): boolean {
  const equal = Object.entries(treeAt(selector, "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  return equal && listAt(selector, "matchExpressions").every((expression) => fits(expression, labels));
}

function fits(expression: unknown, labels: ValueTree): boolean {
  if (!isTree(expression)) return false;
  const label = labels[textAt(expression, "key")];
  const values = listAt(expression, "values");
  switch (expression["operator"]) {
    case "In":
      return values.includes(label);
    case "NotIn":
      return !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return false;
  }
}

/** "`app=web`, `tier in (a, b)`" without the code marks: each condition as `kubectl` writes it. */
export function selectorTerms(selector: ValueTree): readonly string[] {
  const labels = Object.entries(treeAt(selector, "matchLabels")).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, "matchExpressions").map((expression) => {
    const values = listAt(expression, "values").map(String).join(", ");
    return `${textAt(expression, "key")} ${textAt(expression, "operator")}${values === "" ? "" : ` (${values})`}`;
  });
  return [...labels, ...expressions];
}

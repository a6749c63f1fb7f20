// The fields of a chart's metadata as Helm declares them (helm/helm pkg/chart/v2/metadata.go and dependency.go), and
// what its decoder refuses: a list where a text is wanted, a text where a boolean is.

import { goText } from "../../go-yaml/decode/go-float.ts";
import { fieldsOf, isNull, plainOf } from "../yaml/go-map.ts";
import { scalarValue } from "../yaml/scalar-value.ts";
import { dereference, type Mapping, type Node } from "../yaml/yaml-tree.ts";

type Shape = "text" | "flag" | "texts" | "text-map" | "things" | { readonly list: Shapes };
type Shapes = { readonly [field: string]: Shape };

const DEPENDENCY: Shapes = {
  name: "text",
  version: "text",
  repository: "text",
  condition: "text",
  tags: "texts",
  enabled: "flag",
  "import-values": "things",
  alias: "text",
};

const METADATA: Shapes = {
  name: "text",
  home: "text",
  sources: "texts",
  version: "text",
  description: "text",
  keywords: "texts",
  maintainers: { list: { name: "text", email: "text", url: "text" } },
  icon: "text",
  apiversion: "text",
  condition: "text",
  tags: "text",
  appversion: "text",
  deprecated: "flag",
  annotations: "text-map",
  kubeversion: "text",
  dependencies: { list: DEPENDENCY },
  type: "text",
};

export interface ShapeFault {
  /** Index into the file's text. */
  readonly at: number;
  /** The field's path, such as `dependencies[1].tags`. */
  readonly field: string;
  readonly wanted: string;
}

/** Whether Helm reads this top-level key of Chart.yaml or requirements.yaml at all. */
export function isMetadataField(key: string): boolean {
  return Object.hasOwn(METADATA, key.toLowerCase());
}

/** Everything that Go's decoder rejects, in the order of the text. */
export function metadataFaults(root: Node): readonly ShapeFault[] {
  return faultsInFields(root, METADATA, "");
}

/** The text of a scalar in a field declared a string; empty for a null. */
export function textOf(node: Node | undefined): string {
  const target = node === undefined ? undefined : dereference(node);
  const value = target?.kind === "scalar" ? scalarValue(target) : null;
  return value === null ? "" : goText(value);
}

function faultsInFields(node: Node, shapes: Shapes, path: string): readonly ShapeFault[] {
  const target = dereference(node);
  if (target.kind !== "mapping") {
    return isNull(target) ? [] : [{ at: target.start, field: path || "the document", wanted: "a mapping" }];
  }
  return [...fieldsOf(target).values()].flatMap(({ key, value }) => {
    const name = key.toLowerCase();
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    return shape === undefined ? [] : faultsIn(value, shape, path === "" ? key : `${path}.${key}`);
  });
}

function faultsIn(node: Node, shape: Shape, field: string): readonly ShapeFault[] {
  const target = dereference(node);
  if (isNull(target)) return [];
  const refuse = (wanted: string): readonly ShapeFault[] => [{ at: node.start, field, wanted }];
  if (shape === "text") return target.kind === "scalar" ? [] : refuse("a text");
  if (shape === "flag") return typeof plainOf(target) === "boolean" ? [] : refuse("true or false");
  if (shape === "text-map")
    return target.kind === "mapping" ? faultsInEntries(target, field) : refuse("a mapping");
  if (target.kind !== "sequence") return refuse("a list");
  return target.items.flatMap((item, index) => faultsInItem(item, shape, `${field}[${index}]`));
}

function faultsInEntries(mapping: Mapping, field: string): readonly ShapeFault[] {
  return [...fieldsOf(mapping).values()].flatMap(({ key, value }) =>
    faultsIn(value, "text", `${field}.${key}`),
  );
}

function faultsInItem(item: Node, shape: "texts" | "things" | { list: Shapes }, field: string) {
  if (shape === "things") return [];
  return shape === "texts" ? faultsIn(item, "text", field) : faultsInFields(item, shape.list, field);
}

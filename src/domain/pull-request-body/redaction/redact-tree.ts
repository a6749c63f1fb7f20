// Redaction: the data of a Secret, and values whose key names a secret, are never shown; only that they changed.

import { isTree, same, textAt, type ValueTree } from "../manifests/tree.ts";
import { HIDDEN } from "./hide-secrets.ts";
import { isSecretName } from "./secret-names.ts";

const HIDDEN_CHANGED = `${HIDDEN} (changed)`;

/** Both sides with all secrets redacted; changed secrets look different. */
export function redactPair(
  before: ValueTree,
  after: ValueTree,
): { readonly before: ValueTree; readonly after: ValueTree } {
  return { before: redactTree(before, undefined), after: redactTree(after, before) };
}

/** `other`: the tree to compare with; equal secrets look the same in both. */
function redactTree(tree: ValueTree, other: unknown): ValueTree {
  const secret = tree["kind"] === "Secret";
  const entries = Object.entries(tree).map(([key, value]) => {
    const counterpart = isTree(other) ? other[key] : undefined;
    if (secret && (key === "data" || key === "stringData")) return [key, hideAll(value, counterpart)];
    if (key === "kubectl.kubernetes.io/last-applied-configuration") return [key, HIDDEN];
    if (key === "image" && typeof value === "string" && IMAGE.test(value)) return [key, value];
    const named = key === "value" ? textAt(tree, "name") : key;
    if (typeof value === "string" && value !== "" && isSecretName(named))
      return [key, hide(value, counterpart)];
    return [key, redact(value, counterpart)];
  });
  return Object.fromEntries(entries);
}

function redact(value: unknown, other: unknown): unknown {
  if (Array.isArray(value)) {
    const counterparts = Array.isArray(other) ? other : [];
    return value.map((item, index) =>
      isFlag(value[index - 1]) && typeof item === "string" && !item.startsWith("-")
        ? hide(item, counterparts[index])
        : redact(item, counterparts[index]),
    );
  }
  if (isTree(value)) return redactTree(value, other);
  return typeof value === "string" ? redactText(value, other) : value;
}

/** A flag whose value is the next argument: `--password`. */
function isFlag(item: unknown): boolean {
  return typeof item === "string" && /^--?[\w.-]{1,80}$/.test(item) && isSecretName(item);
}

/** An image such as `sealed-secrets:1.0` is no assignment to a secret's name. */
const IMAGE = /^(?:[\w.-]+(?::\d{1,5})?\/)*[\w.-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/;

function redactText(value: string, other: unknown): string {
  if (value.includes("/") && IMAGE.test(value)) return value;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return hide(value, other);
  // A manifest embedded in a text.
  return /["']?\bkind["']?\s*:\s*["']?Secret\b/.test(value) ? hide(value, other) : redactAssignments(value);
}

/** `password: x`, `"token": "x"`, `--api-key=x` within a text; a variable as the value (`${X}`) is not redacted. */
const ASSIGNMENTS = /(?<![\w.-])[\w.-]{1,80}["']?[ \t]{0,8}(?:=>?|:)[ \t]{0,8}["']?[^\s"',;&}\]]{1,2000}/g;

const ASSIGNMENT = /^(?<name>[\w.-]+)(?<sign>["']?[ \t]*(?:=>?|:)[ \t]*["']?)(?<assigned>.*)$/s;

function redactAssignments(value: string): string {
  return value.replace(ASSIGNMENTS, (whole) => {
    const { name = "", sign = "", assigned = "" } = ASSIGNMENT.exec(whole)?.groups ?? {};
    return isSecretName(name) && !isHarmless(assigned) ? name + sign + HIDDEN : whole;
  });
}

function isHarmless(assigned: string): boolean {
  return (
    /^(?:true|false|null|~|none|\d{1,5}|[|>][-+]?|\$[{(]?\w.*|\{\{.*|\[|\{)$/i.test(assigned) ||
    assigned.startsWith("//")
  );
}

function hideAll(value: unknown, other: unknown): unknown {
  if (!isTree(value)) return hide(value, other);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hide(item, isTree(other) ? other[key] : undefined)]),
  );
}

function hide(value: unknown, other: unknown): string {
  return other === undefined || same(value, other) ? HIDDEN : HIDDEN_CHANGED;
}

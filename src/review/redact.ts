// Secrets stay secret: what a Secret holds is never shown, only that it changed.

import { isTree, same, type Tree, textAt } from "./tree.ts";

const HIDDEN = "••••••";
const HIDDEN_CHANGED = "•••••• (changed)";

const SECRET_NAME =
  /pass(?:word|wd|phrase)|secret|token|credential|private[-_]?key|api[-_]?key|access[-_]?key/i;

/** Both sides with everything secret hidden; a secret that differs looks different. */
export function redactPair(before: Tree, after: Tree): { readonly before: Tree; readonly after: Tree } {
  return { before: redactTree(before, undefined), after: redactTree(after, before) };
}

/** Whether a value below this key should not be shown: its name says so. */
export function isSecretName(key: string): boolean {
  return SECRET_NAME.test(key);
}

/** `other`: the tree to compare with; equal secrets look the same as there. */
function redactTree(tree: Tree, other: unknown): Tree {
  const secret = tree["kind"] === "Secret";
  const entries = Object.entries(tree).map(([key, value]) => {
    const counterpart = isTree(other) ? other[key] : undefined;
    if (secret && (key === "data" || key === "stringData")) return [key, hideAll(value, counterpart)];
    if (key === "kubectl.kubernetes.io/last-applied-configuration") return [key, HIDDEN];
    if (key === "value" && isSecretName(textAt(tree, "name"))) return [key, hide(value, counterpart)];
    return [key, redact(value, counterpart)];
  });
  return Object.fromEntries(entries);
}

function redact(value: unknown, other: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => redact(item, Array.isArray(other) ? other[index] : undefined));
  if (isTree(value)) return redactTree(value, other);
  return typeof value === "string" ? redactText(value, other) : value;
}

/** A text that holds a Secret: a manifest within a manifest. */
function redactText(value: string, other: unknown): string {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return hide(value, other);
  return /["']?\bkind["']?\s*:\s*["']?Secret\b/.test(value) ? hide(value, other) : value;
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

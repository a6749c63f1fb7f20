// The chart's default values key by key, and the environment's values that nothing reads any more.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readYaml } from "../helm.ts";
import type { Version } from "../render.ts";
import type { Side } from "../side.ts";
import { at, equal, isTree, list, type Place, settings, type Tree, text } from "../tree.ts";
import type { Stated, Triple } from "../triple.ts";
import { type Facts, may, must, together } from "./facts.ts";

export interface DefaultChange {
  readonly kind: "removed" | "changed" | "added";
  readonly place: Place;
  readonly old?: unknown;
  readonly now?: unknown;
}

/** The defaults of a chart folder, with those of its subcharts under their keys. */
async function defaultsOf(folder: string): Promise<Tree> {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /^(?:charts\/[^/]+\/)*(?:values|Chart|requirements)\.yaml$/.test(file),
  );
  const contents = await readYaml(
    await Promise.all(files.map((file) => readFile(join(folder, file), "utf8"))),
  );
  const read = new Map(files.map((file, index) => [file, contents[index] ?? {}]));
  return laid(read, "");
}

function laid(read: ReadonlyMap<string, Tree>, prefix: string): Tree {
  const own = read.get(`${prefix}values.yaml`) ?? {};
  const below = [...read.keys()].filter((file) =>
    new RegExp(`^${prefix}charts/[^/]+/Chart\\.yaml$`).test(file),
  );
  const listed = ["Chart.yaml", "requirements.yaml"].flatMap((file) =>
    list(read.get(prefix + file), "dependencies"),
  );
  let values = own;
  for (const file of below) {
    const name = text(read.get(file), "name");
    const keys = listed
      .filter((entry) => text(entry, "name") === name)
      .map((entry) => text(entry, "alias") || name);
    const { global: _shared, ...defaults } = laid(read, `${dirname(file)}/`);
    for (const key of keys.length === 0 ? [name] : keys)
      values = { ...values, [key]: over(defaults, values[key]) };
  }
  return values;
}

function over(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isTree(below) || !isTree(above)) return above;
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])].filter(
    (key) => above[key] !== null,
  );
  return Object.fromEntries(keys.map((key) => [key, over(below[key], above[key])]));
}

function compare(old: Tree, now: Tree, at: Place = []): readonly DefaultChange[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key): readonly DefaultChange[] => {
    const place = [...at, key];
    if (!(key in now)) return [{ kind: "removed", place, old: old[key] }];
    if (!(key in old)) return [{ kind: "added", place, now: now[key] }];
    const [was, is] = [old[key], now[key]];
    if (isTree(was) && isTree(is)) return compare(was, is, place);
    return equal(was, is) ? [] : [{ kind: "changed", place, old: was, now: is }];
  });
}

export async function valueFacts(triple: Triple, stated: Stated, version: Version): Promise<Facts> {
  const [old, now] = [await defaultsOf(triple.old), await defaultsOf(triple.new)];
  const changes = compare(old, now);
  const counts = (["removed", "changed", "added"] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`defaults: ${count} ${kind}`];
  });
  return together(
    must(...counts, ...changes.map(rowOf)),
    await lostFacts({ changes, defaults: now }, stated, version),
    typeFacts(changes, stated),
  );
}

function rowOf({ kind, place, old, now }: DefaultChange): string {
  return `default: ${dotted(place)} ${kind === "added" ? "–" : shown(old)} → ${kind === "removed" ? "gone" : shown(now)}`;
}

export function dotted(place: Place): string {
  return place.map((key) => key.replaceAll(".", "\\.")).join(".");
}

/** Not compared in detail: the text may order their keys differently and clip them anywhere. */
export const LIST_OF_MAPS = "a list of maps";

function shown(value: unknown): string {
  if (isTree(value) && Object.keys(value).length > 0) return `a map of ${Object.keys(value).length}`;
  if (Array.isArray(value) && value.length > 3) return `a list of ${value.length}`;
  if (Array.isArray(value) && isTree(value[0])) return LIST_OF_MAPS;
  return typeof value === "string" && value !== ""
    ? value.replace(/\s+/g, " ").trim()
    : JSON.stringify(value ?? null);
}

/**
 * Values whose default was removed and that have no effect: the rendering is the same without them and with another
 * value.
 */
async function lostFacts(
  { changes, defaults }: { readonly changes: readonly DefaultChange[]; readonly defaults: Tree },
  { keys, values }: Stated,
  version: Version,
): Promise<Facts> {
  const found: Facts[] = [];
  for (const key of keys) {
    for (const [place, value] of settings(values[key] ?? {})) {
      const gone = changes.find(
        (change) => change.kind === "removed" && change.place.every((part, index) => place[index] === part),
      );
      if (!gone || value === null || !(await isUnread([key, ...place], value, version))) continue;
      const fact = `unread: ${dotted([key, ...place])}`;
      found.push(isToFillIn(defaults, gone.place) ? may(fact) : must(fact));
    }
  }
  return together(...found);
}

/** The parent is now an empty map or no map: the removed key was an example. */
function isToFillIn(defaults: Tree, place: Place): boolean {
  const holder = at(defaults, ...place.slice(0, -1));
  return place.length > 1 && (!isTree(holder) || Object.keys(holder).length === 0);
}

async function isUnread(place: Place, value: unknown, { side, withValues }: Version): Promise<boolean> {
  const contents = (one: Side): unknown => one.resources.map(({ title, content }) => [title, content]);
  for (const instead of [null, other(value)]) {
    const rerendered = await withValues(nested(place, instead));
    if (!side || !rerendered || !equal(contents(rerendered), contents(side))) return false;
  }
  return true;
}

function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? `${value}-other` : Array.isArray(value) ? ["other"] : { other: "other" };
}

function nested(place: Place, value: unknown): Tree {
  const [key = "", ...rest] = place;
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function typeFacts(changes: readonly DefaultChange[], { keys, values }: Stated): Facts {
  const kind = (value: unknown): string =>
    isTree(value)
      ? "a map"
      : Array.isArray(value)
        ? "a list"
        : value === null
          ? "nothing"
          : ({ string: "text", number: "a number", boolean: "true or false" }[typeof value as string] ?? "");
  const all = keys.flatMap((key) =>
    [...settings(values[key] ?? {})].map(([place, value]) => ({ key, place, value })),
  );
  return may(
    ...all.flatMap(({ key, place, value }) =>
      changes
        .filter(
          (change) => change.kind === "changed" && change.place.every((part, index) => place[index] === part),
        )
        .map((change) => {
          const mine = change.place.length === place.length ? kind(value) : "a map";
          return `kind: ${dotted([key, ...place])} ${mine}, ${kind(change.now)}`;
        }),
    ),
  );
}

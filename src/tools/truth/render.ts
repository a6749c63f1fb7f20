// Renders a triple with real Helm: both versions twice each, and further variants for facts that need them.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type HelmAnswer, helm } from "./helm.ts";
import { readSide, type Side } from "./side.ts";
import type { Tree } from "./tree.ts";
import { placeUmbrella, type Stated, type Triple } from "./triple.ts";

export interface Version {
  /** Helm's answer as an upgrade, with schema validation. */
  readonly tried: HelmAnswer;
  /** Rendered without schema validation; absent when that fails. */
  readonly side?: Side;
  /** The same on a cluster with every foreign API version that templates check for. */
  readonly elsewhere?: Side;
  /**
   * Renders with more values over the environment's. Places where that differs from the rendering without them are
   * listed in `anew`. `undefined` when it fails.
   */
  readonly withValues: (overlay: Tree) => Promise<Side | undefined>;
}

export interface Both {
  readonly old: Version;
  readonly new: Version;
  /** Whether a version renders only as an installation; then both are rendered so. */
  readonly installation: boolean;
}

type Which = "old" | "new";

interface Place {
  readonly folder: string;
  readonly release: string;
  readonly upgrade: boolean;
  readonly own: readonly string[];
  readonly foreign: readonly string[];
}

/** Removes its folders when `work` is done. */
export async function withRendered<T>(
  triple: Triple,
  stated: Stated,
  work: (both: Both) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "truth-"));
  try {
    const folder = { old: join(scratch, "old"), new: join(scratch, "new") };
    for (const which of ["old", "new"] as const)
      await placeUmbrella(triple, stated, { which, to: folder[which] });
    const { own, foreign } = await askedBy([triple.old, triple.new, triple.environment]);
    const place = (which: Which, upgrade: boolean): Place => ({
      ...{ folder: folder[which], release: stated.environment, upgrade, own, foreign },
    });
    return await work(await renderBoth(place));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function renderBoth(place: (which: Which, upgrade: boolean) => Place): Promise<Both> {
  const upgrade = await pair(place("old", true), place("new", true));
  if (upgrade.old.side && upgrade.new.side) return { ...upgrade, installation: false };
  const installed = await pair(place("old", false), place("new", false));
  const helped = (["old", "new"] as const).some((which) => !upgrade[which].side && installed[which].side);
  return { ...(helped ? installed : upgrade), installation: helped };
}

/** The second renderings run a second later, so that timestamps differ. */
async function pair(old: Place, now: Place): Promise<Omit<Both, "installation">> {
  const first = [await firstOf(old), await firstOf(now)] as const;
  await pause(1_100);
  return { old: await secondOf(old, first[0]), new: await secondOf(now, first[1]) };
}

interface First {
  readonly tried: HelmAnswer;
  readonly plain: HelmAnswer;
  readonly elsewhere: HelmAnswer | undefined;
}

async function firstOf(place: Place): Promise<First> {
  const tried = await helm(args(place, ["--include-crds"]));
  const elsewhere = versions(place.foreign);
  return {
    tried,
    plain: tried.ok ? tried : await helm(args(place, WITHOUT_SCHEMAS)),
    elsewhere:
      elsewhere.length === 0 ? undefined : await helm(args(place, [...WITHOUT_SCHEMAS, ...elsewhere])),
  };
}

const WITHOUT_SCHEMAS = ["--include-crds", "--skip-schema-validation"];

async function secondOf(place: Place, { tried, plain, elsewhere }: First): Promise<Version> {
  const rerender = (further: readonly string[]): Promise<HelmAnswer> =>
    helm(args(place, [...WITHOUT_SCHEMAS, ...further]));
  const side = plain.ok ? await sideOf(plain, await rerender([]), place) : undefined;
  const other = elsewhere?.ok
    ? await sideOf(elsewhere, await rerender(versions(place.foreign)), place)
    : undefined;
  const withValues = async (overlay: Tree): Promise<Side | undefined> => {
    const file = join(place.folder, "truth-overlay.json");
    await writeFile(file, JSON.stringify(overlay));
    return sideOf(await rerender(["--values", file]), plain, place);
  };
  return { tried, withValues, ...(side && { side }), ...(other && { elsewhere: other }) };
}

async function sideOf(one: HelmAnswer, other: HelmAnswer, { release }: Place): Promise<Side | undefined> {
  return one.ok && other.ok ? readSide([one.text, other.text], release) : undefined;
}

function args({ folder, release, upgrade, own }: Place, further: readonly string[]): readonly string[] {
  const mode = upgrade ? ["--is-upgrade"] : [];
  return ["template", release, folder, "--namespace", release, ...mode, ...versions(own), ...further];
}

function versions(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => ["--api-versions", name]);
}

const OWN =
  /^(?:v1|apps|batch|autoscaling|policy|extensions|(?:networking|rbac\.authorization|storage|apiextensions|admissionregistration|apiregistration|coordination|discovery|events|node|scheduling|authentication|authorization|certificates|flowcontrol\.apiserver)\.k8s\.io)(?:\/|$)/;

/** API versions that templates check for: stable ones of Kubernetes, which every cluster has, and foreign ones. */
async function askedBy(folders: readonly string[]): Promise<Pick<Place, "own" | "foreign">> {
  const texts = await Promise.all(folders.map(templatesIn));
  const names = texts
    .flat()
    .flatMap((template) =>
      [...template.matchAll(/APIVersions\.Has\s+\(?\s*["`]([^"`]+)["`]/g)].map(([, name = ""]) => name),
    );
  const versions = [...new Set(names)].filter((name) => /(?:^|\/)v\d/.test(name));
  return {
    own: versions.filter((name) => OWN.test(name) && /(?:^|\/)v\d+\/[A-Z]/.test(name)),
    foreign: versions.filter((name) => !OWN.test(name)),
  };
}

async function templatesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const templates = files.filter((file) => /\/templates\//.test(file.slice(folder.length)));
  return Promise.all(templates.map((file) => readFile(file, "utf8")));
}

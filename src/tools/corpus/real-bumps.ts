// Repeats bumps that people committed: the manifest must match byte for byte, the lock except for its time.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Files } from "../../domain/model/umbrella.ts";
import { bump } from "../../domain/umbrella/bump.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import { moveVersions, readUmbrellaDraft } from "../../domain/umbrella/version/move-versions.ts";
import { bumpTo, reason } from "./real-files.ts";
import { Tally } from "./tally.ts";

interface RealBump {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  readonly index: number;
  readonly from: string;
  readonly to: string;
  /** Whether the commit changed only the version's text in the manifest. */
  readonly inplace: boolean;
  readonly before: string;
  readonly after: string;
  readonly lock?: string;
  readonly lock_before?: string;
  readonly lock_after?: string;
  readonly lock_before_ok?: string;
  readonly lock_after_ok?: string;
  readonly lock_others_changed?: boolean;
}

export async function judgeRealBumps(file: string): Promise<Tally> {
  const tally = new Tally();
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  for (const line of lines) judge(JSON.parse(line), tally);
  return tally;
}

function judge(real: RealBump, tally: Tally): void {
  const where = `${real.repo}@${real.commit.slice(0, 8)} ${real.path} ${real.from} to ${real.to}`;
  const files = filesOf(real, "before");
  const isStale = real.lock_before_ok === "mismatch";
  const bumped = bump(files, bumpTo(real.index, versionOf(real), isStale ? "repair" : "refuse"));
  if (!bumped.ok) {
    judgeText(real, tally, `refused: ${reason(bumped.problems)}`);
    return;
  }
  const after = new Map([
    ...files,
    ...bumped.value.edits.map(({ path, after }) => [path, after ?? ""] as const),
  ]);
  const name = basename(real.path);
  if (!real.inplace) tally.count("the commit also changed quotes or a comment: not compared");
  else if (after.get(name) !== real.after) judgeText(real, tally, `${where}: the manifest differs`);
  else if (!isLockComparable(real)) tally.count("manifest reproduced");
  else if (withoutTime(after.get(lockName(real)) ?? "") === withoutTime(real.lock_after ?? "")) {
    tally.count("manifest and lock reproduced");
  } else tally.wrong(where, ["the lock differs"]);
}

/** A commit may replace a pinned version by a range or the reverse: given that text, the bump must produce it too. */
function judgeText(real: RealBump, tally: Tally, otherwise: string): void {
  const start = readUmbrellaDraft(filesOf(real, "before"));
  const moved = start.ok ? moveVersions(start.value, [{ index: real.index, text: real.to }]) : start;
  const text = moved.ok ? moved.value.files.get(basename(real.path)) : undefined;
  if (text === real.after) tally.count("manifest reproduced, with the text that a person chose");
  else if (otherwise.startsWith("refused")) tally.count(otherwise);
  else tally.wrong(otherwise, ["not reproduced"]);
}

function filesOf(real: RealBump, when: "before" | "after"): Files {
  const lock = when === "before" ? real.lock_before : real.lock_after;
  const name = basename(real.path);
  return new Map([
    [name, when === "before" ? real.before : real.after],
    ...(lock === undefined ? [] : [[lockName(real), lock] as const]),
  ]);
}

function lockName(real: RealBump): string {
  return basename(real.lock ?? "Chart.lock");
}

/** The version that the commit moved to: from its lock, else from its text in the manifest. */
function versionOf(real: RealBump): string {
  const umbrella = readUmbrella(filesOf(real, "after"), new Map());
  const locked = umbrella.ok ? umbrella.value.lock?.dependencies[real.index]?.version : undefined;
  if (locked !== undefined && real.lock_after_ok !== "mismatch") return locked;
  const [named = real.to] = /v?\d.*$/.exec(real.to) ?? [];
  return named.replace(/\.[xX*]/g, ".0");
}

/** Whether both locks are valid, have the same format, and no other entry moved. */
function isLockComparable(real: RealBump): boolean {
  const { lock_before_ok: before, lock_after_ok: after } = real;
  return after !== undefined && after !== "mismatch" && before === after && real.lock_others_changed !== true;
}

function withoutTime(lock: string): string {
  return lock.replace(/^generated:.*$/m, "generated:");
}

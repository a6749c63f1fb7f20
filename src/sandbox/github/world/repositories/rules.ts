// Ref name validation, and rulesets.

import { isContained } from "../../git/history.ts";
import type { Account, BranchRule } from "../records.ts";
import { unprocessable } from "../refusal.ts";
import type { Repository } from "./repository.ts";

/** All rules that match a branch; the strictest applies. */
export function rulesFor(repository: Repository, branch: string): readonly BranchRule[] {
  return repository.rules.filter(({ pattern }) => matches(pattern, branch));
}

function matches(pattern: string, branch: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(branch);
}

export function bindingRules(repository: Repository, branch: string, actor: Account): readonly BranchRule[] {
  return rulesFor(repository, branch).filter(({ bypass }) => !bypass.includes(actor.login));
}

/** What `git check-ref-format` refuses, and a branch that is a folder of another. */
export function checkName(repository: Repository, ref: string, isNew: boolean): void {
  if (!isRefName(ref)) throw unprocessable(`"${ref}" is not a valid ref name.`);
  if (!isNew) return;
  const clash = [...repository.refs.keys()].some(
    (other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`),
  );
  if (clash) throw unprocessable("Ref cannot be created");
}

export function isRefName(ref: string): boolean {
  if (!ref.startsWith("refs/") || ref.split("/").length < 3) return false;
  const visible = /^[!-~\u{80}-\u{10ffff}]*$/u.test(ref);
  if (!visible || /[~^:?*[\\]/.test(ref)) return false;
  if (ref.includes("..") || ref.includes("@{") || ref.endsWith(".")) return false;
  return ref.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

interface Attempt {
  readonly ref: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly actor: Account;
  readonly merging?: boolean;
}

export function checkMove(repository: Repository, { ref, from, to, actor, merging }: Attempt): void {
  if (!ref.startsWith("refs/heads/")) return;
  for (const rule of bindingRules(repository, ref.slice("refs/heads/".length), actor)) {
    if (from === undefined && rule.blocksCreations)
      throw unprocessable("Cannot create ref due to creations being restricted.");
    if (!rule.protected || from === undefined) continue;
    const broken = brokenRule(repository, { from, to, merging: merging === true });
    if (broken !== undefined) throw unprocessable(`Repository rule violations found\n\n${broken}`);
  }
}

function brokenRule(
  repository: Repository,
  { from, to, merging }: { from: string; to: string; merging: boolean },
): string | undefined {
  if (/^0+$/.test(to)) return "Cannot delete this branch";
  if (!isContained(repository.objects, from, to)) return "Cannot force-push to this branch";
  return merging ? undefined : "Changes must be made through a pull request.";
}

// The grammar of slash commands. Every word must be understood, or the command is answered as unclear.

import { parseDuration } from "../model/config/duration.ts";
import { parseVersion } from "../versions/version.ts";

export const VERBS = [
  ...(["hold", "unhold", "allow", "rebase", "reject", "rollback", "promote", "help"] as const),
  ...(["redeploy", "heal", "keep"] as const),
] as const;
type Verb = (typeof VERBS)[number];

export type CommandMeaning =
  | { readonly kind: "unhold" | "allow" | "rebase" | "rollback" | "redeploy" }
  | { readonly kind: "heal" }
  | { readonly kind: "help" }
  /** `ms`: duration. */
  | { readonly kind: "keep"; readonly ms: number }
  /** `reason`: for people only. */
  | { readonly kind: "hold"; readonly reason: string }
  /**
   * `charts`: the named ones; empty for all of the pull request. `everywhere`: in every environment of the repository.
   */
  | { readonly kind: "reject"; readonly charts: readonly string[]; readonly everywhere: boolean }
  | ({ readonly kind: "promote" } & RequestedPromotion)
  /** It was not understood, and nothing is done. */
  | { readonly kind: "unclear"; readonly because: string; readonly help: string };

export interface RequestedPromotion {
  readonly version: string;
  /** Absent when the pull request is for a single chart. */
  readonly chart?: string;
  /** Absent for the environment of the pull request. */
  readonly environment?: string;
}

export function meaningOf(verb: Verb, words: readonly string[]): CommandMeaning {
  switch (verb) {
    case "hold":
      return { kind: verb, reason: words.join(" ") };
    case "reject": {
      const charts = words.filter((word) => word !== EVERYWHERE);
      return { kind: verb, charts, everywhere: charts.length < words.length };
    }
    case "promote":
      return promotion(words);
    case "help":
      return { kind: verb };
    case "keep":
      return keeping(words);
    case "unhold":
    case "allow":
    case "rebase":
    case "rollback":
    case "redeploy":
    case "heal":
      return words.length === 0 ? { kind: verb } : takesNothing(verb, words);
  }
}

const EVERYWHERE = "everywhere";

function takesNothing(verb: Verb, words: readonly string[]): CommandMeaning {
  const because = `/${verb} takes no arguments, and these are some: ${words.join(" ")}`;
  return { kind: "unclear", because, help: `Write /${verb} alone to have it done.` };
}

/** Longer than anybody works on a cluster by hand. */
const LONGEST_KEEP_MS = 30 * 24 * 60 * 60_000;

function keeping([duration = "", ...more]: readonly string[]): CommandMeaning {
  const ms = parseDuration(duration) ?? 0;
  if (ms > 0 && ms <= LONGEST_KEEP_MS && more.length === 0) return { kind: "keep", ms };
  return {
    kind: "unclear",
    because: "It names no time of at most 30 days.",
    help: "Write for example /keep 4h, with s, m, h or d, and nothing behind it.",
  };
}

/** `[CHART] VERSION [to ENVIRONMENT]` */
function promotion(words: readonly string[]): CommandMeaning {
  const at = words.indexOf("to");
  const [what, where] = at < 0 ? [words, undefined] : [words.slice(0, at), words.slice(at + 1)];
  const [version, chart, ...more] = what.toReversed();
  if (version === undefined || !what.some((word) => parseVersion(word)))
    return notClear("It names no version.");
  const isClear = parseVersion(version) && more.length === 0 && (where === undefined || where.length === 1);
  if (!isClear) return notClear("It is not clear what is to go where.");
  const [environment] = where ?? [];
  return {
    ...{ kind: "promote", version },
    ...(chart !== undefined && { chart }),
    ...(environment !== undefined && { environment }),
  };
}

function notClear(because: string): CommandMeaning {
  return {
    kind: "unclear",
    because,
    help: "Write /promote [CHART] VERSION [to ENVIRONMENT] and nothing behind it.",
  };
}

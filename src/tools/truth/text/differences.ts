// The differences that a text shows per resource, and the resources that it only names.

import { namesIn, titled } from "./names.ts";
import { type Fold, type Parts, sentenceOf } from "./sections.ts";

export interface Difference {
  readonly kind: "removed" | "changed" | "added";
  readonly title: string;
  /** Lines of the old and of the new manifest, without the diff marks. */
  readonly minus: readonly string[];
  readonly plus: readonly string[];
  /** Whether it says that lines were omitted. */
  readonly cut: boolean;
}

export interface Shown {
  readonly claims: readonly string[];
  readonly differences: readonly Difference[];
}

export function differencesIn({ folds }: Parts, release: string): Shown {
  const main = folds.filter(({ title }) => title === "Rendered manifests");
  const some = folds.filter(({ title }) => title === "Rendered manifests on some clusters");
  const differences = main.flatMap((fold) => [...shownIn(fold, release)]);
  const named = main.flatMap(({ lines }) => lines.flatMap((line) => namedIn(line, release)));
  const elsewhere = some.flatMap((fold) => [...shownIn(fold, release)]);
  const furtherNamed = some.flatMap(({ lines }) => lines.flatMap((line) => namedIn(line, release)));
  const definitions = folds.filter(({ title }) => title === "CRDs in `crds/`");
  return {
    differences,
    claims: [
      ...differences.map(({ kind, title }) => `${kind}: ${title}`),
      ...named,
      ...elsewhere.map(({ kind, title }) => `elsewhere: ${kind} ${title}`),
      ...furtherNamed.map((claim) => `elsewhere: ${claim.replace(":", "")}`),
      ...definitions.flatMap((fold) => definitionsIn(fold, release)),
    ],
  };
}

const HEAD = /^(?:Where the cluster has .*?: )?\*\*(Removed|Changed|Added)\*\* (.*)$/;

function* shownIn({ lines }: Fold, release: string): Iterable<Difference> {
  let [fence, open] = ["", undefined as Open | undefined];
  for (const line of lines) {
    const ticks = /^`{3,}/.exec(line)?.[0] ?? "";
    const head = fence === "" ? HEAD.exec(line) : null;
    if (head) {
      if (open) yield open;
      open = opened(head, release);
    } else if (ticks !== "" && (fence === "" || line === fence)) fence = fence === "" ? ticks : "";
    else if (open && fence !== "" && line.startsWith("-")) open.minus.push(line.slice(1));
    else if (open && fence !== "" && line.startsWith("+")) open.plus.push(line.slice(1));
    else if (open && /^_(?:\d+ more lines left out|Too different|Only what is not shown)/.test(line))
      open.cut = true;
  }
  if (open) yield open;
}

interface Open extends Difference {
  readonly minus: string[];
  readonly plus: string[];
  cut: boolean;
}

function opened([, kind = "", rest = ""]: RegExpExecArray, release: string): Open {
  const { codes } = sentenceOf(rest);
  const kinds = { Removed: "removed", Changed: "changed", Added: "added" } as const;
  const title = titled(codes[0] ?? "", codes[1] ?? "", release);
  return { kind: kinds[kind as keyof typeof kinds], title, minus: [], plus: [], cut: false };
}

/** "- Changed: ¤ ¤, ¤; ¤ ¤." below omitted differences. */
function namedIn(line: string, release: string): readonly string[] {
  const [, kind = "", names = ""] = /^- (Removed|Changed|Added): (.*)\.$/.exec(line) ?? [];
  if (kind === "") return [];
  return namesIn(sentenceOf(names), release).titles.map((title) => `${kind.toLowerCase()}: ${title}`);
}

/** Changes in `crds/`: shown, only named, or named because only their labels change. */
function definitionsIn(fold: Fold, release: string): readonly string[] {
  const shown = [...shownIn(fold, release)].map(({ kind, title }) => `${kind}: ${title}`);
  const named = fold.lines.flatMap((line) => namedIn(line, release));
  const labelled = fold.lines.flatMap((line) => {
    const names = /^In (.*) only labels change /.exec(line)?.[1];
    return names === undefined
      ? []
      : namesIn(sentenceOf(names), release).titles.map((title) => `changed: ${title}`);
  });
  const words = { removed: "gone", added: "new", changed: "changed" } as const;
  return [...shown, ...named, ...labelled].map((claim) => {
    const [, kind = "", name = ""] = /^(\w+): \S+ (.*)$/.exec(claim) ?? [];
    return `crds/: ${name} ${words[kind as keyof typeof words]}`;
  });
}

// All claims of a pull request body, except its line by line differences.

import { LIST_OF_MAPS } from "../facts/values.ts";
import { namesIn, titled } from "./names.ts";
import { claimsOfRisk } from "./risks.ts";
import { type Fold, type Parts, sentenceOf, unescaped } from "./sections.ts";

export interface ReadClaims {
  readonly claims: readonly string[];
  /** Prefixes of facts of which the text says that it omits some for lack of space. */
  readonly cut: readonly string[];
}

export function claimsIn({ plain, folds }: Parts, release: string): ReadClaims {
  const claims = [
    ...plain.flatMap((line) => ofLine(line, release)),
    ...folds.flatMap((fold) => ofFold(fold, release)),
  ];
  return { claims: [...new Set(claims)], cut: folds.flatMap(cutIn) };
}

const SAID_ELSEWHERE = [
  /^<!--|^<sub>|^> \[!/,
  /^> - … and \d+ more \w+, unfolded below\.$/,
  /^- Templates go by the Kubernetes version/,
];

function ofLine(line: string, release: string): readonly string[] {
  if (line.startsWith("- Left out, since every rendering")) return madeAnew(line, release);
  if (line.startsWith("- Left out, since they do not run")) return idleHooks(line, release);
  if (SAID_ELSEWHERE.some((pattern) => pattern.test(line))) return [];
  if (line.startsWith("> - ")) return claimsOfRisk(line.slice(4), release);
  if (line.startsWith("**`")) return headline(line);
  return OVERVIEW.find(([pattern]) => pattern.test(line))?.[1](line, release) ?? [`not understood: ${line}`];
}

function headline(line: string): readonly string[] {
  const { codes } = sentenceOf(line);
  return [`headline: ${codes[0]} ${codes.at(-3)} → ${codes.at(-2)} in ${codes.at(-1)}`];
}

type OfLine = (line: string, release: string) => readonly string[];

const OVERVIEW: readonly (readonly [RegExp, OfLine])[] = [
  [/^- Restarts the pods of /, restarts("rolling")],
  [/^- Stops all pods, then starts new ones, of /, restarts("at once")],
  [/^- Changes the pods, once somebody deletes them \(`OnDelete`\), of /, restarts("by hand")],
  [/^- Images: /, images],
  [/^- In the cluster: (?:\d)/, counts],
  [/^- Nothing changes in the cluster/, () => ["nothing changes"]],
  [/^- In the cluster: no change that does not depend on its API versions/, () => ["nothing changes"]],
  [/^- Not compared: /, () => ["not compared"]],
  [/^- Both versions are rendered as an installation/, () => ["rendered as an installation"]],
];

function restarts(how: string): OfLine {
  return (line, release) => {
    const { words, codes } = sentenceOf(line.replace("(`OnDelete`)", "").replace(/\.$/, ""));
    const start = words.indexOf("¤");
    const { titles, more } = namesIn({ words: words.slice(start), codes }, release);
    return [
      `restarts ${how}: ${titles.length + more}`,
      ...titles.map((title) => `restarts ${how}: ${title}`),
    ];
  };
}

/** "¤, ¤ ¤ → ¤; ¤ comes (¤); ¤ goes (¤) and 3 more" */
function images(line: string): readonly string[] {
  const { words, codes } = sentenceOf(line.replace(/^- Images: /, "").replace(/(?: and \d+ more)?\.$/, ""));
  const left = [...codes];
  return words.split("; ").flatMap((group) => {
    const own = left.splice(0, (group.match(/¤/g) ?? []).length);
    const [, names = "", rest = ""] = /^(¤(?:, ¤)*) (.*)$/.exec(group) ?? [];
    const count = (names.match(/¤/g) ?? []).length;
    const [before = "", after = ""] = rest.split("→");
    const tags = own.slice(count);
    const were = /come/.test(rest) ? 0 : (before.match(/¤/g) ?? []).length;
    const [was, is] = [tags.slice(0, were), after === "" && !/come/.test(rest) ? [] : tags.slice(were)];
    return own
      .slice(0, count)
      .map((name) => `image: ${name} ${was.join(", ") || "–"} → ${is.join(", ") || "–"}`);
  });
}

function counts(line: string): readonly string[] {
  return [...line.matchAll(/(\d+) (removed|changed|added|with nothing but new version labels)/g)].map(
    ([, count, what = ""]) => `count: ${count} ${what.startsWith("with") ? "relabelled" : what}`,
  );
}

function madeAnew(line: string, release: string): readonly string[] {
  const { words, codes } = sentenceOf(line);
  const more = Number(/ and (\d+) more places\.$/.exec(words)?.[1] ?? 0);
  const places = Array.from({ length: codes.length / 3 }, (_, index) => {
    const [place = "", kind = "", name = ""] = codes.slice(index * 3, index * 3 + 3);
    return `made anew: ${place} of ${titled(kind, name, release)}`;
  });
  return [`made anew: ${places.length + more} places`, ...places];
}

function idleHooks(line: string, release: string): readonly string[] {
  const names = line.replace(/^.*?: the hooks /, "").replace(/, which differ\.$/, "");
  const { titles, more } = namesIn(sentenceOf(names), release);
  return [`idle hooks: ${titles.length + more}`, ...titles.map((title) => `idle hook: ${title}`)];
}

function ofFold({ title, summary, lines }: Fold, release: string): readonly string[] {
  const items = lines.filter((line) => line.startsWith("- ")).map((line) => line.slice(2));
  if (/^\d+ more (?:dangers|warnings)$/.test(title))
    return items.flatMap((line) => claimsOfRisk(line, release));
  if (title === "Schema errors")
    return items.flatMap((line) => claimsOfRisk(`${line}: Helm will refuse it`, release));
  if (title === "What else moves") return rowsOf(lines).map(moveOf);
  if (title.startsWith("Default values")) return [...defaultCounts(summary), ...rowsOf(lines).map(defaultOf)];
  return [];
}

function defaultCounts(summary: string): readonly string[] {
  return [...summary.matchAll(/(\d+) (removed|changed|added)/g)].map(
    ([, count, kind]) => `defaults: ${count} ${kind}`,
  );
}

function rowsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const rows = lines.filter((line) => line.startsWith("| ") && !/^\| (?:\||Key \|)/.test(line));
  return rows.map((row) =>
    row
      .slice(2, -2)
      .split(/ \| /)
      .map((cell) => cell.trim()),
  );
}

function moveOf([what = "", was = "", is = ""]: readonly string[]): string {
  const image = /^Image (.*)$/.exec(what)?.[1];
  const about = image === undefined ? `moves along: ${shown(what)}` : `image: ${shown(image)}`;
  return `${about} ${shown(was)} → ${shown(is)}`;
}

function defaultOf([key = "", was = "", is = ""]: readonly string[]): string {
  return `default: ${shown(key)} ${shown(was)} → ${is === "**gone**" ? "gone" : shown(is)}`;
}

/** A table cell without its code marks. */
function shown(cell: string): string {
  const { words, codes } = sentenceOf(cell);
  const left = [...codes];
  const plain = unescaped(words.replace(/¤/g, () => left.shift() ?? ""));
  return plain.startsWith("[{") ? LIST_OF_MAPS : plain;
}

function cutIn({ title, lines }: Fold): readonly string[] {
  const isCut = lines.some((line) => /^_\d+ (?:more )?\w+ left out here/.test(line));
  if (!isCut) return [];
  if (title === "What else moves") return ["image: ", "moves along: "];
  return title.startsWith("Default values") ? ["default: "] : ["elsewhere: "];
}

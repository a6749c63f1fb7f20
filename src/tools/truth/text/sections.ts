// The parts of a pull request body: visible lines, and folded sections by title.

export interface Fold {
  readonly title: string;
  readonly summary: string;
  readonly lines: readonly string[];
}

export interface Parts {
  readonly plain: readonly string[];
  readonly folds: readonly Fold[];
}

export function partsOf(body: string): Parts {
  const plain: string[] = [];
  const folds: (Fold & { lines: string[] })[] = [];
  let [inside, fence] = [false, ""];
  for (const line of body.split("\n")) {
    const ticks = /^`{3,}/.exec(line)?.[0] ?? "";
    if (inside && ticks !== "") fence = fence === "" ? ticks : line === fence ? "" : fence;
    const summary = fence === "" ? /^<summary><b>(.*?)<\/b>(?:: (.*))?<\/summary>$/.exec(line) : null;
    if (fence === "" && line === "<details>") inside = true;
    else if (fence === "" && line === "</details>") inside = false;
    else if (summary)
      folds.push({ title: plainCode(summary[1] ?? ""), summary: summary[2] ?? "", lines: [] });
    else if (inside) folds.at(-1)?.lines.push(line);
    else if (line.trim() !== "") plain.push(line);
  }
  return { plain, folds };
}

function plainCode(title: string): string {
  return unescaped(title.replace(/<\/?code>/g, "`"));
}

/** A sentence with each code span replaced by `¤`. */
export interface Sentence {
  readonly words: string;
  readonly codes: readonly string[];
}

const CODE = /(`+)(.+?)\1(?!`)|<code(?: title="([^"]*)")?>(.*?)<\/code>/g;

export function sentenceOf(line: string): Sentence {
  const spans = [...line.matchAll(CODE)];
  const codes = spans.map(([, , span, title, element]) =>
    span === undefined ? unescaped(title ?? element ?? "") : span.replace(/^ (`.*`) $/, "$1"),
  );
  const words = line.replace(CODE, "¤");
  return { words, codes };
}

export function unescaped(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

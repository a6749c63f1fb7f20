// A values file as Helm loads it: the one document in it that holds something. Helm 4 cuts the text at every line that
// begins with `---`, reads each piece by itself and lays later ones over earlier ones (helm/helm pkg/chart/v2/loader,
// LoadValues; k8s.io/apimachinery pkg/util/yaml, YAMLReader); Helm 3 reads the first document only.

import { fail, type Problem, type Result } from "../../model/problem.ts";
import { readTree } from "../yaml/read-tree.ts";
import { lineAt, type YamlTree } from "../yaml/yaml-tree.ts";

/** The tree of the file; `values-invalid` for what Helm 3 or Helm 4 does not load, or what they load differently. */
export function readValues(file: string, text: string): Result<YamlTree> {
  const markers = markersIn(text);
  const odd = markers.find(({ rest }) => !/^\s*$|^\s+#/.test(rest));
  if (odd !== undefined) return fail(notAlone({ file, text }, odd));
  const head = text.slice(0, markers[0]?.start);
  if (markers.length > 0 && beginsWithDirective(head)) return fail(directiveInFront({ file, text }));
  const first = holdsSomething(head) ? 0 : 1;
  const second = markers.find(
    ({ end }, index) => index >= first && holdsSomething(text.slice(end, markers[index + 1]?.start)),
  );
  return second === undefined
    ? readTree(file, text, "values-invalid")
    : fail(severalDocuments({ file, text }, second));
}

interface Marker {
  readonly start: number;
  readonly end: number;
  /** The text after the three dashes. */
  readonly rest: string;
}

/** Only a line feed ends a line here. */
function markersIn(text: string): readonly Marker[] {
  return [...text.matchAll(/(?:^|(?<=\n))---([^\n]*)/g)].map(({ index, 0: line, 1: rest = "" }) => ({
    start: index,
    end: index + line.length,
    rest,
  }));
}

/** Anything but blanks, comments and the mark of a document's end. */
function holdsSomething(piece: string): boolean {
  return piece.split(/[\n\r\u2028\u2029]/).some((line) => !/^(?:\ufeff?\s*(?:#|$)|\.\.\.\s*$)/.test(line));
}

/** `%YAML 1.1`, or another one. */
function beginsWithDirective(head: string): boolean {
  const lines = head.replace(/^\ufeff/, "").split("\n");
  return lines.find((line) => !/^\s*(#|$)/.test(line))?.startsWith("%") === true;
}

interface Origin {
  readonly file: string;
  readonly text: string;
}

function notAlone({ file, text }: Origin, { start, rest }: Marker): Problem {
  const line = lineAt(text, start);
  return {
    code: "values-invalid",
    message: `${file}: line ${line} has "${rest.trim().slice(0, 40)}" behind ---, where Helm 4 allows nothing but a comment.`,
    help: "Put it on a line of its own.",
    place: { file, line },
  };
}

function directiveInFront({ file, text }: Origin): Problem {
  const line = lineAt(text, text.indexOf("%"));
  return {
    code: "values-invalid",
    message: `${file}: line ${line} is a directive, which Helm 4 parts from the document behind --- and cannot load.`,
    help: "Take it out.",
    place: { file, line },
  };
}

function severalDocuments({ file, text }: Origin, { start }: Marker): Problem {
  const line = lineAt(text, start);
  return {
    code: "values-invalid",
    message: `${file} holds several YAML documents, the second from line ${line}: Helm 4 lays it over the first, and Helm 3 does not read it.`,
    help: "Put all values into one document.",
    place: { file, line },
  };
}

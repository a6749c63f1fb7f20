// A stream of YAML documents, parted as Helm parts a values file and as Kubernetes' clients part what they apply:
// k8s.io/apimachinery, pkg/util/yaml/decoder.go, YAMLReader. go-yaml itself never looks behind the first document.

import { trimSpace } from "./trim-space.ts";
import { type YamlFault, yamlFaultOnLine } from "./yaml-fault.ts";

export interface YamlPart {
  readonly text: string;
  /** The line of the whole text, counted from 1, in which it begins. */
  readonly line: number;
}

export interface YamlParts {
  readonly parts: readonly YamlPart[];
  /** A `---` with something behind it that is no comment; what follows it is not read. */
  readonly fault?: YamlFault;
}

/**
 * Parts a text at every line that begins with `---`. The line itself belongs to no part, except one in front of which
 * nothing has been written since the last part. CRLF is LF, and every part ends with a line break.
 */
export function splitDocuments(text: string): YamlParts {
  const parts: YamlPart[] = [];
  let lines: string[] = [];
  let line = 0;
  const close = () => {
    if (lines.length > 0) parts.push({ text: `${lines.join("\n")}\n`, line: line - lines.length });
    lines = [];
  };
  for (const content of linesOf(text)) {
    line += 1;
    if (content.startsWith("---")) {
      const rest = trimSpace(content.slice(3));
      if (rest !== "" && !rest.startsWith("#")) {
        const fault = yamlFaultOnLine("stream", `invalid Yaml document separator: ${rest}`, line);
        return { parts, fault };
      }
      if (lines.length > 0) {
        close();
        continue;
      }
    }
    lines.push(content);
  }
  line += 1;
  close();
  return { parts };
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    if (end < 0) {
      yield text.slice(from);
      return;
    }
    yield text.slice(from, text[end - 1] === "\r" && end > from ? end - 1 : end);
    from = end + 1;
  }
}

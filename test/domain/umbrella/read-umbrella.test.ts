// Documents at the edge of YAML, each read (or refused) as Helm 4.1.4 does.

import { describe, expect, test } from "@jest/globals";
import { readUmbrella } from "../../../src/domain/umbrella/read-umbrella.ts";

const HEAD = "apiVersion: v2\nname: umbrella\nversion: 0.1.0\n";
const REST = "  repository: https://charts.example.com\n";

function entries(text: string): string {
  return `${HEAD}dependencies:\n${text}`;
}

function read(chart: string, requirements?: string) {
  const files = new Map([["Chart.yaml", chart]]);
  if (requirements !== undefined) files.set("requirements.yaml", requirements);
  return readUmbrella(files, new Map());
}

function versionsOf(chart: string, requirements?: string): readonly string[] | string {
  const umbrella = read(chart, requirements);
  if (!umbrella.ok) return umbrella.problems.map(({ message }) => message).join(" ");
  return umbrella.value.dependencies.map(({ name, alias, version }) => `${alias ?? name} ${version}`);
}

const entry = `- name: a\n  version: 1.2.3\n${REST}`;

describe("Helm reads", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "keys that every object has",
      `${entries(entry)}constructor: [{ a: {} }]\n__proto__: [{ a: {} }]\n`,
      ["a 1.2.3"],
    ],
    ["a version over two lines", entries(`- name: a\n  version: 1.2.3\n    beta\n${REST}`), ["a 1.2.3 beta"]],
    [
      "an anchor that is set twice",
      entries("- name: a\n  version: &v 1\n- name: b\n  version: &v 2\n- name: c\n  version: *v\n"),
      ["a 1", "b 2", "c 2"],
    ],
    ["lone carriage returns", entries(entry).replaceAll("\n", "\r"), ["a 1.2.3"]],
    ["a comment that LS ends", entries(`- name: a # c\u2028  version: 1.2.3\n`), ["a 1.2.3"]],
    ["only the first document", `${entries(entry)}---\njunk: [\n`, ["a 1.2.3"]],
    ["nothing behind the document's end", `${entries(entry)}...\njunk: [\n`, ["a 1.2.3"]],
    [
      "a document that begins on the marker's line",
      "--- {name: t, version: 0.1.0, dependencies: [{name: a, version: 1.2.3}]}\n",
      ["a 1.2.3"],
    ],
    ["a key without a value", entries("- {name: a, version, repository: x}\n"), ["a "]],
    [
      "brackets that close at the margin",
      `${HEAD}dependencies: [\n  {name: a, version: 1.2.3}\n]\n`,
      ["a 1.2.3"],
    ],
    ["a comment close behind a quote", entries("- name: a\n  version: '1.2.3'#x\n"), ["a 1.2.3"]],
    [
      "a merge before the explicit key",
      entries("- <<: {version: 9.9.9}\n  name: a\n  version: 1.2.3\n"),
      ["a 1.2.3"],
    ],
    [
      "a merge behind the explicit key",
      entries("- name: a\n  version: 1.2.3\n  <<: {version: 9.9.9}\n"),
      ["a 9.9.9"],
    ],
    [
      "a quoted merge key as any other key",
      entries('- name: a\n  version: 1.2.3\n  "<<": {version: 9.9.9}\n'),
      ["a 1.2.3"],
    ],
    [
      "keys in any case",
      "NAME: t\nVERSION: 0.1.0\nDEPENDENCIES:\n- NAME: a\n  VERSION: 1.2.3\n",
      ["a 1.2.3"],
    ],
    [
      "past a null to the key in another case",
      entries("- name: a\n  Version: 3.0.0\n  version:\n"),
      ["a 3.0.0"],
    ],
    [
      "lists in two cases, one over the other",
      `${HEAD}Dependencies:\n- name: a\n  version: 1.0.0\n  alias: aa\n- name: z\ndependencies:\n- name: b\n`,
      ["aa 1.0.0"],
    ],
    [
      "the last of two lists",
      `${HEAD}dependencies:\n- name: a\n  version: 1.0.0\ndependencies:\n- name: b\n  version: 2.0.0\n`,
      ["b 2.0.0"],
    ],
    [
      "a chart without an apiVersion",
      "name: t\nversion: 0.1.0\ndependencies:\n- name: a\n  version: 1.2.3\n",
      ["a 1.2.3"],
    ],
  ])("%s", (_name, chart, versions) => {
    expect(versionsOf(chart)).toEqual(versions);
  });

  test("requirements.yaml onto what Chart.yaml gave, index by index", () => {
    const chart = `${HEAD}dependencies:\n- name: z\n  version: 1.0.0\n  alias: zz\n- name: x\n`;
    expect(versionsOf(chart, "dependencies:\n- name: a\n")).toEqual(["zz 1.0.0"]);
    expect(versionsOf(chart, "dependencies:\n")).toEqual([]);
    expect(versionsOf(chart, "# nothing\n")).toEqual(["zz 1.0.0", "x "]);
  });
});

describe("Helm refuses", () => {
  test.each<[string, string, string]>([
    ["another version of YAML", `%YAML 1.2\n---\n${entries(entry)}`, "incompatible YAML document (line 1)"],
    ["an unknown directive", `%FOO bar\n---\n${entries(entry)}`, "unknown directive name (line 1)"],
    ["an unknown anchor", entries("- name: a\n  version: *x\n"), "unknown anchor"],
    ["an anchor with a dot", entries("- name: a\n  version: &v.1 1.2.3\n"), "expected alphabetic or numeric"],
    ["a key that is null", entries("- name: a\n  ~: x\n"), "key"],
    ["a key that is a list", entries("- name: a\n  ? [a]\n  : x\n"), "key"],
    ["a tab before a comment", entries(`- name: a\n\t# c\n  version: 1.2.3\n`), "tab"],
    ["a control character", entries("- name: a\n  version: 1.2.3\u0001\n"), "control characters"],
    ["an escape that JSON knows", entries('- name: a\n  version: "1\\/2"\n'), "escape"],
    ["a template", entries("- name: a\n  version: {{ .V }}\n"), "template"],
    ["tags that are no list", entries("- name: a\n  tags: x\n"), "dependencies[0].tags must be a list"],
    ["a flag that is a text", entries('- name: a\n  enabled: "true"\n'), "must be true or false"],
    ["an annotation that is a map", `${HEAD}annotations: {a: {b: c}}\n`, "annotations.a must be a text"],
    ["an empty item", entries(`${entry}-\n`), "dependencies[1] is empty"],
    ["one name twice", entries(entry + entry), 'more than one dependency with name or alias "a"'],
    ["an alias with a dot", entries("- name: a\n  alias: a.b\n"), "alias"],
    ["a chart without a name", "apiVersion: v2\nversion: 0.1.0\n", "no name"],
    ["a chart whose version is none", "name: t\nversion: 1.2.3.4\n", "1.2.3.4"],
    ["a chart of another type", `${HEAD}type: foo\n`, "type"],
    ["a document that is a text", "abc\n", "must be a mapping"],
  ])("%s", (_name, chart, reason) => {
    expect(versionsOf(chart)).toContain(reason);
  });

  test("and names the file and the line", () => {
    const umbrella = read(entries("- name: a\n  tags: x\n"));
    expect(umbrella).toMatchObject({ ok: false, problems: [{ place: { file: "Chart.yaml", line: 6 } }] });
  });

  test("an alias that stands for millions of nodes", () => {
    const levels = Array.from({ length: 9 }, (_, index) => {
      const inner =
        index === 0
          ? "[x, x, x, x, x, x, x, x, x]"
          : `[${Array(9)
              .fill(`*l${index - 1}`)
              .join(", ")}]`;
      return `l${index}: &l${index} ${inner}\n`;
    });
    expect(versionsOf(`${levels.join("")}${HEAD}`)).toContain("excessive aliasing");
  });
});

test.each(["name", "alias"])(
  "a %s of 251 characters is too long to be served, and one of 250 is not",
  (field) => {
    const chart = (length: number) => entries(`- version: 1.2.3\n  ${field}: ${"x".repeat(length)}\n${REST}`);
    expect(read(chart(250))).toMatchObject({ ok: true });
    expect(versionsOf(chart(251))).toMatch(
      /^Chart\.yaml: a dependency's name or alias has more than 250 .{1,100}$/,
    );
  },
);

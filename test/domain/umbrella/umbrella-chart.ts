// Umbrella charts in every style that people write them in, made by fast-check.

import fc from "fast-check";
import type { Dependency, Files } from "../../../src/domain/model/umbrella.ts";
import { lockDigest } from "../../../src/domain/umbrella/lock/lock-digest.ts";
import { printLock } from "../../../src/domain/umbrella/lock/lock-text.ts";

/** A version text and where it can go: `old` and `next` are versions that a repository offers. */
export interface VersionCase {
  readonly text: string;
  readonly old: string;
  readonly next: string;
  /** What the text becomes. */
  readonly after: string;
}

export const PINS: readonly VersionCase[] = [
  { text: "1.2.3", old: "1.2.3", next: "1.3.0", after: "1.3.0" },
  { text: "=1.2.3", old: "1.2.3", next: "1.3.0", after: "=1.3.0" },
  { text: "v1.2.3", old: "v1.2.3", next: "v1.3.0", after: "v1.3.0" },
  { text: "1.2.3-rc.1", old: "1.2.3-rc.1", next: "1.2.3", after: "1.2.3" },
  { text: "1.2.3+build.5", old: "1.2.3+build.5", next: "1.2.4+build.6", after: "1.2.4+build.6" },
];

export const RANGES: readonly VersionCase[] = [
  { text: "~1.2", old: "1.2.9", next: "1.3.1", after: "~1.3" },
  { text: "~1.2.3", old: "1.2.9", next: "1.3.1", after: "~1.3.1" },
  { text: "^1.2.0", old: "1.9.9", next: "2.1.3", after: "^2.1.3" },
  { text: "1.x", old: "1.9.9", next: "2.1.3", after: "2.x" },
  { text: "1.2.*", old: "1.2.9", next: "1.3.1", after: "1.3.*" },
  { text: ">=1.0.0 <2.0.0", old: "1.9.9", next: "2.1.3", after: ">=1.0.0 <3.0.0" },
  { text: ">=1, <2", old: "1.9.9", next: "2.1.3", after: ">=1, <3" },
  { text: "1.2 - 2.3", old: "2.3.4", next: "3.0.1", after: "1.2 - 3.0" },
  { text: "*", old: "1.0.0", next: "2.0.0", after: "*" },
  { text: "^1.2.0", old: "1.2.9", next: "1.9.1", after: "^1.2.0" },
  { text: "^1 || ^2", old: "1.2.9", next: "2.1.3", after: "^1 || ^2" },
];

interface EntryStyle {
  readonly layout: "block" | "dash-alone" | "explicit-keys" | "flow" | "quoted-keys";
  readonly quote: "'" | '"' | "";
  readonly order: readonly ("name" | "version" | "repository")[];
  readonly comment: boolean;
  readonly extras: boolean;
}

export interface ChartSpec {
  readonly apiVersion: "v1" | "v2";
  readonly entries: readonly {
    readonly version: VersionCase;
    readonly style: EntryStyle;
    readonly aliased: boolean;
  }[];
  readonly target: number;
  readonly lineBreak: "\n" | "\r\n";
  readonly bom: boolean;
  readonly finalBreak: boolean;
  readonly indent: "" | "  " | "    ";
  readonly head: "" | "---" | "# Our umbrella";
  readonly tail: "" | "..." | "---\nother: document\n---" | "# version: 1.2.3";
}

export interface MadeChart {
  readonly files: Files;
  readonly dependencies: readonly Dependency[];
  readonly spec: ChartSpec;
  /** URL of the repository that offers exactly the versions of this chart. */
  readonly repository: string;
}

const style: fc.Arbitrary<EntryStyle> = fc.record({
  layout: fc.constantFrom("block", "block", "dash-alone", "explicit-keys", "flow", "quoted-keys"),
  quote: fc.constantFrom("", "", '"', "'"),
  order: fc.shuffledSubarray(["name", "version", "repository"] as const, { minLength: 3 }),
  comment: fc.boolean(),
  extras: fc.boolean(),
});

export function chartSpec(versions: readonly VersionCase[]): fc.Arbitrary<ChartSpec> {
  const entry = fc.record({ version: fc.constantFrom(...versions), style, aliased: fc.boolean() });
  return fc
    .record({
      apiVersion: fc.constantFrom("v1", "v2"),
      entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
      at: fc.nat(),
      lineBreak: fc.constantFrom("\n", "\n", "\r\n"),
      bom: fc.boolean(),
      finalBreak: fc.boolean(),
      indent: fc.constantFrom("", "  ", "    "),
      head: fc.constantFrom("", "---", "# Our umbrella"),
      tail: fc.constantFrom("", "...", "---\nother: document\n---", "# version: 1.2.3"),
    })
    .map(({ at, ...spec }): ChartSpec => ({ ...spec, target: at % spec.entries.length }));
}

/** The chart's files, with a lock as Helm wrote it. `id` tells its repository from that of other charts. */
export function makeChart(spec: ChartSpec, id: string): MadeChart {
  const repository = `http://charts.example.com/${id}`;
  const dependencies = spec.entries.map(
    ({ version, aliased, style }, index): Dependency => ({
      name: `chart-${index}`,
      version: version.text,
      repository,
      ...(style.extras && { condition: `chart-${index}.enabled`, tags: ["front<end>"] }),
      ...(style.extras && {
        importValues: [
          "data",
          new Map([
            ["parent", "a"],
            ["child", "b"],
          ]),
        ],
      }),
      ...(aliased && { alias: `alias-${index}` }),
    }),
  );
  const list = [
    "dependencies:",
    ...dependencies.flatMap((dependency, index) => item(spec, dependency, index)),
  ];
  const own = [`apiVersion: ${spec.apiVersion}`, "name: umbrella", "version: 0.1.0"];
  const text = (lines: readonly string[]) => finished(spec, [spec.head, ...lines, spec.tail]);
  const files = new Map(
    spec.apiVersion === "v1"
      ? [
          ["Chart.yaml", `${own.join("\n")}\n`],
          ["requirements.yaml", text(list)],
        ]
      : [["Chart.yaml", text([...own, ...list])]],
  );
  files.set(spec.apiVersion === "v1" ? "requirements.lock" : "Chart.lock", lockOf(spec, dependencies));
  return { files, dependencies, spec, repository };
}

function lockOf({ entries }: ChartSpec, dependencies: readonly Dependency[]): string {
  const locked = dependencies.map(({ name, repository }, index) => {
    return { name, repository, version: entries[index]?.version.old ?? "" };
  });
  const digest = lockDigest("helm3", { required: dependencies, locked });
  return printLock({ dependencies: locked, digest, generated: new Date("2024-05-06T07:08:09.010Z") });
}

function item({ entries, indent }: ChartSpec, dependency: Dependency, index: number): readonly string[] {
  const { layout, quote, order, comment, extras } = entries[index]?.style ?? { order: [], layout: "block" };
  const quoted = (text: string) => written(text, quote ?? "", layout === "flow");
  const pairs = [
    ...(order ?? []).map(
      (key) => [key, key === "version" ? quoted(dependency.version) : dependency[key]] as const,
    ),
    ...(dependency.alias === undefined ? [] : [["alias", dependency.alias] as const]),
    ...(extras === true
      ? ([
          ["condition", dependency.condition],
          ["tags", '["front<end>"]'],
          ["import-values", "[data, {parent: a, child: b}]"],
        ] as const)
      : []),
  ];
  if (layout === "flow")
    return [`${indent}- {${pairs.map(([key, value]) => `${key}: ${value}`).join(", ")}}`];
  const lines = pairs.flatMap(([key, value]) => {
    if (layout === "explicit-keys") return [`? ${key}`, `: ${value}`];
    const note = comment === true && key === "version" ? "   # version: 1.2.3 was chosen by hand" : "";
    return [`${layout === "quoted-keys" ? `"${key}"` : key}: ${value}${note}`];
  });
  if (layout === "dash-alone") return [`${indent}-`, ...lines.map((line) => `${indent}  ${line}`)];
  return lines.map((line, at) => `${indent}${at === 0 ? "- " : "  "}${line}`);
}

function written(text: string, quote: string, flow: boolean): string {
  if (quote !== "") return `${quote}${text}${quote}`;
  return /^[>*]/.test(text) || (flow && text.includes(",")) ? `'${text}'` : text;
}

function finished({ lineBreak, bom, finalBreak }: ChartSpec, lines: readonly string[]): string {
  const text = lines.filter((line) => line !== "").join("\n");
  return (bom ? "\ufeff" : "") + text.replaceAll("\n", lineBreak) + (finalBreak ? lineBreak : "");
}

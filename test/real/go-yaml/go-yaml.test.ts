// Helm's own YAML packages as the judge of the reader in src/domain/go-yaml. UPDATE_GOLDEN=1 writes what they say of the
// texts of test/domain/go-yaml into fixtures/go-yaml/verdicts.json; GO_YAML_RUNS is how many made-up texts are tried.

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { goFloat } from "../../../src/domain/go-yaml/decode/go-float.ts";
import { readValues } from "../../../src/domain/go-yaml/read-values.ts";
import { type Reading, readYaml } from "../../../src/domain/go-yaml/read-yaml.ts";
import { splitDocuments } from "../../../src/domain/go-yaml/split-documents.ts";
import { goYamlError, type YamlFault } from "../../../src/domain/go-yaml/yaml-fault.ts";
import { readJson } from "../../domain/go-yaml/read-json.ts";
import { sameValue } from "../../domain/go-yaml/same-value.ts";
import { ALIAS_TEXTS, DEEP_TEXTS, TEXTS } from "../../domain/go-yaml/texts.ts";
import { isSkipped } from "../program.ts";
import { floatTexts, streamTexts, yamlTexts } from "./made-up-texts.ts";
import { type Oracle, type OracleAnswer, startOracle } from "./oracle.ts";

const RUNS = Number(process.env["GO_YAML_RUNS"] ?? 20_000);
const VERDICTS = new URL("../../../fixtures/go-yaml/verdicts.json", import.meta.url);
const suite = isSkipped("go-yaml") ? describe.skip : describe;

suite("Helm's packages and the reader", () => {
  const world: { oracle?: Oracle } = {};
  const ask = (...question: Parameters<Oracle["ask"]>): Promise<OracleAnswer> => {
    if (world.oracle === undefined) throw new Error("not started");
    return world.oracle.ask(...question);
  };

  beforeAll(async () => {
    world.oracle = await startOracle();
  }, 600_000);
  afterAll(() => world.oracle?.stop());

  test("agree on the recorded verdicts", async () => {
    const verdicts: Record<string, unknown> = {};
    for (const text of Object.values(TEXTS).flat()) verdicts[text] = verdictOf(await ask("yaml", text));
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(VERDICTS, `${JSON.stringify(verdicts, null, 1)}\n`);
    expect(JSON.parse(readFileSync(VERDICTS, "utf8"))).toEqual(verdicts);
  });

  test.each([...DEEP_TEXTS, ...ALIAS_TEXTS])("agree on what is too much: %s", async (_, text) => {
    const [mine, { error }] = [readYaml(text), await ask("yaml", text)];
    expect(mine.ok ? undefined : goYamlError(mine.fault)).toBe(error);
  });

  test.each(["yaml", "strict"] as const)(
    "agree on made-up texts (%s)",
    async (as) => {
      const duplicates = as === "strict" ? "refuse" : "last";
      await fc.assert(
        fc.asyncProperty(yamlTexts(), async (text) => {
          const answer = await ask(as, text);
          expect(difference(readYaml(text, { duplicates, integers: "exact" }), answer)).toBeUndefined();
        }),
        { numRuns: as === "yaml" ? RUNS : RUNS / 10 },
      );
    },
    3_600_000,
  );

  test("agree on values files of several documents", async () => {
    await fc.assert(
      fc.asyncProperty(streamTexts(), async (text) => {
        expect(difference(readValues(text), await ask("values", text), sameMessage)).toBeUndefined();
      }),
      { numRuns: RUNS / 10 },
    );
  }, 3_600_000);

  test("agree on how a stream is parted", async () => {
    await fc.assert(
      fc.asyncProperty(streamTexts(), async (text) => {
        const { parts = [], error } = await ask("documents", text);
        const mine = splitDocuments(text);
        expect(mine.parts.map((part) => part.text)).toEqual(parts);
        expect(mine.fault?.message).toBe(error);
      }),
      { numRuns: RUNS / 10 },
    );
  }, 3_600_000);

  test("agree on how a float is written", async () => {
    await fc.assert(
      fc.asyncProperty(floatTexts(), async (text) => {
        const { json = "" } = await ask("float", text);
        expect(goFloat(Number(text))).toBe(JSON.parse(json));
      }),
      { numRuns: RUNS / 10 },
    );
  }, 3_600_000);
});

function verdictOf({ json, error }: OracleAnswer) {
  return error === undefined ? { json } : { error: shortened(error) };
}

/** Without what Go prints of the value that it refuses. */
function shortened(error: string): string {
  return error
    .replace("%!s(<nil>)", "nil")
    .replace(/^((yaml: invalid map key|unsupported map key of type: \w+)).*$/s, "$1");
}

/** What the two say differently; nothing where Go leaves it to chance. */
function difference(mine: Reading<unknown>, answer: OracleAnswer, isSameError = sameError) {
  if (answer.ambiguous === true) return undefined;
  const { error } = answer;
  if (mine.ok && error === undefined && sameValue(mine.value, readJson(answer.json ?? ""))) return undefined;
  if (!mine.ok && error !== undefined && isSameError(mine.fault, shortened(error))) return undefined;
  return { mine: mine.ok ? mine.value : mine.fault, oracle: error ?? answer.json };
}

/** With Go's own line. Of the keys that stand twice Go tells all, the reader the first. */
function sameError(fault: YamlFault, error: string): boolean {
  return fault.message.endsWith(" already set in map")
    ? error.includes(" already set in map")
    : goYamlError(fault) === error;
}

/** Helm counts the lines of each document of a values file, the reader those of the file. */
function sameMessage(fault: YamlFault, error: string): boolean {
  return error.replace(/^yaml: (line \d+: )?/, "") === fault.message;
}

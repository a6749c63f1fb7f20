// Definitions in `crds/` that differ: Helm leaves them as they are, so a reviewer must know each by its name.

import { expect, test } from "@jest/globals";
import { definitionsSection } from "../../../../src/domain/pull-request-body/diff/definitions.ts";
import type { ResourceChange } from "../../../../src/domain/pull-request-body/manifests/compare-manifests.ts";
import {
  type Manifest,
  readManifests,
} from "../../../../src/domain/pull-request-body/manifests/manifests.ts";
import { renderSection } from "../../../../src/domain/pull-request-body/markdown/section.ts";

function definition(name: string, description: string): Manifest {
  const [manifest] = readManifests(
    `{ apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: { name: ${name} }, spec: { versions: [{ name: v1, description: ${description} }] } }`,
  ).resources;
  if (manifest === undefined) throw new Error("no manifest");
  return manifest;
}

const NAMES = Array.from({ length: 40 }, (_, index) => `kind${index}.example.com`);

test("are named where there is no room to show how", () => {
  const changes = NAMES.map(
    (name): ResourceChange => ({
      kind: "changed",
      before: definition(name, "one".repeat(60)),
      after: definition(name, "two".repeat(60)),
    }),
  );
  const section = definitionsSection(changes);
  const text = section === undefined ? "" : renderSection(section);
  expect(text.length).toBeLessThan(8_000);
  expect(text).toMatch(/_\d+ more definitions left out here/);
  expect(NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("with nothing but new labels are told of as what they are, not as left out", () => {
  const [before, after] = [definition("a.example.com", "x"), definition("b.example.com", "x")];
  const section = definitionsSection([
    { kind: "relabelled", before, after: before },
    { kind: "added", after },
  ]);
  const text = section === undefined ? "" : renderSection(section);
  expect(text).toContain("**Added** `CustomResourceDefinition` `b.example.com`");
  expect(text).not.toContain("left out");
  expect(text).toContain(
    "In `CustomResourceDefinition` `a.example.com` only labels change that carry the chart's version.",
  );
});

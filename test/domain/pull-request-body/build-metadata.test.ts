import { expect, test } from "@jest/globals";
import type { ChartFacts } from "../../../src/domain/pull-request-body/facts.ts";
import { buildMetadataRisks } from "../../../src/domain/pull-request-body/risks/build-metadata.ts";

const FACTS: ChartFacts = {
  ...{
    chart: "xposer",
    keys: ["xposer"],
    from: "1.0.0",
    to: "1.1.0+b2",
    repositoryUrl: "https://charts.example.com",
  },
  publish: {
    ...{ id: "1", chart: "xposer", version: "1.1.0+b2", repository: "main", values: {}, source: {} },
    ...{ publisher: "p", at: new Date(0), state: "verified" },
  },
  signature: { kind: "unasked" },
  before: { kind: "missing", because: "x" },
  after: { kind: "missing", because: "x" },
  ...{ between: [], superseded: [], elsewhere: [] },
};

test("another build of the same version is a warning that names it", () => {
  const [risk] = buildMetadataRisks({ ...FACTS, sameRank: ["1.1.0+b1", "1.1.0"] });
  expect(risk?.level).toBe("warning");
  expect(risk?.text).toBe(
    "what is merged may not be what is deployed: the chart repository also has `1.1.0+b1`, `1.1.0` of `xposer`, and `helm dependency build` may download that for `1.1.0+b2`, because build metadata does not count for it (Helm issue 13245)",
  );
});

test("nothing is said where there is none, or nobody knows", () => {
  expect(buildMetadataRisks({ ...FACTS, sameRank: [] })).toEqual([]);
  expect(buildMetadataRisks(FACTS)).toEqual([]);
});

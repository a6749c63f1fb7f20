// What the text calls refused, case by case. That the API server says the same is shown in test/real/immutable-fields.test.ts.

import { expect, test } from "@jest/globals";
import { readManifests } from "../../../../src/domain/pull-request-body/manifests/manifests.ts";
import { refusedChanges } from "../../../../src/domain/pull-request-body/risks/immutable/immutable-risks.ts";
import { immutableCases } from "../../../support/immutable-cases.ts";

test.each(immutableCases())("$name", ({ before, after, refused, unless }) => {
  const [old] = readManifests(JSON.stringify(before)).resources;
  const [now] = readManifests(JSON.stringify(after)).resources;
  if (old === undefined || now === undefined) throw new Error("a case without a resource");
  const found = refusedChanges(old, now);
  expect({
    refused: found.filter((change) => change.unless === undefined).map(({ field }) => field),
    unless: found.filter((change) => change.unless !== undefined).map(({ field }) => field),
  }).toEqual({ refused, unless });
});

test("kinds of other APIs are not judged by Kubernetes' own", () => {
  const service = (clusterIP: string) => ({
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { clusterIP },
  });
  const [old] = readManifests(JSON.stringify(service("10.0.0.1"))).resources;
  const [now] = readManifests(JSON.stringify(service("None"))).resources;
  if (old === undefined || now === undefined) throw new Error("no resource");
  expect(refusedChanges(old, now)).toEqual([]);
});

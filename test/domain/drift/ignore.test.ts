// `ignore: ["KIND/NAME:FIELD"]`, by what is left of a report.

import { expect, test } from "@jest/globals";
import { withoutIgnored } from "../../../src/domain/drift/ignore.ts";
import type { DriftedResource } from "../../../src/domain/model/drift.ts";

const web: DriftedResource = {
  ...{ kind: "Deployment", namespace: "dev", name: "web", change: "changed" },
  fields: ["spec.replicas", "metadata.annotations[team/owner]", "spec.replicasToo"],
};
const gone: DriftedResource = { kind: "Service", name: "web", change: "missing" };
const role: DriftedResource = {
  kind: "ClusterRole",
  name: "system:web",
  change: "changed",
  fields: ["rules"],
};

test.each([
  [[], ["spec.replicas metadata.annotations[team/owner] spec.replicasToo", "", "rules"]],
  [["Deployment/web:spec.replicas"], ["metadata.annotations[team/owner] spec.replicasToo", "", "rules"]],
  [["*/*:metadata.annotations"], ["spec.replicas spec.replicasToo", "", "rules"]],
  [
    ["Deployment/w?b:spec", "Deployment/*:metadata"],
    ["", "rules"],
  ],
  [["Deployment/api:spec"], ["spec.replicas metadata.annotations[team/owner] spec.replicasToo", "", "rules"]],
  [["ClusterRole/system:*:rules"], ["spec.replicas metadata.annotations[team/owner] spec.replicasToo", ""]],
  [["Service/web:spec"], ["spec.replicas metadata.annotations[team/owner] spec.replicasToo", "", "rules"]],
  [["Service/web:*", "*/web:*"], ["rules"]],
])("%j leaves %j", (ignore, left) => {
  const kept = withoutIgnored([web, gone, role], ignore);
  expect(kept.map(({ fields = [] }) => fields.join(" "))).toEqual(left);
});

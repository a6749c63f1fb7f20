// Defaults of the API server for the spec of a PersistentVolumeClaim (k8s.io/kubernetes pkg/apis/core/v1 defaults.go
// SetDefaults_PersistentVolumeClaimSpec, pkg/api/persistentvolumeclaim util.go NormalizeDataSources).

import type { ValueTree } from "../tree.ts";
import { storedAt } from "./stored.ts";

export function claimWithDefaults(given: ValueTree): ValueTree {
  const spec = storedAt(given);
  const source = spec["dataSource"] ?? spec["dataSourceRef"];
  return {
    volumeMode: "Filesystem",
    ...(source !== undefined && { dataSource: source, dataSourceRef: source }),
    ...spec,
  };
}

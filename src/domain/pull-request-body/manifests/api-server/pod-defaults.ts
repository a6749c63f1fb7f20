// Defaults of the API server for a pod template (k8s.io/kubernetes pkg/apis/core/v1 defaults.go and
// zz_generated.defaults.go, v1.33).

import { parseImage } from "../pod/images.ts";
import { isTree, listAt, textAt, treeAt, type ValueTree } from "../tree.ts";
import { claimWithDefaults } from "./claim-defaults.ts";
import { storedAt } from "./stored.ts";

/** `metadata` and `spec` of a pod template as they are stored. */
export function podTemplateWithDefaults(template: ValueTree): ValueTree {
  const { metadata, spec } = storedAt(template);
  const { creationTimestamp: _unset, ...meta } = isTree(metadata) ? metadata : {};
  return { metadata: meta, spec: podSpecWithDefaults(isTree(spec) ? spec : {}) };
}

/** The spec of a pod template; that of a Pod has a few more defaults. */
export function podSpecWithDefaults(given: ValueTree): ValueTree {
  const { serviceAccount, ...spec } = storedAt(given);
  return {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
    ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
    ...spec,
    ...eachOf(spec, "containers", container),
    ...eachOf(spec, "initContainers", container),
    ...eachOf(spec, "volumes", volume),
  };
}

type Fill = (tree: ValueTree) => ValueTree;

/** The list with the defaults of every item; unchanged when there is none. */
function eachOf(tree: ValueTree, key: string, fill: Fill): ValueTree {
  const list = listAt(tree, key);
  return list.length === 0 ? {} : { [key]: list.map((item) => (isTree(item) ? fill(item) : item)) };
}

function oneOf(tree: ValueTree, key: string, fill: Fill): ValueTree {
  const child = tree[key];
  return isTree(child) ? { [key]: fill(child) } : {};
}

function container(given: ValueTree): ValueTree {
  return {
    imagePullPolicy: pullsAlways(textAt(given, "image")) ? "Always" : "IfNotPresent",
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...given,
    ...eachOf(given, "ports", (port) => ({ protocol: "TCP", ...port })),
    ...eachOf(given, "env", (variable) => ({ ...variable, ...oneOf(variable, "valueFrom", withFieldRef) })),
    ...oneOf(given, "livenessProbe", probe),
    ...oneOf(given, "readinessProbe", probe),
    ...oneOf(given, "startupProbe", probe),
    ...oneOf(given, "lifecycle", (lifecycle) => ({
      ...lifecycle,
      ...oneOf(lifecycle, "postStart", withHttpGet),
      ...oneOf(lifecycle, "preStop", withHttpGet),
    })),
  };
}

function pullsAlways(image: string): boolean {
  return parseImage(image).tag.split("@")[0] === "latest";
}

function probe(given: ValueTree): ValueTree {
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...withHttpGet(given),
  };
}

function withHttpGet(given: ValueTree): ValueTree {
  return { ...given, ...oneOf(given, "httpGet", (get) => ({ path: "/", scheme: "HTTP", ...get })) };
}

function withFieldRef(given: ValueTree): ValueTree {
  return { ...given, ...oneOf(given, "fieldRef", (field) => ({ apiVersion: "v1", ...field })) };
}

function volume(given: ValueTree): ValueTree {
  const { name, ...source } = given;
  return { name, ...volumeSourceWithDefaults(Object.keys(source).length === 0 ? { emptyDir: {} } : source) };
}

const MODE = 0o644;

const SOURCE_DEFAULTS: { readonly [source: string]: ValueTree } = {
  secret: { defaultMode: MODE },
  configMap: { defaultMode: MODE },
  downwardAPI: { defaultMode: MODE },
  projected: { defaultMode: MODE },
  iscsi: { iscsiInterface: "default" },
  rbd: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" },
  azureDisk: { cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared" },
  scaleIO: { storageMode: "ThinProvisioned", fsType: "xfs" },
};

/** The source of a volume or a PersistentVolume. */
export function volumeSourceWithDefaults(given: ValueTree): ValueTree {
  const entries = Object.entries(given).map(([source, settings]) => [
    source,
    isTree(settings) ? { ...SOURCE_DEFAULTS[source], ...within(source, settings) } : settings,
  ]);
  return Object.fromEntries(entries);
}

function within(source: string, settings: ValueTree): ValueTree {
  switch (source) {
    case "downwardAPI":
      return { ...settings, ...eachOf(settings, "items", withFieldRef) };
    case "projected":
      return { ...settings, ...eachOf(settings, "sources", projection) };
    case "ephemeral":
      return { ...settings, ...oneOf(settings, "volumeClaimTemplate", ephemeralClaim) };
    default:
      return settings;
  }
}

function projection(given: ValueTree): ValueTree {
  return {
    ...given,
    ...oneOf(given, "downwardAPI", (api) => ({ ...api, ...eachOf(api, "items", withFieldRef) })),
    ...oneOf(given, "serviceAccountToken", (token) => ({ expirationSeconds: 3600, ...token })),
  };
}

function ephemeralClaim(given: ValueTree): ValueTree {
  return { ...given, spec: claimWithDefaults(treeAt(given, "spec")) };
}

// What people do to a cluster by hand, one object of fixtures/drift/touched each, and what is to be reported of it.

export interface Touch {
  readonly what: string;
  readonly command: readonly string[];
  /** Standard input of kubectl. */
  readonly input?: string;
  /** Lines of `Site.reported`; none where no deployment would change anything. Where the two ways of applying differ: both. */
  readonly reported: readonly string[] | { readonly ssa: readonly string[]; readonly csa: readonly string[] };
  /** What the log calls added and left alone, as KIND/NAME FIELD. */
  readonly added?: string;
}

const pod = "spec.template.spec";
const patch = (object: string, change: object, type = "strategic") =>
  ["patch", object, `--type=${type}`, "--patch", JSON.stringify(change)] as const;
const inPod = (change: object) => ({ spec: { template: { spec: change } } });
const inContainer = (change: object) => inPod({ containers: [{ name: "web", ...change }] });
const configMap = (name: string, colour: string) =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { colour } });

/** A deployment takes these back. */
const healed: readonly Touch[] = [
  {
    what: "scaled",
    command: ["scale", "deployment/scaled", "--replicas=5"],
    reported: ["changed Deployment/scaled spec.replicas by kubectl"],
  },
  {
    what: "another image",
    command: ["set", "image", "deployment/imaged", "web=web:2"],
    reported: [`changed Deployment/imaged ${pod}.containers[web].image by kubectl-set`],
  },
  {
    what: "another value of an environment variable",
    command: ["set", "env", "deployment/env-changed", "LEVEL=debug"],
    reported: [`changed Deployment/env-changed ${pod}.containers[web].env[LEVEL].value by kubectl-set`],
  },
  {
    what: "an environment variable removed",
    command: ["set", "env", "deployment/env-removed", "LEVEL-"],
    reported: [`changed Deployment/env-removed ${pod}.containers[web].env[LEVEL]`],
  },
  {
    what: "another value of a label",
    command: ["label", "deployment/relabelled", "tier=frontend", "--overwrite"],
    reported: ["changed Deployment/relabelled metadata.labels.tier by kubectl-label"],
  },
  {
    what: "Helm's own label removed",
    command: ["label", "deployment/unmanaged", "app.kubernetes.io/managed-by-"],
    reported: ["changed Deployment/unmanaged metadata.labels[app.kubernetes.io/managed-by]"],
  },
  {
    what: "a Deployment deleted",
    command: ["delete", "deployment/deleted"],
    reported: ["missing Deployment/deleted"],
  },
  {
    what: "a ConfigMap deleted",
    command: ["delete", "configmap/deleted-too"],
    reported: ["missing ConfigMap/deleted-too"],
  },
  {
    what: "more memory and processor, beside quantities in other units",
    command: patch("deployment/measured", inContainer({ resources: { limits: { cpu: "3" } } })),
    reported: [`changed Deployment/measured ${pod}.containers[web].resources.limits.cpu by kubectl-patch`],
  },
  {
    what: "a command where the manifest has an empty list",
    command: patch("deployment/commanded", inContainer({ command: ["sleep"] })),
    reported: [`changed Deployment/commanded ${pod}.containers[web].command by kubectl-patch`],
  },
  {
    what: "a value of a ConfigMap",
    command: patch("configmap/changed", { data: { colour: "red" } }),
    reported: ["changed ConfigMap/changed data.colour by kubectl-patch"],
  },
  {
    what: "a key of a ConfigMap removed",
    command: patch("configmap/key-removed", { data: { colour: null } }),
    reported: ["changed ConfigMap/key-removed data.colour"],
  },
  {
    what: "a value of a Secret",
    command: patch("secret/encoded", { data: { password: "Y2FuYXJ5LW9mLXNvbWVib2R5" } }),
    reported: ["changed Secret/encoded data.password by kubectl-patch"],
  },
  {
    what: "a value of a Secret that the manifest has in plain text",
    command: patch("secret/plain", { data: { token: "Y2FuYXJ5LW9mLXNvbWVib2R5" } }),
    reported: ["changed Secret/plain data.token by kubectl-patch"],
  },
  {
    what: "another schedule",
    command: patch("cronjob/rescheduled", { spec: { schedule: "* * * * *" } }),
    reported: ["changed CronJob/rescheduled spec.schedule by kubectl-patch"],
  },
  {
    what: "another budget",
    command: patch("poddisruptionbudget/budget", { spec: { minAvailable: 0 } }),
    reported: ["changed PodDisruptionBudget/budget spec.minAvailable by kubectl-patch"],
  },
  {
    what: "another host of an Ingress",
    command: patch(
      "ingress/rerouted",
      [{ op: "replace", path: "/spec/rules/0/host", value: "evil.example.com" }],
      "json",
    ),
    reported: ["changed Ingress/rerouted spec.rules by kubectl-patch"],
  },
  {
    what: "one more host of an Ingress",
    command: patch(
      "ingress/rule-added",
      [{ op: "add", path: "/spec/rules/-", value: { host: "more.example.com" } }],
      "json",
    ),
    reported: ["changed Ingress/rule-added spec.rules by kubectl-patch"],
  },
  {
    what: "other rights of a Role",
    command: patch("role/rights-changed", [{ op: "replace", path: "/rules/0/verbs", value: ["*"] }], "json"),
    reported: ["changed Role/rights-changed rules by kubectl-patch"],
  },
  {
    what: "more rights of a Role",
    command: patch(
      "role/rights-added",
      [{ op: "add", path: "/rules/-", value: { apiGroups: [""], resources: ["secrets"], verbs: ["get"] } }],
      "json",
    ),
    reported: ["changed Role/rights-added rules by kubectl-patch"],
  },
  {
    what: "replaced as a whole",
    command: ["replace", "--filename=-"],
    input: configMap("replaced", "red"),
    reported: [
      "changed ConfigMap/replaced data.colour,data.size,metadata.annotations[meta.helm.sh/release-name],metadata.annotations[meta.helm.sh/release-namespace],metadata.labels[app.kubernetes.io/managed-by] by kubectl-replace",
    ],
  },
  {
    what: "applied client-side",
    command: ["apply", "--filename=-"],
    input: configMap("clientside-applied", "red"),
    reported: ["changed ConfigMap/clientside-applied data.colour by kubectl-client-side-apply"],
  },
  {
    what: "applied server-side by another manager",
    command: [...["apply", "--server-side", "--force-conflicts", "--field-manager=somebody", "--filename=-"]],
    input: JSON.stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "serverside-applied" },
      spec: { replicas: 4 },
    }),
    reported: ["changed Deployment/serverside-applied spec.replicas by somebody"],
  },
  {
    what: "filled where the manifest says null",
    command: patch("deployment/nulled", { spec: { minReadySeconds: 5, revisionHistoryLimit: 3 } }),
    reported: ["changed Deployment/nulled spec.minReadySeconds,spec.revisionHistoryLimit by kubectl-patch"],
  },
  {
    what: "a key added to a selector, which server-side apply sets as a whole",
    command: patch("service/selected", { spec: { selector: { app: "scaled", more: "yes" } } }),
    reported: { ssa: ["changed Service/selected spec.selector.more by kubectl-patch"], csa: [] },
  },
  {
    what: "a key added to a node selector, which server-side apply sets as a whole",
    command: patch("deployment/node-selector-added", inPod({ nodeSelector: { zone: "a" } })),
    reported: {
      ssa: [`changed Deployment/node-selector-added ${pod}.nodeSelector.zone by kubectl-patch`],
      csa: [],
    },
  },
];

/** No deployment takes these back, so they are no drift. */
const leftAlone: readonly Touch[] = [
  {
    what: "a label added",
    command: ["label", "deployment/label-added", "team=a"],
    reported: [],
    added: "Deployment/label-added metadata.labels.team",
  },
  {
    what: "an annotation added",
    command: ["annotate", "deployment/annotation-added", "note=a"],
    reported: [],
    added: "Deployment/annotation-added metadata.annotations.note",
  },
  {
    what: "an environment variable added",
    command: ["set", "env", "deployment/env-added", "MORE=1"],
    reported: [],
    added: `Deployment/env-added ${pod}.containers[web].env[MORE]`,
  },
  {
    what: "a sidecar added",
    command: patch("deployment/sidecar-added", inPod({ containers: [{ name: "side", image: "side:1" }] })),
    reported: [],
    added: `Deployment/sidecar-added ${pod}.containers[side]`,
  },
  {
    what: "a port added",
    command: patch("deployment/port-added", inContainer({ ports: [{ name: "debug", containerPort: 9090 }] })),
    reported: [],
    added: `Deployment/port-added ${pod}.containers[web].ports[9090/TCP]`,
  },
  {
    what: "a key of a ConfigMap added",
    command: patch("configmap/key-added", { data: { more: "1" } }),
    reported: [],
    added: "ConfigMap/key-added data.more",
  },
  {
    what: "restarted",
    command: ["rollout", "restart", "deployment/restarted"],
    reported: [],
    added: "Deployment/restarted spec.template.metadata.annotations",
  },
  {
    what: "a default changed: the grace period",
    command: patch("deployment/grace-changed", inPod({ terminationGracePeriodSeconds: 5 })),
    reported: [],
  },
  {
    what: "a default changed: the strategy",
    command: patch(
      "deployment/strategy-changed",
      { spec: { strategy: { type: "Recreate", rollingUpdate: null } } },
      "merge",
    ),
    reported: [],
  },
  {
    what: "a default changed: suspended",
    command: patch("cronjob/suspended", { spec: { suspend: true } }),
    reported: [],
  },
  {
    what: "scaled by an autoscaler, whose Deployment has no replicas in the manifest",
    command: ["scale", "deployment/autoscaled", "--replicas=4"],
    reported: [],
  },
  {
    what: "scaled, which people want ignored",
    command: ["scale", "deployment/ignored", "--replicas=6"],
    reported: [],
  },
];

export const TOUCHES = [...healed, ...leftAlone];

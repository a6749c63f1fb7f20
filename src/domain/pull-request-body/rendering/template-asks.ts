// What a chart's templates query about the cluster: API versions, the Kubernetes version, existing resources.

export interface TemplateAsks {
  /**
   * API versions queried by name (`.Capabilities.APIVersions.Has "monitoring.coreos.com/v1"`), without duplicates,
   * sorted.
   */
  readonly apiVersions: readonly string[];
  readonly kubeVersion: boolean;
  /** Whether any uses `lookup`, which returns nothing without a cluster. */
  readonly lookups: boolean;
}

/** `templates`: the texts of everything below `templates/` of a chart and its subcharts. */
export function templateAsks(templates: Iterable<string>): TemplateAsks {
  const apiVersions = new Set<string>();
  let kubeVersion = false;
  let lookups = false;
  for (const text of templates) {
    for (const [, name = ""] of text.matchAll(API_VERSION)) if (isApiVersion(name)) apiVersions.add(name);
    kubeVersion ||= /Capabilities\.Kube(?:Version|GitVersion)|kubeTargetVersion/.test(text);
    lookups ||= /\blookup\s+["`($]/.test(text);
  }
  return { apiVersions: [...apiVersions].sort(), kubeVersion, lookups };
}

const API_VERSION = /APIVersions\.Has\s+(?:\(\s*)?["`]([^"`]{1,300})["`]/g;

function isApiVersion(text: string): boolean {
  return /^(?:[a-z0-9.-]+\/)?v\d+(?:(?:alpha|beta)\d+)?(?:\/[A-Za-z0-9]+)?$/.test(text);
}

/** The API versions passed to Helm as the cluster's, and those that the config does not state. */
export interface AskedVersions {
  readonly stated: readonly string[];
  readonly unstated: readonly string[];
}

/**
 * Stating `group/version` implies all of its kinds, and a kind implies its group and version. Kubernetes' own stable
 * kinds are always passed, since Helm does not know them without a cluster.
 */
export function sortVersions(found: readonly string[], stated: readonly string[]): AskedVersions {
  const groups = new Set([...stated, ...stated.map(groupVersion)]);
  const has = (name: string) => groups.has(name) || stated.includes(groupVersion(name));
  const foreign = found.filter((name) => !isOfKubernetes(name));
  return {
    stated: [...new Set([...groups, ...found.filter((name) => has(name) || isStableKind(name))])].sort(),
    unstated: foreign.filter((name) => !has(name)),
  };
}

/** `apps/v1` of `apps/v1/Deployment`. */
export function groupVersion(name: string): string {
  return name.replace(/\/[A-Z][A-Za-z0-9]*$/, "");
}

/** API groups that Kubernetes itself serves, whichever versions of them (kubernetes/kubernetes pkg/apis). */
const GROUPS = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

function isOfKubernetes(name: string): boolean {
  const [group = ""] = name.split("/");
  return /^v\d/.test(name) || GROUPS.has(group);
}

function isStableKind(name: string): boolean {
  return isOfKubernetes(name) && /(?:^|\/)v\d+\/[A-Z]/.test(name);
}

// Which events are about which chart repository.

import { expect, test } from "@jest/globals";
import type { ChartRepository } from "../../src/domain/model/config/settings.ts";
import { type Location, locate } from "../../src/intake/location.ts";

function repository(
  kind: ChartRepository["kind"],
  url: string,
  also: readonly string[] = [],
): ChartRepository {
  return { name: "stakater", url, also, kind, fetchFrom: url, credentials: { kind: "none" } };
}

const OCI = repository("oci", "oci://registry.example.com/charts", ["oci://mirror.example.com/a/b"]);
const ROOT = repository("oci", "oci://registry.example.com");
const CAPITALS = repository("oci", "oci://ghcr.io/Codertocat/charts");
const ON_PATH = repository("oci", "oci://acme.jfrog.io/helm-prod/team");
const ON_HOST = repository("oci", "oci://helm-prod.jfrog.example.com");
const ON_CLOUD_HOST = repository("oci", "oci://acme-helm-prod.jfrog.io/team");
const ARTIFACTORY = repository("index", "https://acme.jfrog.io/artifactory/api/helm/helm-prod");
const SHORT = repository("index", "https://jfrog.example.com/x/artifactory/helm-prod");
const PROXIED = repository("index", "https://jfrog.example.com/charts/helm-prod");
const VIRTUAL = repository("index", "https://acme.jfrog.io/artifactory/api/helm/helm", [
  "https://acme.jfrog.io/artifactory/api/helm/helm-prod",
]);
const NEXUS = repository("index", "https://nexus.example.com/repository/helm-hosted");
const ECR_HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const ECR = repository("oci", `oci://${ECR_HOST}/charts`);
const GITEA = repository("index", "https://gitea.example.com/api/packages/acme/helm");
const MUSEUM = repository("chartmuseum", "https://charts.example.com");

test.each<[string, Parameters<typeof locate>[0], ChartRepository, Location]>([
  ["an OCI path below the repository's", { path: "charts/web" }, OCI, "here"],
  ["below another address of it", { path: "a/b/web" }, OCI, "here"],
  ["below another folder", { path: "team/charts/web" }, OCI, "elsewhere"],
  ["deeper than the repository", { path: "charts/team/web" }, OCI, "elsewhere"],
  ["at the root of a registry", { path: "web" }, ROOT, "here"],
  ["of an owner in capitals", { path: "codertocat/charts/web" }, CAPITALS, "here"],
  ["an OCI path for a ChartMuseum", { path: "charts/web" }, MUSEUM, "unknown"],
  ["a key on the path", { key: "helm-prod", path: "helm-prod/team/web" }, ON_PATH, "here"],
  ["another key on the path", { key: "helm-dev", path: "helm-dev/team/web" }, ON_PATH, "elsewhere"],
  ["a key on the host", { key: "helm-prod", path: "helm-prod/web" }, ON_HOST, "here"],
  ["another key on the host", { key: "helm-dev", path: "helm-dev/web" }, ON_HOST, "elsewhere"],
  ["a key on a cloud host", { key: "helm-prod", path: "helm-prod/team/web" }, ON_CLOUD_HOST, "here"],
  ["the repository's key", { key: "helm-prod" }, ARTIFACTORY, "here"],
  ["another key", { key: "helm-dev" }, ARTIFACTORY, "elsewhere"],
  ["a key that is a part of Artifactory's own path", { key: "helm" }, ARTIFACTORY, "elsewhere"],
  ["that key where it is the repository's", { key: "helm" }, VIRTUAL, "here"],
  ["a key below another path of Artifactory", { key: "helm-prod" }, SHORT, "here"],
  ["a key without Artifactory's path", { key: "helm-prod" }, PROXIED, "here"],
  ["a key that is part of another", { key: "prod" }, ARTIFACTORY, "elsewhere"],
  ["the key of a local repository behind a virtual one", { key: "helm-prod" }, VIRTUAL, "here"],
  ["the key of another local repository", { key: "helm-dev" }, VIRTUAL, "elsewhere"],
  ["a Nexus key", { key: "helm-hosted" }, NEXUS, "here"],
  ["another Nexus key", { key: "helm-other" }, NEXUS, "elsewhere"],
  ["a key for an address without a path", { key: "helm-prod" }, MUSEUM, "unknown"],
  ["the repository's address", { url: "https://CHARTS.example.com/" }, MUSEUM, "here"],
  ["another address", { url: "https://charts.example.com/dev" }, MUSEUM, "elsewhere"],
  ["no address", { url: "charts" }, MUSEUM, "elsewhere"],
  ["nothing said", {}, MUSEUM, "here"],
  ["the registry of an account", { path: "charts/web", host: ECR_HOST }, ECR, "here"],
  ["that of another account", { path: "charts/web", host: ECR_HOST.replace("1", "9") }, ECR, "elsewhere"],
  ["that of another region", { path: "charts/web", host: ECR_HOST.replace("eu", "us") }, ECR, "elsewhere"],
  ["a registry behind a name of its own", { path: "charts/web", host: ECR_HOST }, OCI, "here"],
  ["another path behind that name", { path: "apps/web", host: ECR_HOST }, OCI, "elsewhere"],
  ["a Gitea owner", { key: "Acme" }, GITEA, "here"],
  ["another Gitea owner", { key: "api" }, GITEA, "elsewhere"],
])("%s", (...[, where, about, expected]) => {
  expect(locate(where, "web", about)).toBe(expected);
});

test("an address with a run of slashes in it takes as long as its length", () => {
  const url = `https://charts.example.com/${"/".repeat(200_000)}x`;
  const begun = process.threadCpuUsage();
  expect(locate({ url }, "web", MUSEUM)).toBe("elsewhere");
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(100);
});

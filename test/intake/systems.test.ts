import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "@jest/globals";

import { SYSTEMS } from "../../src/intake/notify.ts";

const LAYER = `sha256:${"2e".repeat(32)}`;

type Expected = { readonly ignored: string } | { readonly charts: readonly object[] };

/** `place`: the path in an OCI registry, or all that the event says of where it stands. */
function chart(body: object, certainty: "chart" | "perhaps", place: string | object = {}): Expected {
  return { charts: [{ body, certainty, ...(typeof place === "string" ? { path: place } : place) }] };
}

const WEB = { chart: "web", version: "1.2.3" };
const WEB_LAYER = { ...WEB, digest: LAYER };

const ACR = { path: "charts/web", host: "acme.azurecr.io" };
const ECR = { path: "charts/web", host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com" };

const EXPECTED: { readonly [system: string]: { readonly [event: string]: Expected } } = {
  harbor: {
    "push-artifact": chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", "charts/web"),
    "cloudevent-pushed": chart(WEB, "perhaps", "charts/web"),
    "cloudevent-base64": chart(WEB, "perhaps", "charts/web"),
    batch: { charts: Array(2).fill({ body: WEB, certainty: "perhaps", path: "charts/web" }) },
    "upload-chart": chart({ chart: "my-web", version: "1.2.3-rc.1" }, "chart", { key: "library" }),
    "resources-null": { ignored: "the event names nothing" },
    "push-untagged": { ignored: "of charts/web is not a chart version" },
    "push-latest": { ignored: 'the tag "latest" of apps/web is not a chart version' },
    "scan-completed": { ignored: "SCANNING_COMPLETED publishes no chart" },
  },
  distribution: {
    chart: chart(WEB_LAYER, "chart", "charts/web"),
    "without-references": chart(WEB, "perhaps", "charts/web"),
    several: {
      charts: [
        { body: WEB_LAYER, certainty: "chart", path: "charts/web" },
        {
          body: { chart: "api", version: "0.4.0", digest: LAYER },
          certainty: "chart",
          path: "charts/api",
        },
      ],
    },
    "tag-null": { ignored: 'the tag "" of charts/web is not a chart version' },
    "events-null": { ignored: "the event names nothing" },
    image: { ignored: "apps/web:1.2.3 is not a chart" },
    blob: { ignored: "only manifests publish charts" },
    pull: { ignored: "a pull publishes no chart" },
  },
  jfrog: {
    "artifact-deployed": chart(WEB_LAYER, "perhaps", { key: "helm-local" }),
    "artifact-copied": chart(WEB_LAYER, "perhaps", { key: "helm-local" }),
    "artifact-moved": chart(WEB_LAYER, "perhaps", { key: "helm-local" }),
    "event-log": chart(WEB_LAYER, "perhaps", { key: "helm-local" }),
    "oci-pushed": chart(WEB, "perhaps", { key: "oci-local", path: "oci-local/web" }),
    "oci-promoted": chart(WEB, "perhaps", { key: "oci-local", path: "oci-local/web" }),
    "manifest-copied": chart(WEB, "perhaps", { key: "oci-local", path: "oci-local/team/web" }),
    "manifest-deployed": chart(WEB, "perhaps", { key: "oci-dev", path: "oci-dev/team/web" }),
    "without-data": { ignored: "artifact/deployed without data" },
    "data-null": { ignored: "artifact/deployed without data" },
    "build-uploaded": { ignored: "build/uploaded publishes no chart" },
    "docker-pushed": { ignored: "web:1.2.3 is an image" },
    "provenance-deployed": { ignored: "is not the file of a chart" },
    "artifact-deleted": { ignored: "artifact/deleted publishes no chart" },
  },
  nexus: {
    "component-created": chart(WEB, "chart", { key: "helm-hosted" }),
    "component-updated": chart(WEB, "chart", { key: "helm-hosted" }),
    "asset-created": chart(WEB, "chart", { key: "helm-hosted" }),
    "component-null": { ignored: "format unknown is not a chart" },
    "component-deleted": { ignored: "DELETED publishes no chart" },
    "components-purged": { ignored: "PURGED publishes no chart" },
    "docker-component": { ignored: "format docker is not a chart" },
  },
  ghcr: {
    "registry-package-published": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "package-updated": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "tag-in-url-only": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "without-manifest": chart(WEB, "perhaps", "acme/charts/web"),
    "owner-in-capitals": chart(WEB_LAYER, "chart", "codertocat/charts/web"),
    "tag-null": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "package-version-null": { ignored: "no version of the package charts/web" },
    nulls: { ignored: 'the tag "" of acme/charts/web is not a chart version' },
    untagged: { ignored: 'the tag "" of acme/charts/web is not a chart version' },
    image: { ignored: "acme/charts/web:1.2.3 is not a chart" },
    "npm-package": { ignored: "type npm is not a chart" },
    ping: { ignored: "only a published or updated package" },
  },
  cdevents: {
    "custom-data": chart(
      {
        ...WEB_LAYER,
        values: { "image.tag": "1.2.3" },
        source: { repository: "https://github.com/acme/web", revision: "4f2a7b0" },
      },
      "chart",
    ),
    "oci-package": chart(WEB, "perhaps", "charts/web"),
    "oci-package-with-name-in-url": chart(WEB, "perhaps", "charts/web"),
    "helm-package": chart({ chart: "web", version: "1.2.3+build.4" }, "chart", {
      url: "https://charts.example.com",
    }),
    cloudevent: chart(WEB, "chart"),
    "cloudevent-base64": chart(WEB, "chart"),
    batch: {
      charts: [
        { body: WEB, certainty: "chart" },
        { body: { chart: "api", version: "0.4.0" }, certainty: "chart" },
      ],
    },
    "npm-package": { ignored: "type npm is not a chart" },
    "no-package": { ignored: "is not a package URL" },
    packaged: { ignored: "artifact.packaged.0.3.0 publishes no chart" },
  },
  acr: {
    push: chart(WEB, "perhaps", ACR),
    "push-build-metadata": chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", ACR),
    "chart-push": chart({ chart: "my-web", version: "1.2.3-rc.1" }, "chart"),
    "chart-push-file": chart({ chart: "my-web", version: "1.2.3-rc.1" }, "chart"),
    "push-untagged": { ignored: 'the tag "" of charts/web is not a chart version' },
    "push-latest": { ignored: 'the tag "latest" of apps/web is not a chart version' },
    "push-index": { ignored: "only manifests publish charts" },
    quarantine: { ignored: "a quarantine publishes no chart" },
    delete: { ignored: "a delete publishes no chart" },
    ping: { ignored: "a ping publishes no chart" },
  },
  quay: {
    "repo-push": chart(WEB, "perhaps", "acme/web"),
    "several-tags": chart(WEB, "perhaps", "acme/web"),
    "tags-by-name": chart(WEB, "perhaps", "acme/web"),
    "tags-empty": { ignored: "the event names nothing" },
    latest: { ignored: 'the tag "latest" of acme/web is not a chart version' },
    "build-success": { ignored: "only a push publishes charts" },
    "mirror-success": { ignored: "only a push publishes charts" },
    vulnerability: { ignored: "only a push publishes charts" },
  },
  dockerhub: {
    push: chart(WEB, "perhaps", "acme/web"),
    "push-build-metadata": chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", "acme/web"),
    latest: { ignored: 'the tag "latest" of acme/web is not a chart version' },
    "tag-null": { ignored: 'the tag "" of acme/web is not a chart version' },
  },
  gitea: {
    "helm-package": chart(WEB, "chart", { key: "Acme" }),
    "owner-by-username": chart(WEB, "chart", { key: "Acme" }),
    container: chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", "acme/charts/web"),
    "container-untagged": { ignored: "of acme/charts/web is not a chart version" },
    "container-latest": { ignored: 'the tag "latest" of acme/web is not a chart version' },
    "npm-package": { ignored: "type npm is not a chart" },
    deleted: { ignored: "only a created package" },
    push: { ignored: "only a created package" },
  },
  gitlab: {
    "registry-push": chart(WEB, "perhaps", "acme/charts/web"),
    release: chart(WEB, "perhaps"),
    "release-with-charts": {
      charts: [
        { body: WEB, certainty: "perhaps" },
        { body: { chart: "my-web", version: "1.2.3-rc.1" }, certainty: "perhaps" },
      ],
    },
    "tag-pipeline": chart(WEB, "perhaps"),
    "registry-empty": { ignored: "the event names nothing" },
    "release-updated": { ignored: "a release's update publishes no chart" },
    "release-by-date": { ignored: 'the tag "2026-08" of acme/web is not a chart version' },
    "pipeline-of-branch": { ignored: "only a pipeline of a tag that succeeded" },
    "pipeline-running": { ignored: "only a pipeline of a tag that succeeded" },
    "tag-push": { ignored: "GitLab's event tag_push publishes no chart" },
  },
  eventbridge: {
    "image-push": chart(WEB, "perhaps", ECR),
    "chart-push": chart(WEB, "chart", ECR),
    china: chart(WEB, "perhaps", { ...ECR, host: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn" }),
    replicated: chart(WEB, "perhaps", ECR),
    batch: {
      charts: [
        { body: WEB, certainty: "perhaps", ...ECR },
        { body: { chart: "api", version: "0.4.0" }, certainty: "perhaps", ...ECR, path: "charts/api" },
      ],
    },
    "image-of-containers": { ignored: "charts/web:1.2.3 is not a chart" },
    untagged: { ignored: 'the tag "" of charts/web is not a chart version' },
    "push-failed": { ignored: "PUSH with the result FAILURE publishes no chart" },
    deleted: { ignored: "DELETE with the result SUCCESS publishes no chart" },
    scan: { ignored: 'the event "ECR Image Scan" of aws.ecr publishes no chart' },
    "of-another-service": { ignored: "of aws.ec2 publishes no chart" },
  },
  pubsub: {
    insert: chart(WEB, "perhaps", "acme/charts/web"),
    unwrapped: chart(WEB, "perhaps", "acme/charts/web"),
    "build-metadata": chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", "acme/charts/web"),
    untagged: { ignored: "has no tag" },
    latest: { ignored: 'the tag "latest" of acme/charts/web is not a chart version' },
    delete: { ignored: "the action DELETE publishes no chart" },
    "without-data": { ignored: "the message has no data" },
  },
};

describe.each(SYSTEMS.map((system) => [system.name, system] as const))("%s", (name, system) => {
  const samples = readdirSync(`fixtures/intake/${name}`).map((file) => file.replace(/\.json$/, ""));

  test("every sample is expected to mean something", () => {
    expect(Object.keys(EXPECTED[name] ?? {}).sort()).toEqual(samples.sort());
  });

  test.each(samples)("%s", (sample) => {
    const notice = system.read(JSON.parse(readFileSync(`fixtures/intake/${name}/${sample}.json`, "utf8")));
    const expected = EXPECTED[name]?.[sample] ?? { ignored: "" };
    if ("ignored" in expected) {
      expect(notice).toEqual({
        ok: true,
        value: { kind: "ignored", because: expect.stringContaining(expected.ignored) },
      });
    } else expect(notice).toEqual({ ok: true, value: { kind: "charts", charts: expected.charts } });
  });

  test.each([[null], [[]], ["text"], [7], [{ type: "PUSH_ARTIFACT" }], [{ events: [{}] }], [{ domain: 1 }]])(
    "%j is malformed or ignored, never more",
    (document) => {
      const notice = system.read(document);
      if (notice.ok) expect(notice.value.kind).toBe("ignored");
      else expect(notice.problems[0]?.code).toBe("malformed");
    },
  );
});

const mebibyteOf = (member: object | number) =>
  Array(Math.floor(2 ** 20 / (JSON.stringify(member).length + 1))).fill(member);
const pushed = { action: "push", target: { mediaType: "application/vnd.oci.image.manifest.v1+json" } };

describe("a body that is full of", () => {
  test.each([
    ["harbor", "events", mebibyteOf({ type: "PUSH_ARTIFACT" })],
    ["harbor", "resources", { type: "PUSH_ARTIFACT", event_data: harborData(mebibyteOf(0)) }],
    ["distribution", "events", { events: mebibyteOf(0) }],
    ["distribution", "references", { events: [{ ...pushed, target: { references: mebibyteOf(0) } }] }],
    ["gitlab", "events", { events: mebibyteOf({}) }],
    ["gitlab", "links", gitlabRelease(mebibyteOf({ url: "https://x/y-1.0.0.tgz" }))],
    ["ghcr", "layers", { action: "published", package: ghcrPackage(mebibyteOf(0)) }],
    ["quay", "tags", { repository: "acme/web", updated_tags: mebibyteOf(0) }],
    ["quay", "names", { repository: "acme/web", updated_tags: Object.fromEntries(mebibyteOf(0).entries()) }],
    ["cdevents", "events", mebibyteOf({ data_base64: "WzA=" })],
    ["eventbridge", "events", mebibyteOf({ "detail-type": "ECR Image Action" })],
  ])("%s's %s is refused before they are looked at", (name, _what, document) => {
    const notice = SYSTEMS.find((system) => system.name === name)?.read(document);
    const problems = notice?.ok === false ? notice.problems : [];
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The event is too large: .+ has more than 1000 entries\.$/),
    ]);
  });

  test.each([
    ["harbor", Array(1_000).fill(0)],
    [
      "dockerhub",
      { push_data: { tag: "x".repeat(2 ** 19) }, repository: { repo_name: "a/".repeat(2 ** 18) } },
    ],
    ["nexus", { action: "x".repeat(2 ** 20) }],
    ["gitea", { action: "created", package: { type: "x".repeat(2 ** 20), name: "web", version: "1.0.0" } }],
  ])("what is wrong for %s is answered in few words", (name, document) => {
    const notice = SYSTEMS.find((system) => system.name === name)?.read(document);
    expect(JSON.stringify(notice).length).toBeLessThan(10_000);
  });
});

function harborData(resources: readonly unknown[]): object {
  return { resources, repository: { repo_full_name: "charts/web" } };
}

function gitlabRelease(links: readonly unknown[]): object {
  const about = { object_kind: "release", action: "create", tag: "v1.0.0" };
  return { ...about, project: { path_with_namespace: "acme/web" }, assets: { links } };
}

function ghcrPackage(layers: readonly unknown[]): object {
  const version = { container_metadata: { manifest: { layers } } };
  return { package_type: "container", name: "web", package_version: version };
}

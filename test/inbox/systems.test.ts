import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, test } from "@jest/globals";

import { SYSTEMS } from "../../src/inbox/notify.ts";

const LAYER = `sha256:${"2e".repeat(32)}`;

type Expected = { readonly ignored: string } | { readonly charts: readonly object[] };

function chart(said: object, certainty: "chart" | "perhaps", path?: string): Expected {
  return { charts: [{ said, certainty, ...(path === undefined ? {} : { path }) }] };
}

const WEB = { chart: "web", version: "1.2.3" };
const WEB_LAYER = { ...WEB, digest: LAYER };

const EXPECTED: { readonly [system: string]: { readonly [event: string]: Expected } } = {
  harbor: {
    "push-artifact": chart({ chart: "web", version: "1.2.3+build.4" }, "perhaps", "charts/web"),
    "cloudevent-pushed": chart(WEB, "perhaps", "charts/web"),
    "upload-chart": chart({ chart: "my-web", version: "1.2.3-rc.1" }, "chart"),
    "push-untagged": { ignored: "of charts/web is not a chart version" },
    "push-latest": { ignored: 'the tag "latest" of apps/web is not a chart version' },
    "scan-completed": { ignored: "SCANNING_COMPLETED publishes no chart" },
  },
  distribution: {
    chart: chart(WEB_LAYER, "chart", "charts/web"),
    "without-references": chart(WEB, "perhaps", "charts/web"),
    several: {
      charts: [
        { said: WEB_LAYER, certainty: "chart", path: "charts/web" },
        {
          said: { chart: "api", version: "0.4.0", digest: LAYER },
          certainty: "chart",
          path: "charts/api",
        },
      ],
    },
    image: { ignored: "apps/web:1.2.3 is not a chart" },
    blob: { ignored: "only manifests publish charts" },
    pull: { ignored: "a pull publishes no chart" },
  },
  jfrog: {
    "artifact-deployed": chart(WEB_LAYER, "perhaps"),
    "event-log": chart(WEB_LAYER, "perhaps"),
    "oci-pushed": chart(WEB, "perhaps", "web"),
    "docker-pushed": { ignored: "web:1.2.3 is an image" },
    "provenance-deployed": { ignored: "is not the file of a chart" },
    "artifact-deleted": { ignored: "artifact/deleted publishes no chart" },
  },
  nexus: {
    "component-created": chart(WEB, "chart"),
    "component-updated": chart(WEB, "chart"),
    "asset-created": chart(WEB, "chart"),
    "component-deleted": { ignored: "DELETED publishes no chart" },
    "components-purged": { ignored: "PURGED publishes no chart" },
    "docker-component": { ignored: "format docker is not a chart" },
  },
  ghcr: {
    "registry-package-published": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "package-updated": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "tag-in-url-only": chart(WEB_LAYER, "chart", "acme/charts/web"),
    "without-manifest": chart(WEB, "perhaps", "acme/charts/web"),
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
    "helm-package": chart({ chart: "web", version: "1.2.3+build.4" }, "chart"),
    cloudevent: chart(WEB, "chart"),
    "npm-package": { ignored: "type npm is not a chart" },
    "no-package": { ignored: "is not a package URL" },
    packaged: { ignored: "artifact.packaged.0.3.0 publishes no chart" },
  },
};

describe.each(SYSTEMS.map((system) => [system.name, system] as const))("%s", (name, system) => {
  const samples = readdirSync(`fixtures/inbox/${name}`).map((file) => file.replace(/\.json$/, ""));

  test("every sample is expected to mean something", () => {
    expect(Object.keys(EXPECTED[name] ?? {}).sort()).toEqual(samples.sort());
  });

  test.each(samples)("%s", (sample) => {
    const notice = system.read(JSON.parse(readFileSync(`fixtures/inbox/${name}/${sample}.json`, "utf8")));
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

// The images of moved charts: rendered by real Helm with the environment's values, and asked for in the registry.

import { expect, test } from "@jest/globals";
import { movedEntries } from "../../src/check/moved-entries.ts";
import { gatherImages } from "../../src/flow/check/check-images.ts";
import { renderer } from "../../src/helm/render.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";

const POD = `apiVersion: v1
kind: Pod
metadata: { name: {{ .Release.Name }} }
spec: { containers: [{ name: main, image: "registry.example.com/xposer:{{ .Values.tag }}" }, { name: other, image: busybox }] }
`;

async function imagesWith(helm: string | undefined, values: string) {
  const head = new Map([
    [
      "Chart.yaml",
      "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n- {name: xposer, version: 1.0.0, alias: front, repository: https://x.example.com}\n",
    ],
    ["front.yaml", values],
  ]);
  const entries = movedEntries({ fork: new Map(), base: new Map(), head }, new Map());
  const [entry] = entries.ok ? entries.value : [];
  if (!entry) throw new Error("the manifest was not read");
  const packed = packChart({
    name: "xposer",
    version: "1.0.0",
    values: "tag: none\n",
    files: { "templates/pod.yaml": POD },
  });
  const asked: string[] = [];
  const render = renderer(helm)?.render;
  const facts = await gatherImages([{ facts: { entry, chart: { kind: "unasked" } }, packed }], {
    environment: { name: "dev", valuesFiles: ["values.yaml", "{chart}.yaml"] },
    texts: { head },
    registries: [{ host: "registry.example.com" }],
    inspection: {
      ...(render && { render }),
      imageExists: async (_, image) => {
        asked.push(image);
        if (!image.startsWith("registry.example.com/")) return { kind: "unchecked", because: "elsewhere" };
        return image.endsWith(":7") ? { kind: "exists" } : { kind: "missing", asked: "it answered 404" };
      },
    },
  });
  return { facts, asked };
}

test("every image of the rendering is asked for, and those of unknown registries are left out", async () => {
  const { facts, asked } = await imagesWith(await helmBinary(), "front:\n  tag: 7\n");
  expect(asked).toEqual(["registry.example.com/xposer:7", "busybox"]);
  expect(facts).toEqual({ images: [{ image: "registry.example.com/xposer:7", answer: { kind: "exists" } }] });
});

test("one that is not there is told with what was asked", async () => {
  const { facts } = await imagesWith(await helmBinary(), "front:\n  tag: 8\n");
  expect(facts.images).toEqual([
    { image: "registry.example.com/xposer:8", answer: { kind: "missing", asked: "it answered 404" } },
  ]);
});

test("without helm it says that nothing was looked up", async () => {
  const { facts, asked } = await imagesWith(undefined, "");
  expect(asked).toEqual([]);
  expect(facts).toEqual({ images: [], imagesUnknown: expect.stringContaining("no helm") });
});

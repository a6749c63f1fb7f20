// The images that an environment would run, asked for in the registries of server.yaml.

import { expect, test } from "@jest/globals";
import type { RenderingJudgement } from "../../../src/domain/pull-request-body/judgement.ts";
import { gatherImages } from "../../../src/reconcile/check-run/check-images.ts";

const RENDERS: RenderingJudgement = { verdict: { kind: "renders" }, refusals: [], unreadable: [] };

async function imagesOf(judgement: RenderingJudgement | undefined, registries = ["registry.example.com"]) {
  const requests: string[] = [];
  const facts = await gatherImages(judgement, {
    registries: registries.map((host) => ({ host })),
    inspection: {
      imageExists: async (_, image) => {
        requests.push(image);
        if (!image.startsWith("registry.example.com/")) return { kind: "unchecked", because: "elsewhere" };
        return image.endsWith(":7") ? { kind: "exists" } : { kind: "missing", requested: "it answered 404" };
      },
    },
  });
  return { facts, requests };
}

test("every image of the new version is asked for, and those of unknown registries are left out", async () => {
  const images = ["registry.example.com/xposer:7", "busybox"];
  const { facts, requests } = await imagesOf({ ...RENDERS, images });
  expect(requests).toEqual(images);
  expect(facts).toEqual({ images: [{ image: "registry.example.com/xposer:7", answer: { kind: "exists" } }] });
});

test("one that is not there is told with what was asked", async () => {
  const { facts } = await imagesOf({ ...RENDERS, images: ["registry.example.com/xposer:8"] });
  expect(facts.images).toEqual([
    { image: "registry.example.com/xposer:8", answer: { kind: "missing", requested: "it answered 404" } },
  ]);
});

test("what does not render has no images to look up, and says why", async () => {
  const unknown = { kind: "unknown", why: "impossible", because: "there is no helm" } as const;
  expect((await imagesOf({ ...RENDERS, verdict: unknown })).facts).toEqual({
    images: [],
    imagesUnknown: "there is no helm",
  });
});

test("nothing is asked where no registry is configured, or nothing is concerned", async () => {
  const images = ["registry.example.com/xposer:7"];
  expect(await imagesOf({ ...RENDERS, images }, [])).toEqual({ facts: { images: [] }, requests: [] });
  expect(await imagesOf(undefined)).toEqual({ facts: { images: [] }, requests: [] });
});

// Images that manifests name, looked for in the registries that the operator configured.

import { afterEach, describe, expect, test } from "@jest/globals";
import { imageExists } from "../../../../src/adapters/charts/oci/image-exists.ts";
import { parseImageName } from "../../../../src/adapters/charts/oci/image-name.ts";
import {
  type OciRegistry,
  type OciRegistryOptions,
  startOciRegistry,
} from "../../../../src/sandbox/chartmuseum/oci-registry.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const login = { username: "reader", password: "secret" };
let registry: OciRegistry | undefined;
afterEach(() => registry?.close());

async function start(options: OciRegistryOptions = {}) {
  const started = await startOciRegistry(options);
  registry = started;
  const digest = started.pushImage("team/web", "1.0");
  return { ...started, digest, host: new URL(started.url).host };
}

test.each([
  ["nginx", "docker.io", "library/nginx", "latest"],
  ["nginx:1.25", "docker.io", "library/nginx", "1.25"],
  ["bitnami/nginx", "docker.io", "bitnami/nginx", "latest"],
  ["docker.io/nginx", "docker.io", "library/nginx", "latest"],
  ["index.docker.io/library/nginx:1", "docker.io", "library/nginx", "1"],
  ["nexus.example.com/web:1", "nexus.example.com", "web", "1"],
  ["nexus:8082/team/web", "nexus:8082", "team/web", "latest"],
  ["localhost/web:1", "localhost", "web", "1"],
  [`nexus:8082/web:1.0@${DIGEST}`, "nexus:8082", "web", DIGEST],
  [`web@${DIGEST}`, "docker.io", "library/web", DIGEST],
])("%s is %s, %s, %s", (...[image, host, repository, reference]) => {
  expect(parseImageName(image)).toEqual({ host, repository, reference });
});

test.each([
  "",
  ":",
  "Web:1",
  "nexus:8082/",
  "a b",
  "web:",
  "web@sha256:1",
  "../x",
  "{{ .Values.image }}",
  "x/../y",
  "web:a/b",
])("%j names no image", async (image) => {
  expect(parseImageName(image)).toBeUndefined();
  expect(await imageExists([], image)).toMatchObject({ kind: "unchecked" });
});

describe.each([undefined, "basic", "token"] as const)("with authentication %s", (kind) => {
  const auth = kind && { auth: { kind, ...login } };
  test("tags and digests that are there exist, others are missing", async () => {
    const { host, digest } = await start(auth);
    const registries = [{ host, ...login }];
    expect(await imageExists(registries, `${host}/team/web:1.0`)).toEqual({ kind: "exists" });
    expect(await imageExists(registries, `${host}/team/web:gone@${digest}`)).toEqual({ kind: "exists" });
    for (const image of [`${host}/team/web:2.0`, `${host}/none:1.0`, `${host}/team/web@${DIGEST}`])
      expect(await imageExists(registries, image)).toEqual({
        kind: "missing",
        requested: expect.stringContaining("answered 404 MANIFEST_UNKNOWN"),
      });
  });
});

test("one that exists costs one HEAD", async () => {
  const { host, requests } = await start();
  await imageExists([{ host }], `${host}/team/web:1.0`);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "HEAD /v2/team/web/manifests/1.0",
  ]);
});

test.each([
  ["a wrong password", { auth: { kind: "basic", ...login } }, "answered 401"],
  ["no credentials for a token", { auth: { kind: "token", ...login } }, "answered 401"],
] as const)("with %s nothing is known", async (...[, options, problem]) => {
  const { host } = await start(options);
  expect(
    await imageExists([{ host, username: "reader", password: "wrong" }], `${host}/team/web:2.0`),
  ).toMatchObject({
    kind: "unknown",
    problem: { code: "image-registry-unreachable", message: expect.stringContaining(problem) },
  });
});

test.each([
  [{ kind: "status", status: 404, body: "<html>" }],
  [{ kind: "status", status: 500 }],
  [{ kind: "reset" }],
] as const)("after %j nothing is known", async (fault) => {
  const { host, faults } = await start();
  faults.add(fault);
  expect(await imageExists([{ host }], `${host}/team/web:1.0`)).toMatchObject({ kind: "unknown" });
});

test("a registry that is not configured is not asked", async () => {
  const { host, requests } = await start();
  expect(await imageExists([{ host: "other.example.com" }], `${host}/team/web:1.0`)).toEqual({
    kind: "unchecked",
    because: `server.yaml names no image registry ${host}`,
  });
  expect(requests).toEqual([]);
});

// The plain index server and the registry stand in for real ones, and say so where they cannot.

import { afterEach, expect, test } from "@jest/globals";
import { startOciRegistry } from "../../../src/sandbox/chartmuseum/oci-registry.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { startPlainIndex } from "../../../src/sandbox/chartmuseum/plain-index.ts";
import type { StandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";

const running: StandIn[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

test("an index keeps its ETag until it changes", async () => {
  const server = await startPlainIndex();
  running.push(server);
  const etag = async () => (await fetch(`${server.url}/index.yaml`)).headers.get("etag") ?? "";
  const first = await etag();
  const second = await fetch(`${server.url}/index.yaml`, { headers: { "if-none-match": first } });
  expect(second.status).toBe(304);
  await server.add(packChart({ name: "xposer", version: "1.0.0" }));
  expect(await etag()).not.toBe(first);
});

test("an index serves any text it is given", async () => {
  const server = await startPlainIndex();
  running.push(server);
  server.setIndex("<html>");
  expect(await (await fetch(`${server.url}/index.yaml`)).text()).toBe("<html>");
});

test("a registry refuses in the words of the distribution specification, and what it lacks with 501", async () => {
  const server = await startOciRegistry();
  running.push(server);
  const answer = async (path: string, method = "GET") => {
    const response = await fetch(`${server.url}${path}`, { method });
    const { errors }: { errors: { code: string }[] } = JSON.parse(await response.text());
    return [response.status, errors[0]?.code];
  };
  expect(await answer("/v2/a/manifests/1")).toEqual([404, "MANIFEST_UNKNOWN"]);
  expect(await answer("/v2/a/tags/list")).toEqual([404, "NAME_UNKNOWN"]);
  expect(await answer("/v2/a/blobs/uploads/", "POST")).toEqual([501, "UNSUPPORTED"]);
  expect(await answer("/v2/_catalog")).toEqual([501, "UNSUPPORTED"]);
});

test("a registry gives a token to whoever knows the password only", async () => {
  const server = await startOciRegistry({ auth: { kind: "token", username: "reader", password: "secret" } });
  running.push(server);
  const challenge = (await fetch(`${server.url}/v2/a/tags/list`)).headers.get("www-authenticate");
  expect(challenge).toBe(`Bearer realm="${server.url}/token",service="offline",scope="repository:a:pull"`);
  const token = (password: string) =>
    fetch(`${server.url}/token?service=offline&scope=repository:a:pull`, {
      headers: { authorization: `Basic ${Buffer.from(`reader:${password}`).toString("base64")}` },
    });
  expect((await token("wrong")).status).toBe(401);
  expect((await token("secret")).status).toBe(200);
});

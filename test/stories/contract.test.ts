// What the server says of itself to machines: the schemas that editors load, and the contract of its calls, which every story
// holds every request and answer against.

import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type Contract, judge } from "../../src/sandbox/contract/contract.ts";
import type { Exchange } from "../../src/sandbox/contract/exchanges.ts";
import { jsonSchemas } from "../../src/settings/json-schemas.ts";
import { live, testBed } from "./setting.ts";

test("an editor loads the schema of either file from the server", async () => {
  await live();
  for (const [name, schema] of jsonSchemas()) {
    const answer = await fetch(`${testBed.url()}/schema/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^application\/schema\+json/);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answer.json()).toEqual(schema);
  }
  expect((await fetch(`${testBed.url()}/schema/other.json`)).status).toBe(404);
});

async function contract(): Promise<Contract> {
  await live();
  return JSON.parse(await (await fetch(`${testBed.url()}/openapi.json`)).text());
}

test("every call is in the contract", async () => {
  const { paths } = await contract();
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls).toEqual(
    expect.arrayContaining([
      ...[
        "POST /publish",
        "GET /publishes/{id}",
        "POST /publish/harbor/{name}",
        "POST /publish/pubsub/{name}",
      ],
      ...["POST /museum/{repository}/api/charts", "POST /museum/{repository}/api/prov"],
      ...["POST /deployments/{id}/status", "POST /deployments/{id}/drift", "GET /deployers/{name}/watch"],
      ...["POST /api/github/webhooks", "GET /healthz", "GET /readyz", "GET /metrics", "GET /"],
      ...[
        "GET /schema/chart-promoter.json",
        "GET /schema/chart-promoter-defaults.json",
        "GET /schema/server.json",
      ],
      ...["GET /cli/chart-promoter.mjs", "GET /cli/chart-promoter.mjs.sha256"],
    ]),
  );
});

test("every call of the contract stands in the reference", async () => {
  const table = readFileSync("docs/reference.md", "utf8").split("## HTTP\n")[1]?.split("\n## ")[0] ?? "";
  const calls = Object.entries((await contract()).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  const isTold = ({ method, path }: { readonly method: string; readonly path: string }) => {
    const written = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
    const [, system = ""] = /^\/publish\/(\w+)\//.exec(path) ?? [];
    return table
      .split("\n")
      .filter((row) => row.includes(`\`${method} `))
      .some((row) => row.includes(written) || (system !== "" && new RegExp(`[{,]${system}[,}]`).test(row)));
  };
  expect(calls.length).toBeGreaterThan(20);
  expect(calls.filter((call) => !isTold(call))).toEqual([]);
});

test("what breaks the contract is seen", async () => {
  const promised = await contract();
  const exchange = (change: Partial<Exchange>): Exchange => ({
    ...{ method: "POST", path: "/publish", status: 202, mediaType: "application/json" },
    sent: Buffer.from('{"chart":"xposer","version":"1.0.0"}'),
    answered: Buffer.from('{"id":"1","state":"accepted","url":"/publishes/1"}'),
    ...change,
  });
  const found = (change: Partial<Exchange>) => judge(exchange(change), promised).found.join("\n");
  expect(found({})).toBe("");
  expect(found({ sent: Buffer.from('{"chart":"xposer"}') })).toContain("the request was taken, and /");
  expect(found({ sent: Buffer.from('{"chart":"xposer","version":"1.0.0","x":1}') })).toContain('"x"');
  expect(found({ answered: Buffer.from('{"id":"1","state":"done","url":""}') })).toContain("/state");
  expect(found({ status: 201 })).toBe("the status is not in the contract");
  expect(found({ status: 400 })).toContain("is not application/problem+json");
  expect(found({ path: "/secret" })).toBe("it is not in the contract");
  const problem = { status: 404, mediaType: "application/problem+json", answered: Buffer.from("{}") };
  expect(found({ path: "/nowhere", ...problem })).toContain("'detail'");
});

test("what really goes over the wire is held against it", async () => {
  await live();
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(testBed.brokenContract()).toEqual([]);
  expect([...testBed.seenCalls()]).toEqual(
    expect.arrayContaining(["POST /publish 202", "POST /api/github/webhooks 202"]),
  );
});

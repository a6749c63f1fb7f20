// An answer of GitHub's is whole and JSON, or it is none.

import { afterEach, expect, test } from "@jest/globals";
import { ProbotOctokit } from "probot";
import { AnswerReader } from "../../../src/adapters/github/api/answer-reader.ts";
import { parsePlainly } from "../../../src/adapters/github/api/plain-json.ts";
import { type Reply, type StandIn, startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
let server: StandIn | undefined;

afterEach(async () => {
  await server?.close();
});

async function answered(reply: Reply): Promise<unknown> {
  server = await startStandIn(() => reply);
  const octokit = new ProbotOctokit({
    baseUrl: server.url,
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  const answers = new AnswerReader();
  parsePlainly(octokit, (body) => answers.read(body, "acme"));
  return (await octokit.request("GET /it")).data;
}

test("what it says is read as it stands", async () => {
  const body = JSON.stringify({ text: "12345678901234567890", list: [1, null, { a: "é" }] });
  expect(await answered({ status: 200, headers: JSON_TYPE, body })).toEqual(JSON.parse(body));
});

test("a problem keeps its words", async () => {
  const request = answered({ status: 422, headers: JSON_TYPE, body: '{"message":"Not so."}' });
  await expect(request).rejects.toMatchObject({ status: 422, response: { data: { message: "Not so." } } });
});

test("what is no JSON stays text", async () => {
  expect(await answered({ status: 200, headers: { "content-type": "text/plain" }, body: "{" })).toBe("{");
});

test("nothing stays nothing", async () => {
  expect(await answered({ status: 204 })).toBe("");
  await server?.close();
  expect(await answered({ status: 202, headers: JSON_TYPE, body: "" })).toBe("");
});

test("what says that it is JSON, and is none, is no answer", async () => {
  const html = { status: 200, headers: JSON_TYPE, body: "<html>" };
  await expect(answered(html)).rejects.toThrow("JSON");
});

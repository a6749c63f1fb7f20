import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";

import { basic, type Running, startServer, XPOSER } from "../../support/http-server.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

let server: Running;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.stop());

function post(body: unknown, headers: { readonly [name: string]: string } = XPOSER): Promise<Response> {
  return fetch(`${server.url}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function signed(body: string, { id = "msg_1", at = new Date(), publisher = "web-pipeline" } = {}) {
  const key = publisher === "web-pipeline" ? "sesame open sesame!" : "open sesame";
  return {
    "x-publisher": publisher,
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(Buffer.from(key), { format: "raw" }).sign(id, at, body),
  };
}

describe("a publish", () => {
  test("is stored and marked before the 202 goes out", async () => {
    const answer = await post({
      chart: "xposer",
      version: "1.2.3",
      digest: DIGEST.toUpperCase().replace("SHA256", "sha256"),
      values: { "image.tag": "1.2.3", replicas: 2 },
      source: { repository: "https://github.com/stakater/xposer", revision: "4f2a", build: 17 },
    });
    expect(answer.status).toBe(202);
    const [stored] = server.records.all();
    expect(await answer.json()).toEqual({
      id: stored?.id,
      state: "accepted",
      url: `${server.url}/publishes/${stored?.id}`,
    });
    expect(stored).toMatchObject({
      chart: "xposer",
      version: "1.2.3",
      repository: "stakater",
      digest: DIGEST,
      values: { "image.tag": "1.2.3", replicas: 2 },
      source: { repository: "https://github.com/stakater/xposer", revision: "4f2a", build: "17" },
      publisher: "xposer-pipeline",
      at: new Date("2026-01-02T03:04:05Z"),
    });
    expect(server.marked).toEqual([stored]);
  });

  test("that was announced before is a 200 with the same id, and looked at again", async () => {
    const first = await (await post({ chart: "xposer", version: "1.2.3" })).json();
    const repeated = await post({ chart: "xposer", version: "1.2.3", digest: DIGEST });
    expect(repeated.status).toBe(200);
    expect(await repeated.json()).toEqual(first);
    expect(server.marked).toHaveLength(2);
  });

  test("with another digest than before is a 409", async () => {
    await post({ chart: "xposer", version: "1.2.3", digest: DIGEST });
    const other = await post({ chart: "xposer", version: "1.2.3", digest: DIGEST.replaceAll("ab", "cd") });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ code: "conflict", status: 409, title: "Conflict" });
  });

  test("that cannot be stored is a 503 with Retry-After, and says nothing of the database", async () => {
    server.records.broken = new Error("disk full at /var/lib/secret");
    const answer = await post({ chart: "xposer", version: "1.2.3" });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.text()).not.toContain("disk full");
    expect(server.lines.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "publish could not be stored",
      "request failed",
    ]);
  });

  test("that cannot be marked is not promised either", async () => {
    await server.stop();
    server = await startServer({ onPublish: () => Promise.reject(new Error("queue gone")) });
    expect((await post({ chart: "xposer", version: "1.2.3" })).status).toBe(503);
  });

  test("may come signed, with a secret of base64 or of plain bytes", async () => {
    const web = JSON.stringify({ chart: "web", version: "1.0.0" });
    expect((await post(web, signed(web))).status).toBe(202);
    const xposer = JSON.stringify({ chart: "xposer", version: "1.0.0" });
    expect((await post(xposer, signed(xposer, { publisher: "xposer-pipeline" }))).status).toBe(202);
  });

  test("with a webhook-id seen before gets the first answer again", async () => {
    const body = JSON.stringify({ chart: "web", version: "1.0.0" });
    const first = await (await post(body, signed(body, { id: "msg_7" }))).json();
    const second = await post(body, signed(body, { id: "msg_7" }));
    expect(second.status).toBe(200);
    expect(await second.json()).toEqual(first);
  });

  test("has a url as the caller reached the server, also through a proxy", async () => {
    await server.stop();
    server = await startServer({ settings: { proxies: ["127.0.0.1"] } });
    const answer = await post(
      { chart: "xposer", version: "1.2.3" },
      { ...XPOSER, "x-forwarded-proto": "https", "x-forwarded-host": "promoter.example.com" },
    );
    expect(await answer.json()).toMatchObject({
      url: expect.stringMatching(/^https:\/\/promoter\.example\.com\/publishes\//),
    });
  });
});

describe("who may announce", () => {
  const minute = 60_000;
  const body = JSON.stringify({ chart: "web", version: "1.0.0" });
  const good = signed(body);

  test.each<[string, { readonly [name: string]: string }]>([
    ["no credentials", {}],
    ["a wrong secret", basic("xposer-pipeline", "open says me")],
    ["an empty secret", basic("xposer-pipeline", "")],
    ["an unknown publisher", basic("nobody", "open sesame")],
    ["an unknown publisher with an empty secret", basic("nobody", "")],
    ["another scheme", { authorization: "Bearer open sesame" }],
    ["Basic that is not base64", { authorization: "Basic ?" }],
    ["a signature of another body", signed(`${body} `)],
    ["a signature older than five minutes", signed(body, { at: new Date(Date.now() - 6 * minute) })],
    ["a signature from the future", signed(body, { at: new Date(Date.now() + 6 * minute) })],
    ["a signature of another id", { ...good, "webhook-id": "msg_2" }],
    ["a signature of another publisher", { ...good, "x-publisher": "xposer-pipeline" }],
    ["a signature of an unknown publisher", { ...good, "x-publisher": "nobody" }],
    ["no signature but X-Publisher", { "x-publisher": "web-pipeline" }],
    ["a signature without its comma", { ...good, "webhook-signature": "v1" }],
    ["X-Publisher beside good Basic credentials", { ...XPOSER, "x-publisher": "web-pipeline" }],
  ])("%s: 401, logged once, nothing stored", async (_, headers) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    expect(await answer.json()).toMatchObject({ code: "unauthorized", help: expect.any(String) });
    expect(server.refusals().map(({ fields }) => fields["code"])).toEqual(["unauthorized"]);
    expect(server.records.all()).toEqual([]);
  });

  test.each([
    ["a chart of somebody else", { chart: "web", version: "1.0.0" }],
    ["a chart that only begins like its own", { chart: "xposerx", version: "1.0.0" }],
    ["a chart in another repository", { chart: "xposer", version: "1.0.0", repository: "other" }],
  ])("%s: 403, logged once, nothing stored", async (_, announcement) => {
    const answer = await post(announcement);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "forbidden", help: expect.any(String) });
    expect(server.refusals()).toHaveLength(1);
    expect(server.records.all()).toEqual([]);
  });

  test("secrets and signatures never reach the log", async () => {
    await post(body, good);
    await post(body, XPOSER);
    await post(body, basic("xposer-pipeline", "almost the secret"));
    const text = JSON.stringify(server.lines);
    expect(text).not.toMatch(/sesame|almost|v1,|Basic /);
    expect(server.lines.length).toBeGreaterThanOrEqual(3);
  });
});

describe("what is malformed", () => {
  const ok = { chart: "xposer", version: "1.2.3" };

  test.each<[string, unknown, string]>([
    ["nothing", "", "empty"],
    [
      "half a document",
      '{"chart": "xposer",\n  "version" 1}',
      'expected : but found "1" at line 2, column 13',
    ],
    ["a list", [], "The body must be an object"],
    ["no chart", { version: "1.2.3" }, "`chart` must be text"],
    ["no version", { chart: "xposer" }, "`version` must be text"],
    ["a version that is a number", { ...ok, version: 1.2 }, "`version` must be text"],
    ["a version that is a word", { ...ok, version: "latest" }, "`version` is not a semantic version"],
    ["a version of two parts", { ...ok, version: "1.2" }, "`version` is not a semantic version"],
    ["a version with four parts", { ...ok, version: "1.2.3.4" }, "`version` is not a semantic version"],
    ["a version with a leading zero", { ...ok, version: "1.02.3" }, "`version` is not a semantic version"],
    ["a version with a space", { ...ok, version: " 1.2.3" }, "`version` is not a semantic version"],
    ["a range", { ...ok, version: "^1.2.3" }, "`version` is not a semantic version"],
    ["a chart name that is a path", { ...ok, chart: "../xposer" }, "`chart` is not a chart name"],
    ["a chart name that is a folder", { ...ok, chart: ".." }, "`chart` is not a chart name"],
    [
      "a digest without its algorithm",
      { ...ok, digest: "ab".repeat(32) },
      "`digest` is not a SHA-256 digest",
    ],
    ["values that are a list", { ...ok, values: [1] }, "`values` must be an object"],
    ["a value said twice", { ...ok, values: { "a.b": 1, a: { b: 2 } } }, 'name "a.b" twice'],
    ["an unknown key", { ...ok, dijest: DIGEST }, "`dijest` is not known here"],
    ["an unknown key in source", { ...ok, source: { sha: "1" } }, "`source.sha` is not known here"],
    ["a source of two lines", { ...ok, source: { revision: "a\nSigned-off-by: b" } }, "one line"],
    ["a prototype", '{"chart":"xposer","version":"1.2.3","values":{"__proto__":{"a":1}}}', "__proto__"],
    ["a NUL", { ...ok, values: { a: "\u0000" } }, "NUL"],
    ["half a surrogate pair", { ...ok, values: { a: "\ud800" } }, "surrogate"],
    ["a number too large", '{"chart":"xposer","version":"1.2.3","values":{"a":1e999}}', "too large"],
    [
      "a number that would be rounded",
      '{"chart":"xposer","version":"1.2.3","values":{"a":12345678901234567890}}',
      "kept exactly",
    ],
    ["a deep nest", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "deeper"],
  ])("%s: 400 that says so", async (_, body, detail) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      code: "malformed",
      detail: expect.stringContaining(detail),
      help: expect.any(String),
    });
    expect(server.refusals()).toHaveLength(1);
  });

  test("every wrong part is told at once", async () => {
    const answer = await post({ chart: "", version: 1, more: true });
    expect(await answer.json()).toMatchObject({
      problems: [
        { message: "`chart` is not a chart name." },
        { message: "`version` must be text." },
        { message: "`more` is not known here." },
      ],
    });
  });

  test("a key with a slip says which was probably meant", async () => {
    const helps = await Promise.all(
      [{ dijest: DIGEST }, { source: { revison: "1" } }, { whatever: 1 }].map(async (more) => {
        const reply = await (await post({ chart: "xposer", version: "1.2.3", ...more })).json();
        return String(Object(reply).help).split("? ")[0];
      }),
    );
    expect(helps[0]).toBe("Did you mean `digest`");
    expect(helps[1]).toBe("Did you mean `revision`");
    expect(helps[2]).not.toContain("Did you mean");
  });

  test("a body that is not UTF-8: 400", async () => {
    const answer = await fetch(`${server.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", ...XPOSER },
      body: Buffer.from([0x7b, 0xff, 0x7d]),
    });
    expect(answer.status).toBe(400);
  });

  test.each([
    ["with a length", (size: number) => "x".repeat(size)],
    ["in chunks", (size: number) => new Blob(["x".repeat(size)]).stream()],
  ])("more than 1 MiB %s: 413", async (_, body) => {
    const answer = await fetch(`${server.url}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", ...XPOSER },
      body: body(2 ** 20 + 1),
      duplex: "half",
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "too-large", status: 413 });
  });

  test.each([["text/plain"], ["application/x-www-form-urlencoded"], ["multipart/form-data; boundary=x"]])(
    "%s: 415",
    async (type) => {
      const answer = await post(ok, { ...XPOSER, "content-type": type });
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({ code: "unsupported-media-type" });
    },
  );

  test("a chart version with v in front, a pre-release or build metadata is fine", async () => {
    for (const version of ["v1.2.3", "1.2.3-rc.1", "1.2.3+build.5"]) {
      expect((await post({ ...ok, version })).status).toBe(202);
    }
  });
});

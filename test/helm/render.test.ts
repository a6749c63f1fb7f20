// Real Helm in a folder of its own.

import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findHelm } from "../../src/helm/find-helm.ts";
import { type RenderInput, renderer } from "../../src/helm/render.ts";
import { checkValuesInTime } from "../../src/helm/values-check.ts";
import { helmBinary } from "../../src/sandbox/helm-binary.ts";
import { packChart } from "../../src/sandbox/museum/pack-chart.ts";

const template =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}-x }\ndata: { v: {{ .Values.v | quote }}, n: {{ .Release.Namespace }} }\n";

function umbrella(archive: Uint8Array, files: Readonly<Record<string, string>> = {}): RenderInput {
  const chart =
    "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n  - { name: x, version: 1.0.0, repository: 'https://charts.example.com' }\n";
  return {
    umbrellaFiles: new Map(
      Object.entries({ "Chart.yaml": chart, "values.yaml": "x: { v: from-values }\n", ...files }),
    ),
    archives: new Map([["x-1.0.0.tgz", archive]]),
    valuesFiles: Object.keys(files).filter((path) => path.endsWith(".yaml")),
    release: "shop",
  };
}

const packed = (files: Readonly<Record<string, string>>, values = "v: default\n"): Buffer =>
  packChart({ name: "x", version: "1.0.0", values, files });

describe("rendering with helm", () => {
  let helm = "";
  let scratch = "";
  beforeAll(async () => {
    helm = await helmBinary();
    scratch = await mkdtemp(join(tmpdir(), "render-test-"));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  async function rendered(input: RenderInput, program = helm, timeoutMs = 20_000): Promise<string> {
    const result = await renderer(program, { timeoutMs })?.render(input);
    return result?.ok === false
      ? result.problems.map(({ code, message }) => `${code}: ${message}`).join()
      : (result?.value ?? "");
  }

  test("takes the environment's values, later files winning", async () => {
    const text = await rendered({
      ...umbrella(packed({ "templates/a.yaml": template }), { "prod.yaml": "x: { v: from-prod }" }),
      namespace: "shop-prod",
    });
    expect(text).toContain('v: "from-prod"');
    expect(text).toContain("n: shop-prod");
  });

  test("says what Helm says when it fails", async () => {
    expect(await rendered(umbrella(packed({ "templates/a.yaml": '{{ fail "no domain" }}' })))).toMatch(
      /^manifest-invalid: .*no domain/s,
    );
  });

  test("shows custom resource definitions, and a lookup finds nothing", async () => {
    const text = await rendered(
      umbrella(
        packed({
          "crds/a.yaml": "kind: CustomResourceDefinition\n",
          "templates/b.yaml": 'found: {{ lookup "v1" "Secret" "" "x" | len }}\n',
        }),
      ),
    );
    expect(text).toContain("kind: CustomResourceDefinition");
    expect(text).toContain("found: 0");
  });

  test("fetches nothing for a schema, and leaves the schema to us", async () => {
    const text = await rendered(
      umbrella(
        packed({
          "values.schema.json": '{"$ref":"http://127.0.0.1:9/schema.json"}',
          "templates/a.yaml": template,
        }),
      ),
    );
    expect(text).toContain("kind: ConfigMap");
  });

  test("is stopped when it takes too long, with everything it started", async () => {
    const slow = join(scratch, "slow");
    await writeFile(slow, "#!/bin/sh\nsleep 60 &\nwait\n");
    await chmod(slow, 0o755);
    const begun = Date.now();
    expect(await rendered(umbrella(packed({})), slow, 300)).toMatch(
      /^too-slow: helm template had not finished after 0.3 seconds/,
    );
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test("is stopped when it prints without end", async () => {
    const loud = join(scratch, "loud");
    await writeFile(loud, "#!/bin/sh\nexec yes 'a long line of output that goes on and on'\n");
    await chmod(loud, 0o755);
    expect(await rendered(umbrella(packed({})), loud)).toMatch(/^too-large: /);
  });

  test("says so when the program is not there", async () => {
    expect(await rendered(umbrella(packed({})), join(scratch, "nothing"))).toMatch(
      /^unavailable: helm could not be started/,
    );
    expect(renderer(undefined)).toBeUndefined();
  });

  test("sees no environment of ours", async () => {
    const spy = join(scratch, "spy");
    await writeFile(spy, "#!/bin/sh\nenv\n");
    await chmod(spy, 0o755);
    process.env["SECRET_OF_OURS"] = "hidden";
    const text = await rendered(umbrella(packed({})), spy);
    expect(text).toContain("HELM_CACHE_HOME=");
    expect(text).not.toContain("SECRET_OF_OURS");
  });

  test("writes nothing outside its folder and leaves nothing behind", async () => {
    const before = await folders();
    expect(await rendered(umbrella(packed({}), { "../../escaped": "x" }))).toMatch(
      /^manifest-invalid: The path ..\/..\/escaped leads out/,
    );
    expect(await folders()).toEqual(before);
  });

  async function folders(): Promise<readonly string[]> {
    return (await readdir(tmpdir())).filter((name) => name.startsWith("chart-promoter-helm-"));
  }

  test("is found on the path, or not", async () => {
    await writeFile(join(scratch, "helm"), "#!/bin/sh\n");
    await chmod(join(scratch, "helm"), 0o755);
    expect(await findHelm(`/nowhere:${scratch}`)).toBe(join(scratch, "helm"));
    expect(await findHelm("/nowhere")).toBeUndefined();
  });
});

describe("trying a schema in time", () => {
  const values = (schema: object, value: unknown) => ({
    schema: JSON.stringify(schema),
    defaults: "",
    keys: ["x"],
    valuesFiles: [{ path: "values.yaml", text: JSON.stringify({ x: { a: value } }) }],
  });

  test("gives the errors", async () => {
    expect(await checkValuesInTime(values({ properties: { a: { type: "integer" } } }, "text"))).toEqual({
      kind: "checked",
      errors: [{ key: "x", path: ["a"], message: "must be integer" }],
    });
  });

  test("is ended when a pattern runs for ever", async () => {
    const verdict = await checkValuesInTime(
      values({ properties: { a: { pattern: "^(a+)+$" } } }, `${"a".repeat(60)}!`),
      1_000,
    );
    expect(verdict).toEqual({ kind: "unchecked", because: "trying it took longer than 1 seconds" });
  });

  test("is ended when it takes all memory", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `d${index}`,
        { allOf: Array.from({ length: 8 }, () => ({ $ref: `#/$defs/d${index + 1}` })) },
      ]),
    );
    const verdict = await checkValuesInTime(
      values({ $defs: { ...many, d12: { not: {} } }, $ref: "#/$defs/d0" }, 1),
      4_000,
    );
    expect(verdict.kind).toBe("unchecked");
  });
});

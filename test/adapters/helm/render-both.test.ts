// Real Helm in folders of its own: an environment before and after a change.

import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { UmbrellaInput } from "../../../src/adapters/helm/chart-folder.ts";
import { findHelm } from "../../../src/adapters/helm/find-helm.ts";
import { type BothSides, renderBoth } from "../../../src/adapters/helm/render-both.ts";
import { checkValuesInTime } from "../../../src/adapters/helm/values-check.ts";
import type { Rendered, RenderedSide } from "../../../src/domain/pull-request-body/facts.ts";
import { templateAsks } from "../../../src/domain/pull-request-body/rendering/template-asks.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { helmBinary } from "../../../src/sandbox/helm-binary.ts";

const TEMPLATE =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}-x }\ndata: { v: {{ .Values.v | quote }}, n: {{ .Release.Namespace }} }\n";
const CHART =
  "apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n  - { name: x, version: 1.0.0, repository: 'https://charts.example.com' }\n";

type Texts = Readonly<Record<string, string>>;

interface Case {
  /** Files of the chart `x`. */
  readonly chart?: Texts;
  /** The chart as it was; default: as it is. */
  readonly old?: Texts;
  /** Files of the umbrella chart; YAML files are values files. */
  readonly files?: Texts;
  readonly cluster?: Partial<BothSides["cluster"]>;
}

function sidesOf({ chart = {}, old = chart, files = {}, cluster = {} }: Case): BothSides {
  const side = (templates: Texts): UmbrellaInput => ({
    umbrellaFiles: new Map(
      Object.entries({ "Chart.yaml": CHART, "values.yaml": "x: { v: from-values }\n", ...files }),
    ),
    archives: new Map([
      ["x-1.0.0.tgz", packChart({ name: "x", version: "1.0.0", values: "v: default\n", files: templates })],
    ]),
    valuesFiles: Object.keys(files).filter((path) => path.endsWith(".yaml")),
  });
  return {
    before: side(old),
    after: side(chart),
    cluster: { release: "shop", namespace: "shop", apiVersions: [], ...cluster },
    asks: templateAsks([...Object.values(old), ...Object.values(chart)]),
    untriedSchemas: [],
  };
}

describe("rendering with helm", () => {
  let helm = "";
  let scratch = "";
  beforeAll(async () => {
    helm = await helmBinary();
    scratch = await mkdtemp(join(tmpdir(), "render-test-"));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  const render = (about: Case): Promise<Rendered> => renderBoth(helm, sidesOf(about));

  /** What the new version renders, or Helm's words. */
  async function rendered(about: Case): Promise<string> {
    const whole = await render(about);
    return whole.kind === "rendered" ? textOf(whole.after) : whole.because;
  }

  function textOf(side: RenderedSide): string {
    return side.kind === "rendered" ? side.first : side.message;
  }

  /** Says its version as helm does: whether it starts in its confinement is tried with that. */
  async function program(name: string, script: string): Promise<string> {
    const file = join(scratch, name);
    await writeFile(file, `#!/bin/sh\n[ "$1" = version ] && exit 0\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  test("takes the environment's values, later files winning, its release and its namespace", async () => {
    const text = await rendered({
      chart: { "templates/a.yaml": TEMPLATE },
      files: { "prod.yaml": "x: { v: from-prod }" },
      cluster: { release: "front", namespace: "shop-prod" },
    });
    expect(text).toContain('v: "from-prod"');
    expect(text).toContain("name: front-x");
    expect(text).toContain("n: shop-prod");
  });

  test("says what Helm says when a template fails", async () => {
    const whole = await render({ chart: { "templates/a.yaml": '{{ fail "no domain" }}' } });
    expect(whole).toMatchObject({
      kind: "rendered",
      after: { kind: "failed", message: expect.stringMatching(/^execution error at .*no domain$/) },
    });
  });

  test("puts custom resource definitions in the second rendering only, and a lookup finds nothing", async () => {
    const whole = await render({
      chart: {
        "crds/a.yaml": "kind: CustomResourceDefinition\n",
        "templates/b.yaml": 'found: {{ lookup "v1" "Secret" "" "x" | len }}\n',
      },
    });
    const after = whole.kind === "rendered" ? whole.after : undefined;
    const [first, second] = after?.kind === "rendered" ? [after.first, after.second] : [];
    expect(first).not.toContain("kind: CustomResourceDefinition");
    expect(first).toContain("found: 0");
    expect(second).toContain("kind: CustomResourceDefinition");
  });

  test("renders in spite of a schema that refuses the values, and says what it refuses", async () => {
    const schema = '{"type":"object","properties":{"v":{"type":"integer"}}}';
    const chart = { "values.schema.json": schema, "templates/a.yaml": TEMPLATE };
    expect(await render({ chart, old: { "templates/a.yaml": TEMPLATE } })).toMatchObject({
      before: { kind: "rendered", refused: [] },
      after: {
        kind: "rendered",
        first: expect.stringContaining("kind: ConfigMap"),
        refused: [{ chart: "x", path: ["v"], message: "got string, want integer" }],
      },
    });
  });

  test("fetches nothing for a schema, and says that it is not tried", async () => {
    const chart = {
      "values.schema.json": '{"$ref":"http://127.0.0.1:9/schema.json"}',
      "templates/a.yaml": TEMPLATE,
    };
    const because = "it refers to http://127.0.0.1:9/schema.json, and nothing is ever fetched for a schema";
    expect(await render({ chart })).toMatchObject({
      after: { kind: "rendered", refused: [], untried: [{ chart: "x", because }] },
    });
  });

  test("takes both versions for an installation where one renders only so", async () => {
    const guarded = `{{ if .Release.IsUpgrade }}{{ if not (lookup "v1" "Secret" "" "x") }}{{ fail "PASSWORDS ERROR" }}{{ end }}{{ end }}\n${TEMPLATE}`;
    const mode = "as: {{ .Release.IsUpgrade }}\n";
    const whole = await render({
      chart: { "templates/a.yaml": guarded, "templates/b.yaml": mode },
      old: { "templates/b.yaml": mode },
    });
    expect(whole).toMatchObject({
      as: { kind: "installation", lookups: true, after: expect.stringContaining("PASSWORDS ERROR") },
    });
    const before = whole.kind === "rendered" ? textOf(whole.before) : "";
    expect(before).toContain("as: false");
    expect(await rendered({ chart: { "templates/b.yaml": mode } })).toContain("as: true");
  });

  test("gives templates the API versions that are stated, and renders again with those that are not", async () => {
    const asks = (name: string) => `{{ if .Capabilities.APIVersions.Has "${name}" }}has: ${name}{{ end }}\n`;
    const chart = {
      "templates/a.yaml": asks("a.example.com/v1/Thing"),
      "templates/b.yaml": asks("b.example.com/v1"),
      "templates/c.yaml": asks("apps/v1/Deployment"),
    };
    const whole = await render({ chart, cluster: { apiVersions: ["a.example.com/v1"] } });
    expect(whole).toMatchObject({ unstated: ["b.example.com/v1"] });
    const after = whole.kind === "rendered" && whole.after.kind === "rendered" ? whole.after : undefined;
    expect(after?.first.match(/has: \S+/g)).toEqual([
      "has: a.example.com/v1/Thing",
      "has: apps/v1/Deployment",
    ]);
    expect(after?.withUnstated?.[0]).toContain("has: b.example.com/v1");
  });

  test("renders for the stated Kubernetes version", async () => {
    const chart = { "templates/a.yaml": "kube: {{ .Capabilities.KubeVersion.Minor }}\n" };
    expect(await rendered({ chart, cluster: { kubeVersion: "1.29" } })).toContain("kube: 29");
    expect(await render({ chart })).toMatchObject({ kubeVersionAssumed: true });
  });

  test("is stopped when it takes too long, with everything it started", async () => {
    const slow = await program("slow", "sleep 60 &\nwait");
    const begun = Date.now();
    expect(await renderBoth(slow, sidesOf({}), { timeoutMs: 300 })).toEqual({
      ...{ kind: "not-rendered", why: "gave-up" },
      because: "helm template had not finished after 0.3 seconds",
    });
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test("is stopped when it prints without end", async () => {
    const loud = await program("loud", "exec yes 'a long line of output that goes on and on'");
    expect(await renderBoth(loud, sidesOf({}))).toMatchObject({
      because: "helm template printed more than 32 MiB",
    });
  });

  test("says so when the program is not there", async () => {
    expect(await renderBoth(join(scratch, "nothing"), sidesOf({}))).toMatchObject({
      because: expect.stringMatching(/^helm could not be started/),
    });
  });

  test("sees no environment of ours", async () => {
    const spy = await program("spy", "env");
    process.env["SECRET_OF_OURS"] = "hidden";
    const whole = await renderBoth(spy, sidesOf({}));
    const text = whole.kind === "rendered" ? textOf(whole.after) : "";
    expect(text).toContain("HELM_CACHE_HOME=");
    expect(text).not.toContain("SECRET_OF_OURS");
  });

  test("writes nothing outside its folder and leaves nothing behind", async () => {
    const before = await folders();
    expect(await rendered({ files: { "../../escaped": "x" } })).toMatch(
      /^The path ..\/..\/escaped leads out/,
    );
    expect(await folders()).toEqual(before);
  });

  async function folders(): Promise<readonly string[]> {
    return (await readdir(tmpdir())).filter((name) => name.startsWith("chart-promoter-helm-"));
  }

  test("is found on the path, or not", async () => {
    const helmHere = await program("helm", "");
    expect(await findHelm(`/nowhere:${scratch}`)).toBe(helmHere);
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

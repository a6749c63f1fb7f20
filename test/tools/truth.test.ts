// Whether `npm run truth` finds what is false and what is missed: a small step, its true text, and the same text altered.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { judge, type Truth, truthOf } from "../../src/tools/truth/judge.ts";
import { triplesIn } from "../../src/tools/truth/triple.ts";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "shop/web:{{ .Chart.Version }}" }] }
`;
const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: web }
data: { password: {{ randAlphaNum 12 | b64enc }} }
`;

const FILES: { readonly [path: string]: string } = {
  "old/Chart.yaml": "{ apiVersion: v2, name: web, version: 1.0.0 }",
  "old/values.yaml": "replicas: 3\ndebug: false\n",
  "old/templates/web.yaml": DEPLOYMENT,
  "old/templates/secret.yaml": SECRET,
  "old/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n",
  "new/Chart.yaml": "{ apiVersion: v2, name: web, version: 2.0.0 }",
  "new/values.yaml": "replicas: 1\n",
  "new/templates/web.yaml": DEPLOYMENT,
  "new/templates/secret.yaml": SECRET,
  "environment/Chart.yaml":
    "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- { name: web, version: 1.0.0, repository: https://charts.example.com }\n",
  "environment/values.yaml": "web: { debug: true }\n",
};

const TEXT = `**\`web\`** \`1.0.0\` → \`2.0.0\` in **\`environment\`** · **major**

> [!CAUTION]
> - You set \`web.debug\` (\`values.yaml:1\`), which \`2.0.0\` no longer has: rendering without makes no difference.

> [!WARNING]
> - \`Deployment\` \`web\` lowers \`replicas\` from 3 to 1.
> - \`ConfigMap\` \`web\` is removed.

- Restarts the pods of \`Deployment\` \`web\`.
- Images: \`shop/web\` \`1.0.0\` → \`2.0.0\`.
- In the cluster: 1 removed, 1 changed.

- Left out, since every rendering makes it anew (passwords, certificates, their checksums, times): \`data.password\` of \`Secret\` \`web\`.

<details>
<summary><b>Default values</b>: 1 removed, 1 changed, 1 of them set here</summary>

| Key | was | will be | here |
|---|---|---|---|
| \`debug\` | \`false\` | **gone** | set to \`true\` |
| \`replicas\` | \`3\` | \`1\` |  |

</details>

<details>
<summary><b>Rendered manifests</b>: 1 removed, 1 changed</summary>

Left out: labels that carry the chart's version.

**Removed** \`ConfigMap\` \`web\`

**Changed** \`Deployment\` \`web\`

\`\`\`diff
-  replicas: 3
+  replicas: 1
-        - image: shop/web:1.0.0
+        - image: shop/web:2.0.0
\`\`\`

</details>
`;

/** Real Helm, a dozen times. */
const SLOW_MS = 120_000;

let scratch = "";
let truth: Truth;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "truth-test-"));
  for (const [path, content] of Object.entries(FILES)) {
    const file = join(scratch, "step", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const [only, ...others] = await triplesIn(scratch);
  if (only === undefined || others.length > 0) throw new Error("there is one triple");
  truth = await truthOf(only);
}, SLOW_MS);

afterAll(() => rm(scratch, { recursive: true, force: true }));

test("a true text is neither false nor misses anything", () => {
  const { stated, ...verdict } = judge({ body: TEXT, check: "success" }, truth);
  expect(verdict).toEqual({ true: stated, false: [], missed: [] });
  expect(stated).toBeGreaterThan(15);
});

const DEPLOYMENT_RISK = "> - `Deployment` `web` lowers `replicas` from 3 to 1.\n";

test.each([
  [
    "a count",
    "1 removed, 1 changed.",
    "2 changed.",
    ["count: 2 changed"],
    ["count: 1 removed", "count: 1 changed"],
  ],
  [
    "an image",
    "`1.0.0` → `2.0.0`.",
    "`1.0.0` → `2.0.1`.",
    ["image: shop/web 1.0.0 → 2.0.1"],
    ["image: shop/web 1.0.0 → 2.0.0"],
  ],
  [
    "a number in a risk",
    "from 3 to 1",
    "from 3 to 2",
    ["fewer: Deployment web replicas 3 → 2"],
    ["fewer: Deployment web replicas 3 → 1"],
  ],
  ["a risk that is not told", DEPLOYMENT_RISK, "", [], ["fewer: Deployment web replicas 3 → 1"]],
  [
    "a risk that is none",
    "> - `ConfigMap` `web` is",
    "> - `Secret` `web` is removed.\n> - `ConfigMap` `web` is",
    ["gone: Secret web"],
    [],
  ],
  ["a default", "| `3` | `1` |", "| `3` | `2` |", ["default: replicas 3 → 2"], ["default: replicas 3 → 1"]],
  [
    "a line of a difference",
    "+  replicas: 1",
    "+  replicas: 2",
    ["line + Deployment web: replicas: 2"],
    ["line + Deployment web: replicas: 1"],
  ],
  [
    "a line that is left out",
    "+        - image: shop/web:2.0.0\n",
    "",
    [],
    ["line + Deployment web: image: shop/web:2.0.0"],
  ],
  ["what chance makes", "`data.password`", "`data.user`", ["made anew: data.user of Secret web"], []],
  [
    "words that nobody knows",
    "is removed.",
    "may be removed.",
    ["not understood: ¤ ¤ may be removed (ConfigMap, web)"],
    ["gone: ConfigMap web"],
  ],
])("%s is found", (_, right, ...[wrong, untrue, untold]) => {
  const body = TEXT.replace(right, () => wrong);
  expect(body).not.toBe(TEXT);
  const verdict = judge({ body, check: "success" }, truth);
  expect(verdict).toMatchObject({ false: untrue, missed: untold });
});

test("a check that says otherwise than Helm is found", () => {
  const { false: untrue, missed } = judge({ body: TEXT, check: "failure" }, truth);
  expect([untrue, missed]).toEqual([["check: failure"], ["check: success"]]);
});

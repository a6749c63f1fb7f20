// What the environment's values hold under a secret's name is hidden wherever it comes out; short words and names are not.

import { describe, expect, test } from "@jest/globals";
import { code, codeElement, fence, text } from "../../../../src/domain/pull-request-body/markdown/escape.ts";
import { secretHider } from "../../../../src/domain/pull-request-body/redaction/hide-secrets.ts";
import { secretsIn } from "../../../../src/domain/pull-request-body/redaction/secrets.ts";

const found = (values: string, names: readonly string[] = []): readonly string[] => [
  ...secretsIn([{ path: "values.yaml", text: values }], new Set(names)),
];

describe("secrets in values", () => {
  test.each([
    ["a password", "x: { password: hunter2hunter2 }", ["hunter2hunter2"]],
    ["deep below other keys", "x: { auth: { admin: { dbPassword: abc-123 } } }", ["abc-123"]],
    ["a list below a secret's name", "tokens: [tok-1234, tok-5678]", ["tok-1234", "tok-5678"]],
    [
      "a map below a secret's name",
      "credentials: { user: admin-1, url: x.example.com/y, one: abc-123 }",
      ["abc-123"],
    ],
    ["a number", "pin: { passcode: 12345678 }", ["12345678"]],
    [
      "keys of many names",
      "{ apiKey: ab12cd34, license: { key: LIC-0001 }, ssh-key: AAAA1111 }",
      ["ab12cd34", "LIC-0001", "AAAA1111"],
    ],
    [
      "lines of a private key",
      'tls: { privateKey: "-----BEGIN KEY-----\\nMIIEabcdefgh12345678\\n-----END KEY-----" }',
      ["MIIEabcdefgh12345678"],
    ],
    ["no short word", "{ password: root, token: abc, secret: postgres }", []],
    [
      "no reference to a resource",
      "{ existingSecret: my-secret, secretName: other, tokenSecret: kept-1 }",
      [],
      ["kept-1"],
    ],
    [
      "no key of a label",
      "{ topologyKey: kubernetes.io/hostname, tolerations: [{ key: example.com/gpu }] }",
      [],
    ],
    ["nothing of a file that is no YAML", "password: [", []],
  ])("%s", (...[, values, expected, names]) => expect(found(values, names)).toEqual(expected));
});

describe("a secret in a text", () => {
  const secret = "s3cr3t'\"$_x";
  const hide = secretHider(new Set([secret, "abc123", "line-of-a-long-secret-0123456789"]));

  test.each([
    ["plainly", `x ${secret} y`, "x •••••• y"],
    ["in a code span", code(`--password=${secret}`), "`--password=••••••`"],
    ["escaped for Markdown", text(`a ${secret} b`), "a •••••• b"],
    ["as an element", codeElement(`a ${secret}`), "<code>a ••••••</code>"],
    [
      "in a diff",
      fence("diff", `+ password: '${secret.replaceAll("'", "''")}'`),
      "```diff\n+ password: '••••••'\n```",
    ],
    ["in JSON", JSON.stringify({ a: secret }), '{"a":"••••••"}'],
    ["in base64", `data: ${btoa(secret)}`, "data: ••••••"],
    [
      "in base64 of more",
      `Basic ${btoa(`admin:${secret}`)}; ${btoa(`a:${secret}!`)}; ${btoa(`${secret}!!`)}`,
      "Basic YWRtaW46••••••; YTp••••••CE=; ••••••ghIQ==",
    ],
    ["percent-encoded", `?p=${encodeURIComponent(secret)}&q=1`, "?p=••••••&q=1"],
    ["a short one as a word", "abc123, (abc123) xabc123 abc1234", "••••••, (••••••) xabc123 abc1234"],
    ["a long one within a word", "xline-of-a-long-secret-0123456789y", "x••••••y"],
    ["cut off", "`line-of-a-long-sec…`", "`••••••…`"],
    [
      "a login in an address",
      "postgres://u:p@db:5432/x, https://user:pa%40ss@example.com",
      "postgres://••••••@db:5432/x, https://••••••@example.com",
    ],
    ["no name alone in an address", "ssh://git@example.com/x", "ssh://git@example.com/x"],
    ["no address with an at sign behind", "https://example.com/@scope/a:b", "https://example.com/@scope/a:b"],
  ])("%s", (...[, given, shown]) => expect(hide(given)).toBe(shown));

  test("takes time in proportion to the text, however many secrets there are", () => {
    const secrets = new Set(
      Array.from({ length: 5_000 }, (_, index) => `aaaaaa${index}-${"b".repeat(index % 40)}`),
    );
    const hide = secretHider(secrets);
    const msFor = (length: number) => {
      const spent = () => process.cpuUsage().user / 1_000;
      const tries = [1, 2, 3].map(() => {
        const start = spent();
        hide("a".repeat(length));
        return spent() - start;
      });
      return Math.min(...tries);
    };
    msFor(50_000);
    // Four times the text; a quadratic one would take sixteen times as long.
    expect(msFor(200_000)).toBeLessThan(9 * Math.max(msFor(50_000), 1));
  });
});

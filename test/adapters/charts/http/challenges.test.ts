// WWW-Authenticate, as registries and proxies in front of them write it.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseChallenges } from "../../../../src/adapters/charts/http/challenges.ts";

function parsed(header: string): readonly unknown[] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

const GITEA_REALM = "https://gitea.example.com/v2/token";

test.each<[string, string, readonly unknown[]]>([
  ["one", 'Basic realm="x"', [["basic", { realm: "x" }]]],
  [
    "a token service",
    'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a/b:pull,push"',
    [
      [
        "bearer",
        { realm: "https://auth.example.com/token", service: "registry", scope: "repository:a/b:pull,push" },
      ],
    ],
  ],
  [
    "two, as Gitea and Forgejo offer them",
    `Bearer realm="${GITEA_REALM}",service="container_registry",scope="*", Basic realm="${GITEA_REALM}",service="container_registry",scope="*"`,
    [
      ["bearer", { realm: GITEA_REALM, service: "container_registry", scope: "*" }],
      ["basic", { realm: GITEA_REALM, service: "container_registry", scope: "*" }],
    ],
  ],
  [
    "Negotiate before another",
    'Negotiate, Basic realm="x"',
    [
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ],
  ],
  [
    "a token of its own before another",
    'Negotiate a87421000492aa874209af8bc028==, Basic realm="x"',
    [
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ],
  ],
  ["a scheme alone", "Basic", [["basic", {}]]],
  [
    "the example of RFC 9110",
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    [
      ["basic", { realm: "simple" }],
      ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
    ],
  ],
  ["spaces around equals signs", 'BEARER realm = "x" , scope= "y"', [["bearer", { realm: "x", scope: "y" }]]],
  [
    "an address without quotes",
    "Bearer realm=https://a/b?c,service=s",
    [["bearer", { realm: "https://a/b?c", service: "s" }]],
  ],
  ["empty elements", ', ,Basic realm="x",,', [["basic", { realm: "x" }]]],
  ["a word that breaks off", 'Bearer realm="x', [["bearer", {}]]],
  ["nothing", "", []],
])("%s", (...[, header, expected]) => {
  expect(parsed(header)).toEqual(expected);
});

test("whatever challenges there are, written by the grammar, come back", () => {
  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
  const parameters = fc.uniqueArray(fc.tuple(token, fc.string({ unit: "binary-ascii" })), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(token, parameters), { maxLength: 4 }), (challenges) => {
      const header = challenges.map(
        ([scheme, given]) =>
          `${scheme} ${given.map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, "\\$&")}"`).join(", ")}`,
      );
      expect(parsed(header.join(", "))).toEqual(
        challenges.map(([scheme, given]) => [
          scheme.toLowerCase(),
          Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
        ]),
      );
    }),
  );
});

test("a long header is read in no time", () => {
  const started = performance.now();
  for (const header of [
    "Bearer ".repeat(20_000),
    `Basic realm="${"\\".repeat(100_000)}`,
    "a=".repeat(50_000),
  ])
    parseChallenges(header);
  expect(performance.now() - started).toBeLessThan(500);
});

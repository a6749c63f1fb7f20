// Helm's words as Helm 4.1 prints them, but where an older one is named.

import { describe, expect, test } from "@jest/globals";
import {
  helmWords,
  readSchemaWords,
  readTemplateFault,
} from "../../../../src/domain/pull-request-body/rendering/helm-words.ts";

const HEAD = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\n";

type Refused = readonly [chart: string, path: readonly string[], message: string];

function refusedIn(words: string): readonly Refused[] | undefined {
  return readSchemaWords(words)?.refused.map(({ chart, path, message }) => [chart, path, message]);
}

describe("what a schema refuses", () => {
  test.each<[string, string, readonly Refused[]]>([
    [
      "a type",
      "web:\n- at '/replicas': got string, want integer\n",
      [["web", ["replicas"], "got string, want integer"]],
    ],
    [
      "what is missing, each by its name",
      "web:\n- at '/db': missing properties 'host', 'port'\n",
      [
        ["web", ["db", "host"], "is required"],
        ["web", ["db", "port"], "is required"],
      ],
    ],
    [
      "what is too much, with a quote in its name",
      "web:\n- at '': additional properties 'it\\'s', 'db' not allowed\n",
      [
        ["web", ["db"], "is not a known key"],
        ["web", ["it's"], "is not a known key"],
      ],
    ],
    [
      "a key with a slash and a tilde",
      "web:\n- at '/a~1b~0c': got number, want string\n",
      [["web", ["a/b~c"], "got number, want string"]],
    ],
    [
      "alternatives, none of which fits",
      "web:\n- at '/x': 'anyOf' failed\n  - at '/x': got array, want string\n  - at '/x': got array, want integer\n",
      [["web", ["x"], "'anyOf' failed; at '/x': got array, want string; at '/x': got array, want integer"]],
    ],
    [
      "several charts",
      "web:\n- at '/a': got string, want integer\ndb:\n- at '/b': got null, want object\n",
      [
        ["web", ["a"], "got string, want integer"],
        ["db", ["b"], "got null, want object"],
      ],
    ],
    [
      "always in one order, since Go has none",
      "web:\n- at '/b': got string, want integer\n- at '/a': got string, want integer\n",
      [
        ["web", ["a"], "got string, want integer"],
        ["web", ["b"], "got string, want integer"],
      ],
    ],
    [
      "in the words of Helm before 3.18.5",
      "web:\n- db.replicas: Invalid type. Expected: integer, given: string\n- (root): host is required\n",
      [
        ["web", ["db", "replicas"], "Invalid type. Expected: integer, given: string"],
        ["web", [], "host is required"],
      ],
    ],
    [
      "in words that nobody knows",
      "web:\nsomething else is wrong\n",
      [["web", [], "something else is wrong"]],
    ],
  ])("is %s", (_, words, refused) => {
    expect(refusedIn(HEAD + words)).toEqual(refused);
  });

  test("is not known of a schema that would have to be fetched, and the charts behind it are read", () => {
    const unreachable =
      "web:\nfailing loading \"https://schemas.example.com/a.json\": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refuseddb:\n- at '/b': got null, want object\n";
    expect(readSchemaWords(HEAD + unreachable)).toEqual({
      refused: [{ chart: "db", path: ["b"], message: "got null, want object" }],
      untried: [
        {
          chart: "web",
          because:
            "it refers to https://schemas.example.com/a.json, and nothing is ever fetched for a schema",
        },
      ],
    });
  });

  test("is nothing when Helm speaks of something else", () => {
    expect(readSchemaWords("Error: chart requires kubeVersion: >=1.99.0\n")).toBeUndefined();
  });
});

describe("the value that a failing template names", () => {
  const CHAIN = [
    "prod/charts/web/templates/a.yaml:1:3",
    '  executing "prod/charts/web/templates/a.yaml" at <include "web.name" .>:',
    "    error calling include:",
    "prod/charts/web/templates/_h.tpl:1:61",
    '  executing "web.name" at <.Values.ingress.host>:',
    "    nil pointer evaluating interface {}.host",
  ].join("\n");

  test.each([
    ["is the last of a chain of calls", CHAIN, { charts: ["prod", "web"], path: ["ingress", "host"] }],
    [
      "is one of a subchart",
      'prod/charts/web/charts/db/templates/x.yaml:1:13\n  executing "x" at <.Values.db.size>:\n    nil pointer',
      { charts: ["prod", "web", "db"], path: ["db", "size"] },
    ],
    [
      "is one among the words of an expression",
      'execution error at (prod/templates/x.yaml:1:3): at <required "host" .Values.host>: host',
      { charts: ["prod"], path: ["host"] },
    ],
    [
      "is none in words of the chart's own",
      "execution error at (prod/templates/x.yaml:1:3): no more",
      undefined,
    ],
    ["is none without a template", "at <.Values.host>: nil pointer", undefined],
  ])("%s", (_, message, fault) => {
    expect(readTemplateFault(message)).toEqual(fault);
  });
});

test.each([
  ["Error: ", "Error: parse error at (web/templates/a.yaml:1)\n", "parse error at (web/templates/a.yaml:1)"],
  ["the hint for a terminal", "Error: no\n\nUse --debug flag to render out invalid YAML\n", "no"],
  [
    "what Helm logs",
    "level=WARN msg=unused\nwalk.go:75: found symbolic link\nWARNING: old\nError: no\n",
    "no",
  ],
  ["no line of a chart's own", "Error: execution error: a\nb\n", "execution error: a\nb"],
])("Helm's words are told without %s", (_, stderr, words) => {
  expect(helmWords(stderr)).toBe(words);
});

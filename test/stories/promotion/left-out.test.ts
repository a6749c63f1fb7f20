// GitHub's schema lets nearly everything be null. One place of one answer after the other is, while a repository is looked at in every
// way: nothing is written that is not so, and it is looked at again.

import { afterAll, expect, test } from "@jest/globals";
import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from "graphql";
import { githubSchema } from "../../../src/sandbox/github/graphql/schema.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, pass, published, testBed } from "../setting.ts";

const ROUNDS = 40;
const LATER_MS = 30_000;
const { fetch } = globalThis;
afterAll(() => {
  globalThis.fetch = fetch;
});

/** Paths in an answer to the document that the schema lets be null, with `*` for the place in a list. */
function nullable(document: string): ReadonlySet<string> {
  const { definitions } = parse(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const schema = githubSchema();
  const found = new Set<string>();
  const typeCalled = (name: string | undefined) => (name === undefined ? undefined : schema.getType(name));
  const inSet = ({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, at: string): void => {
    for (const one of selections) {
      if (one.kind === Kind.INLINE_FRAGMENT) {
        inSet(one.selectionSet, typeCalled(one.typeCondition?.name.value) ?? type, at);
      } else if (one.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(one.name.value);
        if (fragment) inSet(fragment.selectionSet, typeCalled(fragment.typeCondition.name.value), at);
      } else if (isObjectType(type) || isInterfaceType(type)) {
        const field = type.getFields()[one.name.value];
        const here = `${at}.${one.alias?.value ?? one.name.value}`;
        const inside = field && ofType(field.type, here);
        if (field && inside !== undefined && one.selectionSet)
          inSet(one.selectionSet, getNamedType(field.type), inside);
      }
    }
  };
  const ofType = (type: GraphQLOutputType, at: string): string => {
    if (!isNonNullType(type)) found.add(at);
    const there = getNullableType(type);
    return isListType(there) ? ofType(there.ofType, `${at}.*`) : at;
  };
  for (const one of definitions)
    if (one.kind === Kind.OPERATION_DEFINITION)
      inSet(one.selectionSet, schema.getQueryType() ?? undefined, "");
  return found;
}

/** The answer with the first such place null that `take` wants, of those that are not. */
function withoutOne(answer: unknown, take: (shape: string) => boolean): unknown {
  let isTaken = false;
  const copied = (value: unknown, shape: string): unknown => {
    if (value === null || value === undefined || isTaken) return value;
    if (shape !== "" && take(shape)) {
      isTaken = true;
      return null;
    }
    if (Array.isArray(value)) return value.map((one) => copied(one, `${shape}.*`));
    if (typeof value !== "object" || value instanceof Date) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, copied(one, `${shape}.${key}`)]),
    );
  };
  return copied(answer, "");
}

const tried = new Set<string>();

/** Each kind of place once: one branch, file or environment of a document is as good as another. */
function nullInTurn(document: string, answer: unknown): unknown {
  const places = nullable(document);
  const operation = /query (\w+)/.exec(document)?.[1];
  return withoutOne(answer, (shape) => {
    const kind = `${operation}${shape.replace(/\d+(?:_\d+)?(?=\.|$)/g, "")}`;
    if (!places.has(shape) || shape.startsWith(".rateLimit") || tried.has(kind)) return false;
    tried.add(kind);
    return true;
  });
}

/** What people go by; a promotion may be made anew from its base. */
function written(): unknown {
  const { checkRuns, deployments, comments } = testBed.repository();
  const passed = [...checkRuns.values()].filter(({ conclusion }) => conclusion === "success");
  const byBots = [...comments.values()].filter(({ author }) => author.login.endsWith("[bot]"));
  const promoted = testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml");
  return { pulls: testBed.pulls(), promoted, counts: [passed.length, deployments.size, byBots.length] };
}

test("nothing is written by an answer of which something is left out, whatever that is", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await published("1.0.2");
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/hold");
  await testBed.waitUntilIdle();
  const before = written();
  globalThis.fetch = nulling;
  for (let round = 0, known = -1; round < ROUNDS || tried.size > known; round++) {
    known = tried.size;
    const files = { "dev/notes.md": `${round}\n` };
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
    testBed.alice.comment(CONFIG_REPOSITORY, 2, `words ${round}`);
    await pass(LATER_MS);
  }
  globalThis.fetch = fetch;
  expect(written()).toEqual(before);
  expect(tried.size).toBeGreaterThan(100);
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/unhold");
  await published("1.0.3");
  await pass(LATER_MS);
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.3 in dev");
  expect(checkOn(2).verdict).toBe("success: Good to merge: xposer 1.0.3 in dev");
}, 120_000);

/** Answers of GitHub's without one place. */
async function nulling(...[url, options]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(url, options);
  const { body } = options ?? {};
  if (typeof url !== "string" || !url.endsWith("/graphql") || typeof body !== "string") return response;
  const { query }: { readonly query: string } = JSON.parse(body);
  if (!query.startsWith("query")) return response;
  const { status, headers } = response;
  const answer: { readonly data?: unknown } = Object(await response.json());
  const less = { ...answer, data: nullInTurn(query, answer.data) };
  return new Response(JSON.stringify(less), { status, headers });
}

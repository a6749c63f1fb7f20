// The keys of the work queue are read back as they were written, whatever the names in them hold.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatKey, parseKey, type WorkKey } from "../../src/reconcile/keys.ts";

const id = fc.nat();
const name = fc.string({ minLength: 1 });
const repositoryName = fc.stringMatching(/^[A-Za-z0-9._-]+$/);
const target = fc.oneof(
  fc.record({
    kind: fc.constant("pull-request" as const),
    number: id,
    write: fc.constantFrom("when-changed" as const, "always" as const),
  }),
  fc.record({
    kind: fc.constant("merge-group" as const),
    headSha: fc.stringMatching(/^[0-9a-f]{40}$/),
    ref: name,
  }),
  fc.record({ kind: fc.constant("head" as const), headSha: fc.stringMatching(/^[0-9a-f]{40}$/) }),
  fc.record({
    kind: fc.constant("open" as const),
    which: fc.constantFrom("not-passed" as const, "all" as const),
  }),
);
const key: fc.Arbitrary<WorkKey> = fc.oneof(
  fc.record({ kind: fc.constant("chart" as const), repository: repositoryName, chart: name }),
  fc.record({ kind: fc.constant("repository" as const), id }),
  fc.record({ kind: fc.constant("installation" as const), id }),
  fc.record({ kind: fc.constant("dashboard" as const), id }),
  fc.record({ kind: fc.constant("deployment" as const), repositoryId: id, environment: name }),
  fc.record({ kind: fc.constant("drift" as const), repositoryId: id, environment: name }),
  fc.record({ kind: fc.constant("check-run" as const), repositoryId: id, target }),
  fc.record({ kind: fc.constant("poll" as const), repository: name }),
  fc.constant({ kind: "deliveries" as const }),
  fc.constant({ kind: "prune" as const }),
  fc.constant({ kind: "resync" as const }),
  fc.record({ kind: fc.constant("glance" as const), installationId: id, part: id }),
  fc.constant({ kind: "sweep" as const }),
);

test("every key is read back as it was written", () => {
  fc.assert(fc.property(key, (one) => expect(parseKey(formatKey(one))).toEqual(one)));
});

test("two keys never share a text", () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(formatKey(one)).not.toBe(formatKey(other));
    }),
  );
});

test.each(["", "nothing", "bench:1", "check:7/other/3"])("%j is no key", (text) => {
  expect(parseKey(text)).toBeUndefined();
});

import { expect, test } from "@jest/globals";
import type { Delivery, RepositoryEvent } from "../../src/domain/model/github/event.ts";
import { announcedMerges } from "../../src/reconcile/merge/deploy-merge.ts";

const merged = (number: number): RepositoryEvent => ({ kind: "pull-request-merged", number, base: "main" });
const deliveriesOf = (events: readonly RepositoryEvent[]): readonly Delivery[] =>
  events.map((event, n) => ({ id: `d${n}`, repositoryId: 1, event, receivedAt: new Date(n) }));

test("merges are taken in the order they were told in, each once, since it was told first", () => {
  const pushed: RepositoryEvent = { kind: "repository-changed" };
  expect(announcedMerges(deliveriesOf([merged(7), pushed, merged(3), merged(7), merged(9)]))).toEqual([
    { number: 7, base: "main", since: new Date(0) },
    { number: 3, base: "main", since: new Date(2) },
    { number: 9, base: "main", since: new Date(4) },
  ]);
});

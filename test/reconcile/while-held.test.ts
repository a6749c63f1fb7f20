// A run that lost its key has no effect any more, whatever it was about to do.

import { expect, test } from "@jest/globals";
import type { Deps } from "../../src/reconcile/context.ts";
import { whileHeld } from "../../src/reconcile/while-held.ts";

const done: string[] = [];
const noted = (what: string) => async () => void done.push(what);
let isHeld = true;
const lost = "Another process may work on this key by now";

class Queue {
  readonly #marks = "marked";
  async enqueue() {
    done.push(this.#marks);
  }
}

/** Only what is called here. */
const deps = whileHeld(
  {
    clock: () => new Date(0),
    store: { queue: new Queue(), promotions: { record: noted("recorded") } },
    github: {
      renewToken: noted("renewed"),
      in: () => ({ comment: noted("commented"), pullRequests: () => ({ open: noted("opened") }) }),
    },
    deployers: { call: noted("called") },
    notifier: { send: noted("sent") },
  } as unknown as Deps,
  () => isHeld,
);

test("everything that a run does is refused once its key is not held, and done before", async () => {
  const repository = deps.github.in(Object());
  const pulls = repository.pullRequests(Object());
  const effects: readonly (() => unknown)[] = [
    () => deps.store.queue.enqueue("a:1"),
    () => deps.store.promotions.record([]),
    () => deps.github.renewToken(1),
    () => repository.comment("1", "text"),
    () => pulls.open(Object(), undefined),
    () => deps.deployers.call(Object(), Object(), Object()),
    () => deps.notifier.send("team", Object(), new Date(0)),
  ];
  for (const effect of effects) await effect();
  expect(done).toEqual(["marked", "recorded", "renewed", "commented", "opened", "called", "sent"]);
  isHeld = false;
  for (const effect of effects) expect(effect).toThrow(lost);
  expect(() => deps.github.in(Object())).toThrow(lost);
  expect(done).toHaveLength(effects.length);
});

test("the key is tried again at once, and that is no failure of it", () => {
  isHeld = false;
  expect(() => deps.store.queue.enqueue("a:1")).toThrow(expect.objectContaining({ retryAt: new Date(0) }));
});

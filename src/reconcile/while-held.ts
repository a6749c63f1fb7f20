// Fencing: a run may have effects only while its process holds the key. After a longer stall or loss of the database
// another process may have claimed the key, so every further call of the old run throws.

import type { Deps } from "./context.ts";

/** Ends the run without using up a try of the key. */
class KeyLost extends Error {
  readonly retryAt: Date;

  constructor(now: Date) {
    super("Another process may work on this key by now: the run was given up.");
    this.name = "KeyLost";
    this.retryAt = now;
  }
}

type Held = () => void;

/**
 * The same dependencies, except that every call to the database, GitHub, deployers and recipients throws once the key
 * is lost.
 */
export function whileHeld(deps: Deps, isHeld: () => boolean): Deps {
  const held = () => {
    if (!isHeld()) throw new KeyLost(deps.clock());
  };
  return {
    ...deps,
    store: guarded(deps.store, held),
    github: guarded(deps.github, held),
    deployers: guarded(deps.deployers, held),
    notifier: guarded(deps.notifier, held),
  };
}

/** A port with its nested ports, including those that its methods return (`github.in`, `pullRequests`). */
function guarded<Port extends object>(port: Port, held: Held): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member === "object" && member !== null) return guarded(member, held);
      if (typeof member !== "function") return member;
      return (...given: readonly unknown[]) => {
        held();
        const answer: unknown = Reflect.apply(member, target, given);
        return isPort(answer) ? guarded(answer, held) : answer;
      };
    },
  });
}

function isPort(answer: unknown): answer is object {
  return (
    typeof answer === "object" &&
    answer !== null &&
    Object.values(answer).some((one) => typeof one === "function")
  );
}

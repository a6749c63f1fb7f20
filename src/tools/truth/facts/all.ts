// All facts about a triple.

import type { Side } from "../side.ts";
import { accessFacts } from "./access.ts";
import {
  type Change,
  chanceFacts,
  changesBetween,
  countFacts,
  definitionFacts,
  idleHookFacts,
} from "./changes.ts";
import { type Facts, may, must, together, type World } from "./facts.ts";
import { imageFacts } from "./images.ts";
import { immutableFacts } from "./immutable.ts";
import { moveFacts } from "./moves.ts";
import { networkFacts, routeFacts } from "./network.ts";
import { podFacts } from "./pods.ts";
import { danglingFacts, removalFacts } from "./removed.ts";
import { restartFacts } from "./restarts.ts";
import { scaleFacts } from "./scale.ts";
import { valueFacts } from "./values.ts";
import { verdictFacts } from "./verdict.ts";

/** `changes`: those that apply on every cluster, for the line by line comparison. */
export async function factsOf({
  triple,
  stated,
  both,
}: Omit<World, "old" | "new">): Promise<{ readonly facts: Facts; readonly changes: readonly Change[] }> {
  const files = together(await moveFacts(triple, stated), await valueFacts(triple, stated, both.new));
  const [old, now] = [both.old.side, both.new.side];
  if (!old || !now) return { facts: together(files, verdictFacts(both, stated, false)), changes: [] };
  const all = changesBetween(old.resources, now.resources);
  const elsewhere = { old: both.old.elsewhere ?? old, new: both.new.elsewhere ?? now };
  const changes = all.filter((change) => !isDoubtful(change, elsewhere));
  const certain = risks(changes, { old, new: now, environment: stated.environment });
  const refused = certain.must.some((fact) => fact.startsWith("refused: "));
  return {
    changes,
    facts: together(
      ...[files, certain, countFacts(changes), imageFacts(old, now), restartFacts(changes)],
      ...[
        chanceFacts(old, now),
        definitionFacts(old, now),
        idleHookFacts(old, now),
        verdictFacts(both, stated, refused),
      ],
      conditional({ all, certain: changes, elsewhere, environment: stated.environment }),
    ),
  };
}

interface Sides {
  readonly old: Side;
  readonly new: Side;
}

function risks(
  changes: readonly Change[],
  { old, new: now, environment }: Sides & { readonly environment: string },
): Facts {
  return together(
    ...changes.flatMap((change) => [
      ...[podFacts(change), accessFacts(change, environment), networkFacts(change)],
      ...[removalFacts(change), immutableFacts(change)],
    ]),
    ...[danglingFacts(old, now), routeFacts(old, now), scaleFacts(old, now)],
  );
}

/** A change that depends on the API versions of the cluster: with more of them, both versions have the resource. */
function isDoubtful({ kind, title }: Change, elsewhere: Sides): boolean {
  const has = ({ resources }: Side): boolean => resources.some((resource) => resource.title === title);
  return (kind === "removed" && has(elsewhere.new)) || (kind === "added" && has(elsewhere.old));
}

interface Conditional {
  readonly all: readonly Change[];
  readonly certain: readonly Change[];
  readonly elsewhere: Sides;
  readonly environment: string;
}

/**
 * Facts that hold only on clusters with more API versions. The text must mention the resources, and may mention the
 * risks.
 */
function conditional({ all, certain, elsewhere, environment }: Conditional): Facts {
  const doubtful = all.filter((change) => !certain.includes(change));
  const there = changesBetween(elsewhere.old.resources, elsewhere.new.resources).filter(
    ({ kind, title }) => kind !== "relabelled" && !certain.some((change) => change.title === title),
  );
  const further = risks(there, { ...elsewhere, environment });
  return together(
    must(...doubtful.map(({ title }) => `sometimes: ${title}`)),
    must(...there.map(({ kind, title }) => `elsewhere: ${kind} ${title}`)),
    may(...[...further.must, ...further.may].map((fact) => `elsewhere: ${fact}`)),
  );
}

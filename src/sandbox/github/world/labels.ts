// Labels of repositories, issues and pull requests.

import { labelJson } from "../shapes/label.ts";
import { emitThread, type IssueAct } from "./issues.ts";
import { mustBeWritable } from "./pull-requests/pull-requests.ts";
import type { Issue, Label, PullRequest } from "./records.ts";
import { notFound, Refusal } from "./refusal.ts";
import type { Repository } from "./repositories/repository.ts";
import type { World } from "./world.ts";

/** The label of this name; created if it is new. */
export function ensureLabel(
  world: World,
  repository: Repository,
  { name, color = "ededed", description = "" }: { name: string; color?: string; description?: string },
): Label {
  const known = repository.label(name);
  if (known !== undefined) return known;
  const label = { id: world.newId(), name, color: color.replace(/^#/, ""), description };
  repository.labels.set(label.id, label);
  return label;
}

export function createLabel(
  world: World,
  repository: Repository,
  label: { name: string; color: string; description: string },
): Label {
  mustBeWritable(repository);
  if (repository.label(label.name) !== undefined)
    throw new Refusal("UNPROCESSABLE", "Validation Failed", [
      { resource: "Label", code: "already_exists", field: "name" },
    ]);
  return ensureLabel(world, repository, label);
}

/** Sets exactly these labels, sending an event for each addition and removal. */
export function setLabels(
  world: World,
  repository: Repository,
  { number, actor, labels }: IssueAct & { readonly labels: readonly number[] },
): Issue | PullRequest {
  mustBeWritable(repository);
  const before = repository.mustThread(number).labels;
  const wanted = [...new Set(labels)].map((id) => mustLabel(repository, id).id);
  const changes = [
    ...wanted.filter((id) => !before.includes(id)).map((id) => ({ id, action: "labeled" as const })),
    ...before.filter((id) => !wanted.includes(id)).map((id) => ({ id, action: "unlabeled" as const })),
  ];
  if (changes.length > 0)
    repository.threads.set(number, {
      ...repository.mustThread(number),
      labels: wanted,
      updatedAt: world.now(),
    });
  for (const { id, action } of changes) {
    const event = { id: world.newId(), number, action, label: mustLabel(repository, id), actor };
    repository.labelEvents.set(event.id, { ...event, createdAt: world.now() });
    const more = { label: labelJson(world, repository, mustLabel(repository, id)) };
    emitThread(world, repository, { number, actor, action, more });
  }
  return repository.mustThread(number);
}

function mustLabel(repository: Repository, id: number): Label {
  const label = repository.labels.get(id);
  if (label === undefined) throw notFound(`Could not resolve to a node with the global id of '${id}'.`);
  return label;
}

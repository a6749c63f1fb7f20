// Labels, of the repository and of one issue or pull request.

import { accountJson } from "../shapes/account.ts";
import { labelJson, labelsJson } from "../shapes/label.ts";
import { createLabel, ensureLabel, setLabels } from "../world/labels.ts";
import { notFound } from "../world/refusal.ts";
import { page, type RepositoryRequest, requiredText, text, texts } from "./route.ts";
import { threadOf } from "./threads.ts";

export function listLabelsOf(request: RepositoryRequest) {
  return page(request, labelsJson(request.world, request.repository, threadOf(request, "read").labels));
}

/** Creates missing labels, as GitHub does here. */
export function labels(how: "add" | "set") {
  return (request: RepositoryRequest) => {
    const { world, repository, call } = request;
    const thread = threadOf(request, "write");
    const given = (texts(call.body, "labels") ?? []).map(
      (name) => ensureLabel(world, repository, { name }).id,
    );
    const wanted = how === "add" ? [...thread.labels, ...given] : given;
    const after = setLabels(world, repository, {
      number: thread.number,
      actor: world.app.bot,
      labels: wanted,
    });
    return { status: 200, body: labelsJson(world, repository, after.labels) };
  };
}

export function removeLabel(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const thread = threadOf(request, "write");
  const label = repository.label(params["name"] ?? "");
  if (label === undefined || !thread.labels.includes(label.id)) throw notFound("Label does not exist");
  const kept = thread.labels.filter((id) => id !== label.id);
  const after = setLabels(world, repository, { number: thread.number, actor: world.app.bot, labels: kept });
  return { status: 200, body: labelsJson(world, repository, after.labels) };
}

/** Only label events of an issue are modelled. Oldest first. */
export function listEventsOf(request: RepositoryRequest) {
  const { world, repository } = request;
  const { number } = threadOf(request, "read");
  const events = [...repository.labelEvents.values()].filter((event) => event.number === number);
  return page(
    request,
    events.map(({ id, action, label: { name, color }, actor, createdAt }) => ({
      ...{ id, event: action, label: { name, color }, actor: accountJson(world, actor) },
      ...{ commit_id: null, commit_url: null, created_at: createdAt.toISOString() },
    })),
  );
}

export function listLabels(request: RepositoryRequest) {
  return page(request, labelsJson(request.world, request.repository, [...request.repository.labels.keys()]));
}

export function postLabel({ world, repository, call }: RepositoryRequest) {
  const label = createLabel(world, repository, {
    name: requiredText(call.body, "name"),
    color: text(call.body, "color") ?? "ededed",
    description: text(call.body, "description") ?? "",
  });
  return { status: 201, body: labelJson(world, repository, label) };
}

export function getLabel({ world, repository, params }: RepositoryRequest) {
  const label = repository.label(params["name"] ?? "");
  if (label === undefined) throw notFound();
  return { status: 200, body: labelJson(world, repository, label) };
}

// The actions of the buttons: forms that work without JavaScript, each with the session's CSRF token.

import type { FastifyInstance } from "fastify";
import type { Result } from "../../../domain/model/problem.ts";
import type { PersonalAction } from "../../../reconcile/act-for-person.ts";
import { goTo, send } from "../answers.ts";
import { isFromHere, placeOf } from "../forms.ts";
import { isSame } from "../sign-in/cookies.ts";
import type { SignInParts } from "../sign-in/routes.ts";
import type { Session } from "../sign-in/sessions.ts";
import type { Visiting } from "../visitor.ts";
import { notDonePage } from "./action-forms.ts";

export interface DashboardActions {
  /** Returns the URL of the comment on GitHub; rejects when GitHub is unreachable. */
  readonly act: (action: PersonalAction, session: Session) => Promise<Result<{ readonly url: string }>>;
}

const STATUS = { "not-found": 404, forbidden: 403 } as const;

export function addActions(
  app: FastifyInstance,
  { act, log }: DashboardActions & Pick<SignInParts, "log">,
  visiting: Visiting,
): void {
  app.post("/dashboard/actions", async (request, reply) => {
    const visitor = await visiting(request, reply);
    if (!visitor?.session) return reply;
    const { session, mayRead } = visitor;
    const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const refuse = (status: number, message: string, help: string) =>
      send(reply.code(status), notDonePage(message, help), session);
    if (!isFromHere(request) || !isSame(fields.get("form") ?? "", session.formToken))
      return refuse(403, "That was not sent from a page of this session.", "Load the page again.");
    const action = actionIn(fields);
    if (!action || !mayRead(action.repositoryId))
      return refuse(404, "There is no such thing to do here.", "Load the page again.");
    try {
      const done = await act(action, session);
      if (done.ok) return goTo(reply, `${placeOf(fields.get("back"))}?asked=${action.kind}`);
      const [problem] = done.problems;
      const status = Object.entries(STATUS).find(([code]) => code === problem?.code)?.[1] ?? 409;
      return refuse(status, problem?.message ?? "", problem?.help ?? "");
    } catch (error) {
      log.warn({ err: error }, "a person's action failed");
      return refuse(
        503,
        "GitHub could not be asked, or did not take it.",
        "Look at the pull request, and try again.",
      );
    }
  });
}

function actionIn(fields: URLSearchParams): PersonalAction | undefined {
  const field = (name: string) => fields.get(name) ?? "";
  const repositoryId = Number(field("repository"));
  const [number, environment, key] = [Number(field("number")), field("environment"), field("key")];
  if (!Number.isSafeInteger(repositoryId)) return undefined;
  const kind = field("action");
  switch (kind) {
    case "hold":
    case "unhold":
      return Number.isSafeInteger(number) && number > 0 ? { kind, repositoryId, number } : undefined;
    case "redeploy":
    case "heal":
      return environment === "" ? undefined : { kind, repositoryId, environment };
    case "replay":
      return key === "" ? undefined : { kind, repositoryId, key };
    default:
      return undefined;
  }
}

// Wires the dashboard to the application.

import type { FastifyPluginAsync } from "fastify";
import type { DashboardActions } from "../adapters/dashboard/actions/action-routes.ts";
import { dashboard } from "../adapters/dashboard/routes.ts";
import { PendingSignIns } from "../adapters/dashboard/sign-in/pending-sign-ins.ts";
import { RememberedPermissions } from "../adapters/dashboard/sign-in/permissions.ts";
import type { SignInParts } from "../adapters/dashboard/sign-in/routes.ts";
import { Sessions } from "../adapters/dashboard/sign-in/sessions.ts";
import { SignInBudget } from "../adapters/dashboard/sign-in/sign-in-budget.ts";
import { peopleOf } from "../adapters/github/api/people.ts";
import { actForPerson } from "../reconcile/act-for-person.ts";
import { readBoard } from "../reconcile/board/read-board.ts";
import { readChart, readJourney } from "../reconcile/board/read-journey.ts";
import { readQueue } from "../reconcile/board/read-queue.ts";
import type { Deps } from "../reconcile/context.ts";
import type { Dependencies } from "./dependencies.ts";

export function dashboardOf({ deps, app, news, report }: Dependencies): FastifyPluginAsync {
  const { settings } = deps;
  return dashboard({
    githubWeb: settings.githubWeb,
    board: () => readBoard(deps),
    chart: (repositoryId, chart) => readChart(repositoryId, chart, deps),
    journey: (publishId) => readJourney(publishId, deps),
    report,
    queue: () => readQueue(app.remaining(), deps),
    onChange: (listener) => news.on("event", listener),
    ...(settings.oauth && { signIn: signInOf(settings.oauth, deps) }),
  });
}

function signInOf(
  client: { readonly clientId: string; readonly clientSecret: string },
  { settings, store, clock, log }: Pick<Deps, "settings" | "store" | "clock" | "log">,
): SignInParts & DashboardActions {
  const people = peopleOf(settings, client);
  const { clientSecret } = client;
  return {
    people,
    log,
    act: (action, session) => actForPerson(action, session, { store, clock, people }),
    sessions: new Sessions({ records: store.sessions, people, clientSecret, clock }),
    pending: new PendingSignIns({ clientSecret, clock }),
    budget: new SignInBudget(clock),
    permissions: new RememberedPermissions({ people, repositories: () => store.repositories.all(), clock }),
  };
}

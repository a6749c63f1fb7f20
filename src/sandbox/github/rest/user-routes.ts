// Routes for requests with a person's token, and for obtaining one.

import type { Authorizations } from "../http/authorizations.ts";
import { accountJson } from "../shapes/account.ts";
import { notFound, Refusal, unprocessable } from "../world/refusal.ts";
import { type Route, requiredText } from "./route.ts";

export function userRoutes(authorizations: Authorizations): readonly Route[] {
  return [
    {
      method: "POST",
      pattern: "/login/oauth/access_token",
      handle: ({ call }) => {
        if (!/\bjson\b/.test(call.headers.accept ?? ""))
          throw unprocessable("only application/json is modelled by the offline GitHub");
        return { status: 200, body: authorizations.exchange(call.body) };
      },
    },
    {
      method: "DELETE",
      pattern: "/applications/:client_id/token",
      handle: ({ viewer, call }) => {
        if (viewer.kind !== "client") throw notFound();
        if (!authorizations.revoke(requiredText(call.body, "access_token"))) throw notFound();
        return { status: 204 };
      },
    },
    {
      method: "GET",
      pattern: "/user",
      handle: ({ viewer, world }) => {
        if (viewer.kind === "person")
          return { status: 200, body: accountJson(world, world.account(viewer.login)) };
        throw viewer.kind === "installation"
          ? new Refusal("FORBIDDEN", "Resource not accessible by integration")
          : new Refusal("UNAUTHORIZED", "Requires authentication");
      },
    },
  ];
}

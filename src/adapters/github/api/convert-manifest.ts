// The last step of GitHub's App manifest flow: exchanges the code from the browser for the App, once.
// https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest

import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import { USER_AGENT } from "../../../domain/model/program.ts";

export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Login of the account that owns it. */
  readonly owner: string;
  readonly page: string;
}

/** The format of GitHub's codes; nothing that could change the URL's path. */
const CODE = /^[A-Za-z0-9_-]{1,200}$/;
const WITHIN_MS = 20_000;

export async function convertManifest(githubApi: string, code: string): Promise<Result<RegisteredApp>> {
  if (!CODE.test(code)) return fail(refused("what came back is no code"));
  try {
    const answer = await fetch(`${githubApi}/app-manifests/${code}/conversions`, {
      method: "POST",
      headers: {
        accept: "application/vnd.github+json",
        "user-agent": USER_AGENT,
        "x-github-api-version": "2022-11-28",
      },
      redirect: "error",
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    if (answer.status !== 201) return fail(refused(`it answers ${answer.status}`));
    const app = registered(await answer.json());
    return app ? ok(app) : fail(refused("its answer lacks the App's key or secret"));
  } catch {
    return fail(refused(`${githubApi} does not answer`));
  }
}

function registered(answer: unknown): RegisteredApp | undefined {
  const { id, slug, pem, webhook_secret: webhookSecret, html_url: page, owner } = Object(answer);
  const { client_id: clientId, client_secret: clientSecret } = Object(answer);
  const texts = [slug, pem, webhookSecret, clientId, clientSecret, page, owner?.login];
  if (!Number.isSafeInteger(id) || !texts.every((text) => typeof text === "string" && text !== ""))
    return undefined;
  return { id, slug, privateKey: pem, webhookSecret, clientId, clientSecret, owner: owner.login, page };
}

function refused(because: string): Problem {
  return {
    code: "github",
    message: `GitHub did not hand the App over: ${because}.`,
    help: "Begin again; a code counts once, and for an hour. Delete an App that was made and is not used.",
  };
}

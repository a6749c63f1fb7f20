// Classifies a deployer's response to a call: accepted, refused (somebody has to fix something), or unreachable.

import type { RequestFailure } from "../../domain/deployment/call-state.ts";
import type { HttpRequest, HttpResponse } from "./http-client.ts";

type Answered = Extract<HttpResponse, { kind: "answered" }>;

export type ResponseClass = ({ readonly kind: "taken" } & Omit<Answered, "kind">) | RequestFailure;

/** `deployer` is the name in server.yaml, for the problem's text. */
export function classifyResponse(
  answer: HttpResponse,
  request: HttpRequest,
  deployer: string,
): ResponseClass {
  const call = `${deployer} to ${request.method} ${request.shownAs ?? withoutQuery(request.url)}`;
  if (answer.kind === "unanswered")
    return unreachable(`No answer from ${call}: ${answer.reason}.`, answer.sent);
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return { kind: "taken", status, headers, body };
  if (status >= 500 || status === 408 || status === 429) {
    const failure = unreachable(`Answer ${status} from ${call}.`, status === 429 ? "no" : "perhaps");
    const wait = retryAfter(headers);
    return { ...failure, status, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  }
  if (status >= 300 && status < 400) return redirected(answer, request, call);
  return refused(`Answer ${status} from ${call}.`, helpFor(status, body), { status, sent: "no" });
}

function redirected({ status, headers }: Answered, request: HttpRequest, call: string): RequestFailure {
  const target = URL.parse(headers.get("location") ?? "", request.url);
  const elsewhere = target === null || target.origin !== new URL(request.url).origin || isLogin(target);
  return refused(
    `Answer ${status} from ${call}: a redirect to ${target === null ? "nowhere" : request.shownAs === undefined ? withoutQuery(target.href) : target.origin}, which is not followed.`,
    "Set the address that answers without a redirect in server.yaml; a redirect to a login page means that the username or token is not accepted.",
    { status, sent: elsewhere ? "no" : "perhaps" },
  );
}

function isLogin({ pathname }: URL): boolean {
  return /\/(login|securityRealm)\b/.test(pathname);
}

function helpFor(status: number, body: string): string {
  if (/\bcrumb\b/i.test(body))
    return "Use an API token in server.yaml: a password needs a crumb with every request, a token needs none.";
  switch (status) {
    case 400:
      return "Declare REPOSITORY, ENVIRONMENT, PATH_IN_REPOSITORY, REVISION, DEPLOYMENT_ID and CHARTS as parameters of the job, and run it once so that it knows them.";
    case 401:
    case 403:
      return "Check the deployer's username and token in server.yaml, and that this user may read and build the job.";
    case 404:
      return "Check the deployer's address in server.yaml, and that its user may see what stands there.";
    case 409:
      return "Enable the job: it does not take builds at the moment.";
    case 410:
      return "Set the hook's new address in server.yaml: the old one was taken down.";
    default:
      return "See the deployer's own log for why it does not take the call.";
  }
}

function unreachable(message: string, sent: RequestFailure["sent"]): RequestFailure {
  const help = "Nothing has to be done here: it is tried again. See whether the deployer is up.";
  return { kind: "unreachable", sent, problem: { code: "deployer-unreachable", message, help } };
}

function refused(
  message: string,
  help: string,
  rest: { readonly status: number; readonly sent: RequestFailure["sent"] },
): RequestFailure {
  return { kind: "refused", ...rest, problem: { code: "deployer-refused", message, help } };
}

function retryAfter(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

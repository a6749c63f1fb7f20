// The problems in a server's error response, or a description of a response by another server.

import { clip } from "../../domain/model/clip.ts";
import { fail, type Problem, type Result } from "../../domain/model/problem.ts";

/** `shown`: the URL without its secrets. */
export function refusals(shown: string, answer: Response, text: string): Result<never> {
  const problems = problemsIn(answer, text);
  const [first, ...rest] = problems;
  return first === undefined ? fail(strange(shown, answer)) : fail(first, ...rest);
}

/** Problem details (RFC 9457), with `code`, `help` and `problems` as chart-promoter sends them. */
function problemsIn({ status, headers }: Response, text: string): readonly Problem[] {
  if (!headers.get("content-type")?.startsWith("application/problem+json")) return [];
  try {
    const body = Object(JSON.parse(text));
    const list: readonly unknown[] = Array.isArray(body.problems)
      ? body.problems
      : [{ ...body, message: body.detail }];
    return list.flatMap((one) => problemOf(one, status));
  } catch {
    return [];
  }
}

function problemOf(raw: unknown, status: number): readonly Problem[] {
  const { code, message, help } = Object(raw);
  if (typeof message !== "string") return [];
  const known: Problem["code"] = typeof code === "string" ? (code as Problem["code"]) : "unavailable";
  return [
    {
      code: known,
      message: clip(`${message.replace(/\.$/, "")} (${status}).`, 1000),
      help: typeof help === "string" ? clip(help, 1000) : "Mend what it names, and publish again.",
    },
  ];
}

function strange(shown: string, { status, statusText, headers }: Response): Problem {
  const target = headers.get("location");
  if (status >= 300 && status < 400 && target !== null)
    return {
      code: "unavailable",
      message: `${shown} answers ${status}: it leads to ${target.replace(/[?#].*$/s, "")}.`,
      help: "Give --server the address that it leads to; an announcement is not sent on.",
    };
  const type = headers.get("content-type")?.split(";")[0] || "no content type";
  return {
    code: "unavailable",
    message: `${shown} answers ${[status, statusText].join(" ").trim()} with ${type}, and not as chart-promoter does.`,
    help: "Give --server where chart-promoter listens; what stands in front of it may have answered.",
  };
}

export function notAnswered(message: string): Problem {
  return {
    code: "unavailable",
    message: `${message.trim()}.`.replace(/(?<!\.)\.+$/, "."),
    help: "Mend what it names, and publish again: a repeat is no second publish.",
  };
}

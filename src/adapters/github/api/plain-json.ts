// Answers parsed by `JSON.parse`. @octokit/request parses with a function that is called for each value, so that numbers beyond
// 2^53 stay exact: that takes thirteen times as long for an answer of many values. GitHub gives what may be so large as text.

import type { ProbotOctokit } from "probot";

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** The JSON in a body, which is not empty. Throws where it is none. */
export type ReadJson = (body: AsyncIterable<Uint8Array>) => Promise<unknown>;

/** Throws where an answer was cut off or is no JSON although it says so; what had an effect by then is not known. */
export function parsePlainly(octokit: ProbotOctokit, read: ReadJson): void {
  octokit.hook.wrap("request", async (request, options) => {
    // The hooks before this one are bound to these very options.
    options.request = { ...options.request, parseSuccessResponseBody: false };
    const response = await request(options);
    const { data, headers } = response;
    if (!(data instanceof ReadableStream)) return response;
    const isJson = JSON_TYPE.test(headers["content-type"] ?? "");
    return { ...response, data: isJson ? await read(data) : await new Response(data).text() };
  });
}

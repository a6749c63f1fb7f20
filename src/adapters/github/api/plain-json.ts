// Parses responses with `JSON.parse`. @octokit/request calls a reviver for each value, to keep numbers above 2^53
// exact, which takes thirteen times as long for a large response. GitHub returns such numbers as text.

import type { ProbotOctokit } from "probot";

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** Parses the JSON of a non-empty body. Throws if it is invalid. */
export type ReadJson = (body: AsyncIterable<Uint8Array>) => Promise<unknown>;

/**
 * Throws when a response was truncated or is not the JSON that it claims to be; whether the request had an effect is
 * then unknown.
 */
export function parsePlainly(octokit: ProbotOctokit, read: ReadJson): void {
  octokit.hook.wrap("request", async (request, options) => {
    // Earlier hooks hold a reference to this same options object.
    options.request = { ...options.request, parseSuccessResponseBody: false };
    const response = await request(options);
    const { data, headers } = response;
    if (!(data instanceof ReadableStream)) return response;
    const isJson = JSON_TYPE.test(headers["content-type"] ?? "");
    return { ...response, data: isJson ? await read(data) : await new Response(data).text() };
  });
}

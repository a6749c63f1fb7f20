// The packed chart in an upload: the whole body, or a form field as sent by `helm cm-push` and `curl -F`.

import { type Call, header } from "../call.ts";

/** `undefined` when the form has no chart, such as only a provenance file. */
export function uploadedChart(call: Call): Buffer | undefined {
  const type = header(call, "content-type") ?? "";
  return /^multipart\/form-data\b/i.test(type) ? formField(call.body, boundaryOf(type), "chart") : call.body;
}

function boundaryOf(type: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  return quoted ?? bare ?? "";
}

/** Clients send the chart and its provenance file. */
const MOST_PARTS = 20;
/** Maximum size of one part's headers, in bytes. */
const MOST_HEADERS = 8 * 1024;

/** The first part of that name (RFC 7578, RFC 2046 section 5.1.1), as a view without copying. */
function formField(body: Buffer, boundary: string, name: string): Buffer | undefined {
  const delimiter = `\r\n--${boundary}`;
  let start = body.indexOf(delimiter.trimStart()) + delimiter.trimStart().length;
  for (let parts = 0; parts < MOST_PARTS; parts += 1) {
    const end = body.indexOf(delimiter, start);
    if (end === -1) return undefined;
    const part = body.subarray(start, end);
    const headersEnd = part.subarray(0, MOST_HEADERS).indexOf("\r\n\r\n");
    if (headersEnd !== -1 && nameOf(part.subarray(0, headersEnd)) === name)
      return part.subarray(headersEnd + 4);
    start = end + delimiter.length;
  }
  return undefined;
}

function nameOf(headers: Buffer): string | undefined {
  const [, parameters = ""] = /^content-disposition:([^\r\n]*)/im.exec(headers.toString("utf8")) ?? [];
  for (const [, key, quoted, bare] of parameters.matchAll(
    /;\s*([\w*-]+)=(?:"((?:\\.|[^"\\])*)"|([^;\s]*))/g,
  )) {
    if (key?.toLowerCase() === "name") return quoted ?? bare;
  }
  return undefined;
}

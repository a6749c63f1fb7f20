// The packed chart in an upload: the whole body, or the field of a form as `helm cm-push` and `curl -F` send it.

import { type Call, header } from "./call.ts";

/** `undefined` when a form holds no chart, as when only a provenance file is sent. */
export async function uploadedChart(call: Call): Promise<Buffer | undefined> {
  const type = header(call, "content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) return call.body;
  const form = await readForm(call.body, type);
  const chart = form?.get("chart");
  return chart instanceof File ? Buffer.from(await chart.arrayBuffer()) : undefined;
}

async function readForm(body: Buffer, type: string): Promise<FormData | undefined> {
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

// Downloads an index and parses it on the way, keeping only what is asked for. Meant for a worker thread of its own:
// parsing takes time, and a malicious index must end nothing but the thread.

import { createHash } from "node:crypto";
import { BULKY, type ChartRequest, type HttpAnswer, request } from "../http/request.ts";
import type { IndexContent, IndexQuery } from "./index-content.ts";
import { IndexReader } from "./index-reader.ts";
import { WholeIndex } from "./yaml/whole-index.ts";

export interface IndexRequest extends Pick<ChartRequest, "headers" | "authorization" | "reach"> {
  readonly url: string;
  readonly query: IndexQuery;
}

export interface IndexRead {
  readonly answer: HttpAnswer;
  /** Absent unless the response is a complete 200. */
  readonly content?: IndexContent;
  /** Hex sha256 of the body; meaningless without content. */
  readonly sha256: string;
}

/**
 * An index of unusual layout is downloaded a second time, to be parsed as a whole: it is rare, so no copy is kept for
 * that case.
 */
export async function downloadIndex(wanted: IndexRequest): Promise<IndexRead> {
  const { content, ...read } = await download(wanted, new IndexReader(wanted.query));
  if (content?.kind === "unsupported") return download(wanted, new WholeIndex(wanted.query));
  return content === undefined ? read : { ...read, content };
}

interface Reader<Content> {
  push(piece: Uint8Array): void;
  end(): Content;
}

async function download<Content>(
  { url, headers, authorization, reach }: IndexRequest,
  reader: Reader<Content>,
): Promise<Omit<IndexRead, "content"> & { readonly content?: Content }> {
  const hash = createHash("sha256");
  const write = (piece: Uint8Array) => {
    hash.update(piece);
    reader.push(piece);
    free(piece);
  };
  const answer = await request({
    url: new URL(url),
    ...(headers && { headers }),
    authorization,
    ...(reach && { reach }),
    write,
    ...BULKY,
  });
  const read = { answer, sha256: hash.digest("hex") };
  return answer.kind === "answer" && answer.status === 200 ? { ...read, content: reader.end() } : read;
}

/** Frees memory at once: garbage collection would let half an index accumulate first. */
function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

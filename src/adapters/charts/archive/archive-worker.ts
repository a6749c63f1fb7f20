// Runs in a worker thread: opens packed charts, one after the other.

import type { Archive } from "../../../domain/model/chart/archive.ts";
import type { Result } from "../../../domain/model/problem.ts";
import { serveJobs } from "../../threads/serve-jobs.ts";
import { openArchive } from "./open-archive.ts";

/** All files in one buffer, which is transferred instead of copied. */
export interface OpenedInThread {
  readonly opened: Result<Omit<Archive, "files">>;
  readonly paths: readonly (readonly [path: string, length: number])[];
  readonly contents: Uint8Array<ArrayBuffer>;
}

serveJobs(
  async (packed: Uint8Array): Promise<OpenedInThread> => {
    const opened = await openArchive(packed);
    if (!opened.ok) return { opened, paths: [], contents: new Uint8Array() };
    const { files, ...about } = opened.value;
    return {
      opened: { ok: true, value: about },
      paths: [...files].map(([path, bytes]) => [path, bytes.length]),
      contents: new Uint8Array(Buffer.concat([...files.values()])),
    };
  },
  ({ contents }) => [contents.buffer],
);

// Progress messages: on a terminal a line that is overwritten; in a log, only new messages.

import { durationInWords } from "../../domain/model/config/duration.ts";
import type { Followed } from "./outcome.ts";

export interface ShownProgress {
  readonly retrying: (because: string, pauseMs: number) => void;
  readonly waiting: (progress: Followed) => void;
  readonly end: () => void;
}

export function progressOn(stream: NodeJS.WriteStream): ShownProgress {
  const started = performance.now();
  let last = "";
  const line = (text: string) => {
    if (stream.isTTY) {
      const spent = durationInWords(Math.floor((performance.now() - started) / 1000) * 1000);
      stream.write(`\r\u001b[K${text} (${spent})`);
    } else if (text !== last) stream.write(`${text}\n`);
    last = text;
  };
  return {
    retrying: (because, pauseMs) => {
      const seconds = Math.max(1, Math.round(pauseMs / 1000));
      line(`${because}; tried again in ${durationInWords(seconds * 1000)}.`);
    },
    waiting: ({ state, pending = [] }) =>
      line(
        state === "accepted"
          ? "Waits for the chart repository to have it."
          : `Waits for ${pending.join(", ") || "the config repositories"}.`,
      ),
    end: () => void (stream.isTTY && last !== "" && stream.write("\r\u001b[K")),
  };
}

// The worker's side of a JobThread: answers every input with the result of `job`.

import { parentPort, type Transferable } from "node:worker_threads";

/**
 * A throw of `job` ends the thread and rejects the run. `transfer`: parts of the result that are transferred instead of
 * copied.
 */
export function serveJobs<Input, Value>(
  job: (input: Input) => Promise<Value> | Value,
  transfer: (value: Value) => readonly Transferable[] = () => [],
): void {
  const answer = async (input: Input) => {
    const value = await job(input);
    parentPort?.postMessage(value, [...transfer(value)]);
  };
  parentPort?.on("message", (input: Input) => void answer(input));
  parentPort?.postMessage("started");
}

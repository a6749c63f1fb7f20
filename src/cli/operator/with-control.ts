// Selects the control for an operator's command.

import type { Control } from "../../adapters/control/control.ts";
import { refuse } from "../tell-problems.ts";

/**
 * The running server's control; without a server, the database itself, which is then not locked, and whose code is
 * loaded only then.
 */
export async function withControl(
  options: { readonly json?: boolean },
  work: (control: Control) => Promise<void>,
): Promise<void> {
  const dataFolder = process.env["DATA_DIR"] || "data";
  const { connectControl } = await import("../../adapters/control/connect.ts");
  const running = await connectControl(dataFolder);
  if (running) return work(running);
  const { openControl } = await import("./open-control.ts");
  const opened = await openControl(dataFolder);
  if (!opened.ok) return refuse(options, opened.problems);
  const { control, close } = opened.value;
  try {
    await work(control);
  } finally {
    await close();
  }
  return undefined;
}

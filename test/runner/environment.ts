// The environment of a test file: the process that runs it. Jest's own is a vm context for each file, in which the whole
// program and its packages are loaded anew.

import type { JestEnvironment, JestEnvironmentConfig } from "@jest/environment";
import { ModernFakeTimers } from "@jest/fake-timers";
import { ModuleMocker } from "jest-mock";

class ProcessEnvironment
  implements Pick<JestEnvironment, "fakeTimersModern" | "moduleMocker" | "setup" | "teardown">
{
  /** Where Jest puts its console and its guard of `process.exit`. The tests have those of their process. */
  readonly global = {};
  readonly fakeTimersModern: ModernFakeTimers;
  readonly moduleMocker = new ModuleMocker(globalThis);

  constructor({ projectConfig }: JestEnvironmentConfig) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
  }

  getVmContext(): null {
    return null;
  }
}

/** Jest's `testEnvironment`: what `require` answers. */
export { ProcessEnvironment as "module.exports" };

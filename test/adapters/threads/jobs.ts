// A thread for the tests: does as it is told.

import { serveJobs } from "../../../src/adapters/threads/serve-jobs.ts";

export type Order = { readonly say: string } | { readonly eat: "memory" } | { readonly spin: "forever" };

serveJobs((order: Order): string => {
  if ("say" in order) return order.say;
  if ("spin" in order) for (;;);
  const eaten: object[] = [];
  for (;;) eaten.push({ more: [eaten.length] });
});

// A promotion of xposer 1.0.1 that is open, and a chart repository of mallory's that server.yaml knows as well.

import { live, published } from "../stories/setting.ts";

export const BRANCH = "promote/dev/xposer";
export const ELSEWHERE = "https://mallory.example.com/charts";

export async function proposedBesideMallory(): Promise<void> {
  await live({ otherRepositories: [{ name: "mallory", url: ELSEWHERE }] });
  await published("1.0.1");
}

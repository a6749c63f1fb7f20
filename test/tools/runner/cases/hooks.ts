// A helper that registers a hook and keeps state, as the setting of stories does.

import { afterEach } from "@jest/globals";

export const ended: string[] = [];

let running = "";

export function begin(name: string): void {
  running = name;
}

afterEach(() => {
  ended.push(running);
});

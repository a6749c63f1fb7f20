import { expect, test } from "@jest/globals";
import { begin, ended } from "./hooks.ts";

test("two begins", () => begin("two"));

test("two has the hooks and the state of its own file", () => expect(ended).toEqual(["two"]));

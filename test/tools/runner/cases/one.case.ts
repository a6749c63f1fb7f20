import { expect, test } from "@jest/globals";
import { begin, ended } from "./hooks.ts";

test("one begins", () => begin("one"));

test("one has the hooks and the state of its own file", () => expect(ended).toEqual(["one"]));

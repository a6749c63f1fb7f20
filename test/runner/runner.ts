// Runs a test file by jest-circus, with modules that Node itself loads: Node strips the types, and what one file has loaded of
// the program and its packages the next one of the same process finds. What is in this folder's parent is loaded anew for each
// file, since helpers register hooks and keep state.

import { createRequire, enableCompileCache, registerHooks } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { JestEnvironment } from "@jest/environment";

/** Of the global and the project's configuration, the environment, the runtime, the path of the file, and what is told on the way. */
type RunTestFile = (
  ...given: [unknown, unknown, environment: JestEnvironment, runtime: object, path: string, ...unknown[]]
) => Promise<unknown>;

const require = createRequire(import.meta.url);
/** Jest's own runner. */
const circus: RunTestFile = require("jest-circus/runner").default;
const HERE = new URL(".", import.meta.url).href;
const TESTS = new URL("..", import.meta.url).href;
const FOLDER = fileURLToPath(TESTS);
const GLOBALS = "jest:globals";
/** Where jest-circus keeps what it tells of a test, in the global object. */
const EVENT_HANDLERS = Symbol.for("EVENT_HANDLERS");

/** What `@jest/globals` exports, for the file that runs. */
let globals: Readonly<Record<string, unknown>> = {};
/** How often this process has begun each file. */
const begun = new Map<string, number>();
/** Marks what the file that runs has loaded anew: the same in every process, so that Node finds it compiled. */
let mark = "";

enableCompileCache();

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === "@jest/globals")
      return { url: `${GLOBALS}?${mark}`, format: "module", shortCircuit: true };
    const resolved = nextResolve(specifier, context);
    const isAnew = resolved.url.startsWith(TESTS) && !resolved.url.startsWith(HERE);
    return isAnew ? { ...resolved, url: `${resolved.url}?${mark}` } : resolved;
  },
  load(url, context, nextLoad) {
    if (!url.startsWith(GLOBALS)) return nextLoad(url, context);
    return { format: "module", source: sourceOfGlobals(), shortCircuit: true };
  },
});

/** Jest's `testRunner`: what `require` answers. */
async function runTestFile(
  ...[globalConfig, config, environment, runtime, path, ...rest]: Parameters<RunTestFile>
): Promise<unknown> {
  const times = (begun.get(path) ?? 0) + 1;
  begun.set(path, times);
  mark = encodeURIComponent(`${relative(FOLDER, path)} ${times}`);
  const native: object = Object.create(runtime, {
    requireInternalModule: { value: requireAnew },
    setGlobalsForRuntime: { value: (ofCircus: object) => setGlobals(ofCircus, environment) },
    unstable_shouldLoadAsEsm: { value: () => true },
    unstable_importModule: { value: (file: string) => import(pathToFileURL(file).href) },
  });
  return circus(globalConfig, config, environment, native, path, ...rest);
}

export { runTestFile as "module.exports" };

/** Circus keeps the tests of a file in its own modules. */
function requireAnew(path: string): unknown {
  delete require.cache[path];
  Reflect.deleteProperty(globalThis, EVENT_HANDLERS);
  return require(path);
}

function setGlobals(ofCircus: object, { fakeTimersModern, moduleMocker }: JestEnvironment): void {
  const timers = boundMethods(fakeTimersModern ?? {});
  globals = { ...ofCircus, jest: { ...timers, ...boundMethods(moduleMocker ?? {}) } };
  Reflect.set(globalThis, Symbol.for(GLOBALS), globals);
}

function sourceOfGlobals(): string {
  return `export const { ${Object.keys(globals).join(", ")} } = globalThis[Symbol.for("${GLOBALS}")];`;
}

/** Of an instance of a class: what `jest` has of them. */
function boundMethods(instance: object): Readonly<Record<string, unknown>> {
  const { prototype } = instance.constructor;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  return Object.fromEntries(names.map((name) => [name, Reflect.get(instance, name).bind(instance)]));
}

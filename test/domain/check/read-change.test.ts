import { expect, test } from "@jest/globals";
import { readChange } from "../../../src/domain/check/read-change.ts";
import type { Files } from "../../../src/domain/model/umbrella.ts";

function folder(version: string, values = "web: {}\n"): Files {
  const dependency = `  - name: web\n    version: ${version}\n    repository: https://charts.example.com\n`;
  return new Map([
    ["Chart.yaml", "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    ["requirements.yaml", `dependencies:\n${dependency}`],
    ["values.yaml", values],
  ]);
}

test("what the pull request did not change is as on the base", () => {
  const [fork, base, head] = [folder("1.0.0"), folder("1.0.0", "web: { a: 1 }\n"), folder("1.1.0")];
  const { merged, umbrellas, entries } = readChange({ fork, base, head }, new Map());
  expect([...merged]).toEqual([...folder("1.1.0", "web: { a: 1 }\n")]);
  expect(umbrellas.merged).toEqual(umbrellas.head);
  expect(entries).toMatchObject([{ key: "web", moves: true, to: "1.1.0", place: { line: 3 } }]);
});

test("of commits whose umbrella chart is the same, one is read", () => {
  const texts = { fork: folder("1.0.0"), base: folder("1.0.0", "web: { a: 1 }\n"), head: folder("1.1.0") };
  const { head, merged } = readChange(texts, new Map()).umbrellas;
  expect(head.ok && merged.ok && merged.value === head.value).toBe(true);
});

test("a head that is no umbrella chart has no entries, and tells why", () => {
  const { umbrellas, entries } = readChange(
    { fork: folder("1.0.0"), base: folder("1.0.0"), head: new Map() },
    new Map(),
  );
  expect(entries).toEqual([]);
  expect(umbrellas.head).toMatchObject({ ok: false });
  expect(umbrellas.base).toMatchObject({ ok: true });
});

test("the lock from before the pull request is named", () => {
  const locked = new Map([
    ...folder("1.0.0"),
    [
      "requirements.lock",
      'dependencies:\n- name: web\n  repository: https://charts.example.com\n  version: 1.0.0\ndigest: sha256:x\ngenerated: "2026-01-01T00:00:00Z"\n',
    ],
  ] as const);
  const { lockBefore } = readChange({ fork: locked, base: locked, head: folder("1.0.0") }, new Map());
  expect(lockBefore).toBe("requirements.lock");
});

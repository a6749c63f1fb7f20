// The `tree` parameter of Jenkins' JSON API: selects members of a response at any depth, with list ranges {from,to}.

/** The selected parts of a value: everything, or these members. */
type Wanted = ReadonlyMap<string, { readonly members?: Wanted; readonly range?: readonly [number, number] }>;

/** The value with only the members in `tree`; `_class` is always kept, as on Jenkins. Throws for an invalid tree. */
export function pick(value: unknown, tree: string): unknown {
  const { wanted, rest } = read(tree);
  if (rest !== "") throw new Error(`tree parameter not understood from "${rest}"`);
  return filtered(value, wanted);
}

function read(text: string): { wanted: Wanted; rest: string } {
  const wanted = new Map<string, { members?: Wanted; range?: readonly [number, number] }>();
  let rest = text;
  for (;;) {
    const name = /^[\w*]+/.exec(rest)?.[0];
    if (name === undefined) throw new Error(`tree parameter not understood from "${rest}"`);
    rest = rest.slice(name.length);
    const entry: { members?: Wanted; range?: readonly [number, number] } = {};
    if (rest.startsWith("[")) {
      const inner = read(rest.slice(1));
      if (!inner.rest.startsWith("]")) throw new Error(`tree parameter lacks "]" at "${inner.rest}"`);
      entry.members = inner.wanted;
      rest = inner.rest.slice(1);
    }
    const range = /^\{(\d*),(\d*)\}/.exec(rest);
    if (range !== null) {
      entry.range = [Number(range[1] || 0), range[2] === "" ? Number.POSITIVE_INFINITY : Number(range[2])];
      rest = rest.slice(range[0].length);
    }
    wanted.set(name, entry);
    if (!rest.startsWith(",")) return { wanted, rest };
    rest = rest.slice(1);
  }
}

function filtered(value: unknown, wanted: Wanted): unknown {
  if (Array.isArray(value)) return value.map((one) => filtered(one, wanted));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): readonly [string, unknown][] => {
    if (name === "_class") return [[name, member]];
    const want = wanted.get(name) ?? wanted.get("*");
    if (want === undefined) return [];
    const cut: unknown = want.range && Array.isArray(member) ? member.slice(...want.range) : member;
    return [[name, want.members === undefined ? cut : filtered(cut, want.members)]];
  });
  return Object.fromEntries(members);
}

// Variables of a generated GraphQL document: all text from outside is passed as a variable, never inside of the
// document.

/** Collects `String!` (or otherwise typed) variables; equal texts share one. */
export class Variables {
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, string> = {};
  readonly #types: Record<string, string> = {};

  /** Returns the reference for the document, such as `$v3`. */
  add(value: string, type = "String"): string {
    const key = `${type} ${value}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `v${this.#names.size}`;
    this.#names.set(key, `$${name}`);
    this.#values[name] = value;
    this.#types[name] = type;
    return `$${name}`;
  }

  /** For the operation's header: `$v0: String!, $v1: GitObjectID!`. */
  declarations(): string {
    return Object.entries(this.#types)
      .map(([name, type]) => `$${name}: ${type}!`)
      .join(", ");
  }

  values(): Readonly<Record<string, string>> {
    return { ...this.#values };
  }
}

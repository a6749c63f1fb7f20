// How deep the block collections stand that are open (go-yaml 2, scannerc.go).

/** As deep as go-yaml lets block collections, and flow collections, be nested. */
export const DEEPEST = 10_000;

export class Indentation {
  /** Of the innermost block collection; -1 outside of all. */
  column = -1;
  readonly #outer: number[] = [];

  get isTooDeep(): boolean {
    return this.#outer.length > DEEPEST;
  }

  /** Opens a collection at this column, unless one of this depth is open; says whether it did. */
  open(column: number): boolean {
    if (this.column >= column) return false;
    this.#outer.push(this.column);
    this.column = column;
    return true;
  }

  /** Closes every collection that is indented deeper, and returns their number. */
  closeBeyond(column: number): number {
    let closed = 0;
    while (this.column > column) {
      this.column = this.#outer.pop() ?? -1;
      closed += 1;
    }
    return closed;
  }
}

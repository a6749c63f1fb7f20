// The form of every mutation: one argument named input.

export interface Input<T> {
  readonly input: T;
}

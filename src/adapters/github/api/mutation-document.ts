// Several mutations in one document: one request, whose fields succeed and fail independently.

export interface MutationField {
  /** Alias of the field, which errors refer to. */
  readonly key: string;
  readonly mutation: string;
  /** GraphQL type of its input. */
  readonly type: string;
  readonly input: object;
}

/** `name`: of the operation. */
export function mutationDocument(
  name: string,
  fields: readonly MutationField[],
): { readonly document: string; readonly variables: Readonly<Record<string, object>> } {
  const declarations = fields.map(({ key, type }) => `$${key}: ${type}!`).join(", ");
  const calls = fields.map(({ key, mutation }) => `${key}: ${mutation}(input: $${key}) { clientMutationId }`);
  return {
    document: `mutation ${name}(${declarations}) {\n  ${calls.join("\n  ")}\n}`,
    variables: Object.fromEntries(fields.map(({ key, input }) => [key, input])),
  };
}

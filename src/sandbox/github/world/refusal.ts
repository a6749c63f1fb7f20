// GitHub's error responses. Thrown, because that is how a GraphQL executor marks a field as failed.

export type RefusalType =
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "UNPROCESSABLE"
  | "STALE_DATA"
  | "CONFLICT"
  | "UNAUTHORIZED"
  | "NOT_ALLOWED";

const STATUS: { readonly [type in RefusalType]: number } = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  UNPROCESSABLE: 422,
  STALE_DATA: 409,
  CONFLICT: 409,
  UNAUTHORIZED: 401,
  NOT_ALLOWED: 405,
};

export class Refusal extends Error {
  /** GraphQL's `errors[].type`. */
  readonly type: RefusalType;
  /** REST's `errors` list beside the message. */
  readonly details: readonly object[];

  constructor(type: RefusalType, message: string, details: readonly object[] = []) {
    super(message);
    this.type = type;
    this.details = details;
  }

  /** The HTTP status that REST answers with. */
  get status(): number {
    return STATUS[this.type];
  }
}

export function unprocessable(message: string): Refusal {
  return new Refusal("UNPROCESSABLE", message);
}

export function notFound(message = "Not Found"): Refusal {
  return new Refusal("NOT_FOUND", message);
}

export function forbidden(message = "Resource not accessible by integration"): Refusal {
  return new Refusal("FORBIDDEN", message);
}

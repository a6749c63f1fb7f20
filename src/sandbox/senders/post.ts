// One webhook call of any system.

export interface Target {
  readonly url: string;
  /** The system's own headers, including credentials. */
  readonly headers: { readonly [name: string]: string };
}

/** The response; undefined when there was none. */
export type Answered = { readonly status: number; readonly body: string } | undefined;

export async function post(
  { url, headers }: Target,
  body: string,
  contentType = "application/json",
): Promise<Answered> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": contentType, ...headers },
      body,
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return undefined;
  }
}

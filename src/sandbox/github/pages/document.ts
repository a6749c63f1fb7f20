// How every page of the offline GitHub looks.

export interface Page {
  readonly status: number;
  readonly html: string;
  /** Where a browser is sent on to. */
  readonly location?: string;
}

export function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1f2328 }
pre { padding: 1rem; overflow: auto; background: #f6f8fa; border-radius: 6px; font-size: 13px; white-space: pre-wrap }
.state { padding: .2rem .8rem; border-radius: 2rem; color: #fff; background: #59636e }
.open { background: #1a7f37 } .merged { background: #8250df } .closed { background: #cf222e }
.add { background: #dafbe1 } .del { background: #ffebe9 } .hunk { color: #0969da }
</style>
<body>${body}</body>
</html>
`;
}

export function escaped(text: string): string {
  const entities: { readonly [char: string]: string } = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (char) => entities[char] ?? char);
}

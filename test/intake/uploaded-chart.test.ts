import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { uploadedChart } from "../../src/intake/upload/uploaded-chart.ts";

test("the field `chart` of a form comes out byte for byte, whatever it holds and stands between", async () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.boolean(), async (chart, prov, isProvFirst) => {
      const fields: [string, Uint8Array][] = [
        ["chart", chart],
        ["prov", prov],
      ];
      const form = new FormData();
      for (const [name, value] of isProvFirst ? fields.reverse() : fields) {
        form.append(name, new File([new Uint8Array(value)], "file; name=chart"));
      }
      const request = new Request("http://x", { method: "POST", body: form });
      const call = {
        headers: { "content-type": request.headers.get("content-type") ?? "" },
        body: Buffer.from(await request.arrayBuffer()),
      };
      expect(uploadedChart(call)).toEqual(Buffer.from(chart));
    }),
  );
});

test.each<[string, string, string]>([
  [
    "without the field",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="prov"\r\n\r\nx\r\n--b--\r\n',
  ],
  [
    "without an end",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="chart"\r\n\r\nx',
  ],
  ["without a boundary", "multipart/form-data", "--\r\n\r\n"],
  ["without a part", "multipart/form-data; boundary=b", "--b--\r\n"],
  ["that is empty", "multipart/form-data; boundary=b", ""],
])("a form %s holds no chart", (_, type, body) => {
  expect(uploadedChart({ headers: { "content-type": type }, body: Buffer.from(body) })).toBeUndefined();
});

test("preamble and quoted boundary are read over", () => {
  const body =
    'hello\r\n--b c\r\ncontent-disposition: form-data; filename="a"; name=chart\r\n\r\nx\r\n--b c--\r\n';
  const headers = { "content-type": 'multipart/form-data; boundary="b c"' };
  expect(uploadedChart({ headers, body: Buffer.from(body) })?.toString()).toBe("x");
});

test.each([
  ["parts", "\r\n--b"],
  ["empty parts", "\r\n--b\r\n\r\n"],
  ["a part's headers", ';a="\\'],
])("a form of 20 MiB of %s is looked at for some milliseconds", (_what, filler) => {
  const type = { "content-type": "multipart/form-data; boundary=b" };
  const body = `--b\r\nContent-Disposition: form-data${filler.repeat((20 * 2 ** 20) / filler.length)}\r\n\r\nx\r\n--b--`;
  const call = { headers: type, body: Buffer.from(body) };
  const begun = process.threadCpuUsage();
  expect(uploadedChart(call)).toBeUndefined();
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(100);
});

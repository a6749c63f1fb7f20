// Caches of chart repositories' answers, shared by concurrent operations.

import { Indexes } from "./index/indexes.ts";
import { LargeLists } from "./large-lists.ts";
import { OciCharts } from "./oci/oci-charts.ts";

export class ChartSources {
  readonly indexes = new Indexes();
  readonly largeLists = new LargeLists();
  readonly oci = new OciCharts();
}

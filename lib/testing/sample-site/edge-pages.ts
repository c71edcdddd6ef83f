import { html, raw } from "@/lib/testing/sample-site/html";
import { seededRandom } from "@/lib/testing/sample-site/random";
import type { Site } from "@/lib/testing/sample-site/site";

/** A week of raw readings as a table with the markup of a heavy component library: about 1.5 MB of HTML, 110 kB of text. */
export function hugePage(site: Site, origin: string): string {
  const random = seededRandom(20_261_001);
  const rows: string[] = [];
  for (let reading = 0; reading < 2_016; reading++) {
    const minutes = reading * 5;
    const day = 1 + Math.floor(minutes / 1440);
    const time = `${String(Math.floor((minutes % 1440) / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    const level = (0.95 - reading / 2_600 + random.next() * 0.01).toFixed(3);
    const water = (20.5 + random.next() * 1.5).toFixed(1);
    const air = (21 + random.next() * 2.5).toFixed(1);
    const cells = [`2026-09-0${day}T${time}:00Z`, level, water, air].map(
      (value, column) =>
        `<td class="DataGrid-cell DataGrid-cell--${["time", "level", "water", "air"][column]} DataGrid-cell--align-start" data-column="${column}" data-row="${reading}" style="padding:8px 12px"><span class="DataGrid-value">${value}</span></td>`,
    );
    rows.push(`<tr class="DataGrid-row" data-index="${reading}">${cells.join("")}</tr>`);
  }
  const main = html`<article class="article-body prose"><h1>Sample export of raw readings</h1><p>One week of raw readings of a Table in our growing room, as the interface gives them with the step “raw”. One line every five minutes, 2,016 lines in all. Times are UTC, levels are shares from 0 to 1, temperatures are in degrees Celsius.</p></article>
<div class="table-scroll"><table class="DataGrid"><thead><tr><th>time</th><th>water_level</th><th>water_temperature</th><th>air_temperature</th></tr></thead><tbody>${raw(rows.join("\n"))}</tbody></table></div>`;
  return site.frame(
    { path: "/developers/sample-export", title: "Sample export of raw readings" },
    origin,
    main,
    "developers",
  );
}

export const EMPTY_PAGE =
  '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title></title></head><body></body></html>\n';

export function notFoundPage(site: Site, origin: string, path: string, status: 404 | 410 | 500): string {
  const words = {
    404: [
      "This page does not exist",
      "It may have moved, or it was never here. The help centre and the shop are good places to go on from.",
    ],
    410: [
      "This page has been removed",
      "It described something that is no longer made, and there is nothing in its place.",
    ],
    500: ["Something went wrong on our side", "Please load the page again in a moment."],
  } as const;
  const [title, sentence] = words[status];
  const main = html`<div class="not-found"><h1>${title}</h1><p>${sentence}</p><p><a class="button-primary" href="/help">Help centre</a></p></div>`;
  return site.frame({ path, title, noindex: true }, origin, main);
}

/** Pages behind robots.txt. They answer, so that a crawler that ignores the rules is found out. */
export function privatePage(site: Site, origin: string, path: string): string {
  const main = html`<article class="article-body prose"><h1>Private area</h1><p>This page is closed to crawlers by robots.txt. Whoever finds the words “violet wheelbarrow” in an index has ignored the rules of this site. People who have an account can sign in here, look at their basket, or search the shop; machines should leave it alone.</p></article>`;
  return site.frame({ path, title: "Private area" }, origin, main);
}

/** A PDF of one page, small but valid. */
export const PDF_BYTES = Buffer.from(
  `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 58>>stream
BT /F1 24 Tf 72 760 Td (Sprigwell data sheet) Tj ET      
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>
%%EOF
`,
  "latin1",
);

/** A green square of 1 × 1 pixel. */
export const PNG_BYTES = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOQz/f6DwACfgGLyFDKSAAAAABJRU5ErkJggg==",
  "base64",
);

/** Text at a place, in points from the page's lower left corner. */
export interface PdfText {
  text: string;
  x?: number;
  y: number;
  size?: number;
}

export type PdfPage = PdfText[] | "scanned";

const HEIGHT = 842;

/**
 * A PDF with a text layer in Helvetica.
 * @param options.locked needs a password to open
 */
export function pdfOf(pages: PdfPage[], { title, locked = false }: { title?: string; locked?: boolean } = {}): Buffer {
  const objects: string[] = [
    "",
    "",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  const add = (body: string) => objects.push(body);
  const kids = pages.map((page) => {
    const content =
      page === "scanned"
        ? "q 595 0 0 842 0 0 cm /Im0 Do Q"
        : page
            .map(
              ({ text, x = 60, y, size = 11 }) =>
                `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${text.replace(/[\\()]/g, "\\$&")}) Tj ET`,
            )
            .join("\n");
    let resources = "/Font << /F1 3 0 R >>";
    if (page === "scanned")
      resources += ` /XObject << /Im0 ${add("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x7f\nendstream")} 0 R >>`;
    const stream = add(`<< /Length ${Buffer.byteLength(content, "latin1")} >>\nstream\n${content}\nendstream`);
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 ${HEIGHT}] /Resources << ${resources} >> /Contents ${stream} 0 R >>`,
    );
  });
  objects[0] = "<< /Type /Catalog /Pages 2 0 R >>";
  objects[1] = `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(" ")}] /Count ${kids.length} >>`;
  const info = title ? add(`<< /Title (${title}) >>`) : undefined;
  const key = "00".repeat(32);
  const encrypt = locked
    ? add(`<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${key}> /U <${key}> >>`)
    : undefined;

  let out = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
  const offsets = objects.map((body, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${info ? ` /Info ${info} 0 R` : ""}${encrypt ? ` /Encrypt ${encrypt} 0 R /ID [<00><00>]` : ""} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

/** Lines one under the other from the top of a page. */
export const pdfLines = (lines: string[], { top = 780, x = 60, size = 11, step = 14 } = {}): PdfText[] =>
  lines.map((text, i) => ({ text, x, y: top - i * step, size }));

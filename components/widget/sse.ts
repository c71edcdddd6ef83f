/**
 * Reads server-sent events from decoded text that arrives in arbitrary pieces.
 * @param onEvent called once per complete event with its name (`message` when unnamed), its data, and the id that it or
 *   the last one before it had
 * @returns the function to feed; what has no closing blank line yet is kept for the next call
 * As in the HTML standard: LF, CRLF and CR end a line, lines of `data` are joined with LF, `:` starts a comment. The
 * byte order mark is TextDecoder's business. A piece's last CR waits for the next piece: it may be half of a CRLF.
 */
export function sseReader(onEvent: (name: string, data: string, id: string) => void): (piece: string) => void {
  let rest = "";
  let name = "";
  let id = "";
  let data: string | undefined;

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      const [, field, value = ""] = /^(\w+)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
      if (field === "event") name = value;
      if (field === "id") id = value;
      if (line) continue;
      if (data !== undefined) onEvent(name || "message", data, id);
      name = "";
      data = undefined;
    }
  };
}

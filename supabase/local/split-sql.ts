/**
 * Splits a migration into its statements as the Supabase CLI records them: trimmed, without the closing semicolon, comments
 * kept. Knows quotes, dollar quotes, nested comments and `begin atomic … end` bodies.
 */
export function splitSql(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let atomicDepth = 0;
  const push = (end: number) => {
    const statement = sql.slice(start, end).trim();
    if (statement) statements.push(statement);
  };
  for (let at = 0; at < sql.length; ) {
    const next = skipQuoted(sql, at);
    if (next > at) {
      at = next;
      continue;
    }
    const word = /\w/.test(sql[at - 1] ?? "")
      ? undefined
      : /^(begin\s+atomic|case|end)\b/i.exec(sql.slice(at, at + 40))?.[0];
    if (word) {
      if (/^begin/i.test(word)) atomicDepth++;
      else if (atomicDepth > 0) atomicDepth += /^end/i.test(word) ? -1 : 1;
      at += word.length;
      continue;
    }
    if (sql[at] === ";" && atomicDepth === 0) {
      push(at);
      start = at + 1;
    }
    at++;
  }
  push(sql.length);
  return statements;
}

/** The index after the comment, string, quoted name or dollar-quoted text that starts at `at`; `at` when none does. */
function skipQuoted(sql: string, at: number): number {
  const rest = (needle: string, from: number) => {
    const found = sql.indexOf(needle, from);
    return found < 0 ? sql.length : found + needle.length;
  };
  const two = sql.slice(at, at + 2);
  if (two === "--") return rest("\n", at);
  if (two === "/*") {
    let depth = 1;
    let i = at + 2;
    for (; i < sql.length && depth > 0; i++) {
      if (sql.startsWith("/*", i)) depth++;
      else if (sql.startsWith("*/", i)) depth--;
      else continue;
      i++;
    }
    return i;
  }
  const quote = sql[at];
  if (quote === "'" || quote === '"') {
    const escapes = quote === "'" && /(^|\W)e$/i.test(sql.slice(Math.max(0, at - 2), at));
    for (let i = at + 1; i < sql.length; i++) {
      if (escapes && sql[i] === "\\") i++;
      else if (sql[i] === quote && sql[i + 1] === quote) i++;
      else if (sql[i] === quote) return i + 1;
    }
    return sql.length;
  }
  const tag =
    quote === "$" && !/\w/.test(sql[at - 1] ?? "")
      ? /^\$([A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 64))?.[0]
      : undefined;
  return tag ? rest(tag, at + tag.length) : at;
}

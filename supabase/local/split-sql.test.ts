import fc from "fast-check";
import { expect, test } from "vitest";
import { splitSql } from "./split-sql";

test("statements end at semicolons, and at those alone that are not quoted", () => {
  expect(splitSql("select 1; select ';'; select \"a;b\" ;\n\n")).toEqual(["select 1", "select ';'", 'select "a;b"']);
  expect(splitSql("select 'it''s; fine'; select E'\\'; still';")).toEqual([
    "select 'it''s; fine'",
    "select E'\\'; still'",
  ]);
});

test("comments stay with the statement they stand before; semicolons in them count for nothing", () => {
  expect(splitSql("-- one; two\nselect 1; /* a; /* nested; */ b; */ select 2;")).toEqual([
    "-- one; two\nselect 1",
    "/* a; /* nested; */ b; */ select 2",
  ]);
});

test("function bodies stay whole, whatever they are quoted with", () => {
  const body =
    "create function f() returns void language plpgsql as $x$ begin perform 1; execute $$ select 2; $$; end $x$";
  expect(splitSql(`${body}; select 1`)).toEqual([body, "select 1"]);
  const atomic = "create function g() returns int begin atomic select case when true then 1 end; select 2; end";
  expect(splitSql(`${atomic}; begin; commit;`)).toEqual([atomic, "begin", "commit"]);
});

test("parameters, casts and names with dollars are not quotes", () => {
  expect(splitSql("select $1, $2::text; select a$b$c; select 3")).toEqual([
    "select $1, $2::text",
    "select a$b$c",
    "select 3",
  ]);
});

test("nothing comes of nothing", () => {
  expect(splitSql("")).toEqual([]);
  expect(splitSql(" ;; \n; ")).toEqual([]);
});

test("no text is lost or made up, and broken quoting ends", () => {
  const pieces = fc.constantFrom(
    "'",
    '"',
    "$$",
    "$a$",
    ";",
    "--",
    "\n",
    "/*",
    "*/",
    "begin atomic",
    "end",
    "case",
    " ",
    "x",
    "E'",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const sql = parts.join("");
      const kept = splitSql(sql).join("");
      const squeeze = (text: string) => text.replaceAll(/[\s;]/g, "");
      expect(squeeze(kept)).toBe(squeeze(sql));
    }),
  );
});

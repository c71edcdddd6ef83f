import { describe, expect, test } from "vitest";
import { readQuestions } from "./read-questions";

const bare = { expectedFacts: [], expectedSources: [], mustRefuse: false };

describe("CSV", () => {
  test("is read by the names of its head, in any order, with lists divided by |", () => {
    expect(
      readQuestions(
        'sources,question,facts,must_refuse\nhttps://a.test/x|https://a.test/y,"How long, exactly?",two years|free,\n,Who won?,,yes\n',
      ),
    ).toEqual([
      {
        question: "How long, exactly?",
        expectedFacts: ["two years", "free"],
        expectedSources: ["https://a.test/x", "https://a.test/y"],
        mustRefuse: false,
      },
      { ...bare, question: "Who won?", mustRefuse: true },
    ]);
  });

  test("of a spreadsheet that writes semicolons and a byte order mark is read as well", () => {
    expect(readQuestions("\uFEFFFrage;facts\r\nWie lange?;45 Tage\r\n")).toEqual([
      { ...bare, question: "Wie lange?", expectedFacts: ["45 Tage"] },
    ]);
  });

  test("with an open quote is refused with its line", () => {
    expect(() => readQuestions('question\nfine\n"never closed\nmore')).toThrow(/^Line \d+: this is not valid CSV/);
  });

  test("names each wrong line as an editor counts them, quoted line breaks included", () => {
    const csv = `question,facts,must_refuse\n"two\nlines",x,\n,fact of nothing,\nok,x,yes\n`;
    expect(() => readQuestions(csv)).toThrow("Line 4: Write the question.\nLine 5: A question that must be refused");
  });

  test("without a column of questions says how to begin", () => {
    expect(() => readQuestions("a,b\n1,2")).toThrow("the head names no column “question”");
  });
});

describe("JSON lines", () => {
  test("are read with lists or texts", () => {
    expect(
      readQuestions(
        '{"question":"A?","facts":["x"],"sources":"https://a.test/"}\n\n{"question":"B?","mustRefuse":true}\n{"question":"C?","expectedFacts":["y"]}',
      ),
    ).toEqual([
      { ...bare, question: "A?", expectedFacts: ["x"], expectedSources: ["https://a.test/"] },
      { ...bare, question: "B?", mustRefuse: true },
      { ...bare, question: "C?", expectedFacts: ["y"] },
    ]);
  });

  test("in a list are read as well, and a wrong one is named by its place", () => {
    expect(readQuestions(' [{"question":"A?","facts":"x|y"},\n{"question":"B?"}]')).toEqual([
      { ...bare, question: "A?", expectedFacts: ["x", "y"] },
      { ...bare, question: "B?" },
    ]);
    expect(() => readQuestions('[{"question":"A?"},5,{"question":""}]')).toThrow("Question 2: this is no JSON object.");
    expect(() => readQuestions('[{"question":"A?"},{"question":""}]')).toThrow("Question 2: Write the question.");
    expect(() => readQuestions('[{"question":"A?"}')).toThrow("This is not valid JSON.");
  });

  test("that are broken or of other types are refused with their lines, all at once", () => {
    expect(() => readQuestions('{"question":"A?"}\n{"question"\n[1]')).toThrow(
      "Line 2: this is no JSON object.\nLine 3:",
    );
    expect(() => readQuestions('{"question":5}')).toThrow("Line 1: question is not of the right kind.");
  });
});

describe("what cannot be a test set", () => {
  test.each([
    ["nothing", "", "The file is empty"],
    ["white space", " \n\t\n", "The file is empty"],
    ["a head alone", "question,facts\n", "No questions were found"],
    ["10,000 lines", `question\n${Array.from({ length: 10_000 }, (_, i) => `q${i}?`).join("\n")}`, "holds 10,000"],
    ["bytes", "PK\u0003\u0004\u0000\u0000", "the head names no column"],
  ])("%s is refused in words", (_what, text, message) => {
    expect(() => readQuestions(text)).toThrow(message);
  });

  test("many wrong lines are counted after the first eight", () => {
    const csv = `question,facts\n${Array.from({ length: 30 }, () => ",x").join("\n")}`;
    expect(() => readQuestions(csv)).toThrow(/Line 9: .*\nand 22 more lines\.$/);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extractPage } from "@/lib/crawl/extract";

const page = (name: string) => readFileSync(join(import.meta.dirname, "pages", `${name}.html`), "utf8");

const PUMP = `# Why does my pump stall at low voltage?

My 12 V diaphragm pump runs fine from the mains adapter, but it stalls when the battery drops under 11 V.

The driver code is:

\`\`\`c
set_pwm(PUMP, 80);
wait_ms(200);
\`\`\`

Is that the battery or the driver?

## Accepted answer

It is the driver: its **under-voltage lockout** trips at 10.8 V, and the start-up current pulls a weak battery below that.

1. Add a 2200 µF capacitor.
2. Ramp the duty cycle from 30 % to 80 % over 500 ms.

## Answer

Check the battery first. Under load a tired lead-acid battery falls by more than a volt.

> A fully charged battery should read 12.7 V at rest.`;

describe("a page of one question keeps the answers in order and says which was accepted", () => {
  test("told by microdata", () => {
    const { kind, markdown, title } = extractPage(
      page("question-with-microdata"),
      "https://garden.test/questions/4821",
    );
    expect({ kind, title }).toEqual({ kind: "qa", title: "Why does my pump stall at low voltage?" });
    expect(markdown).toBe(PUMP);
  });

  test("told by classes alone", () => {
    const html = page("question-with-microdata").replace(/ item(?:prop|scope|type)(?:="[^"]*")?/g, "");
    expect(extractPage(html, "https://garden.test/questions/4821").markdown).toBe(PUMP);
  });

  test("told by boxes of one shape, with the question outside them and in words no list knows", () => {
    const { kind, markdown } = extractPage(page("question-apart-from-answers"), "https://fragen.test/f/1");
    expect(kind).toBe("qa");
    expect(markdown).toBe(`# Wie lange hält der Filter?

In der Anleitung steht nichts dazu. Wir haben hartes Wasser und gießen täglich.

## Reply

Bei hartem Wasser etwa drei Monate. Danach fließt es langsamer und die Pumpe wird laut.

## Accepted answer

Der Hersteller sagt sechs Monate, die App erinnert daran. Mit Zitronensäure hält er doppelt so lange.`);
  });
});

describe("a forum's thread keeps what was written and nothing about who wrote it", () => {
  test.each([
    [
      "forum-with-profiles",
      "https://forum.test/viewtopic.php?t=88",
      "# Leak under the tank",
      [
        "There is a small puddle under my Tower every morning. The tank is full and the lid is closed.\nWhat should I check?",
        "> small puddle under my Tower every morning\n\nThat is nearly always the O-ring of the drain plug. Unscrew it, clean it and press it back with the flat side down.",
        "It was the ring. Dry now, thank you!",
      ],
    ],
    [
      "forum-for-crawlers",
      "https://forum.test/t/how-do-i-reset-the-hub/77",
      "# How do I reset the hub?",
      [
        "The light blinks red and the app says `E07`. How do I get it back to factory settings?",
        "Hold the button for **ten seconds** until it turns white.\n\n- Release it.\n- Wait for two beeps.",
        "That worked.",
      ],
    ],
    [
      "forum-of-tables",
      "https://board.test/showthread.php?t=9",
      "# Lamp flickers when the fan runs - Growers Board",
      [
        "My lamp flickers as soon as the fan starts. Both hang on the same 24 V supply of 60 W. Is the supply too small?",
        "The lamp alone takes 48 W and the fan needs 20 W to start. Give the fan a supply of its own, or take one of 100 W.",
        "A second supply it is, thank you Rob.",
      ],
    ],
    [
      "thread-without-names",
      "https://corner.test/m/12",
      "# Can I use rain water?",
      [
        "I collect rain from a zinc roof. Is it safe for the lettuce in the Tower?",
        "Not from zinc. The metal dissolves in the slightly acidic rain and lettuce takes it up.\n\nFrom tiles it is fine after a filter.",
        "Same here.",
      ],
    ],
  ])("%s", (name, url, heading, posts) => {
    const { kind, markdown } = extractPage(page(name), url);
    expect(kind).toBe("qa");
    expect(markdown).toBe([heading, ...posts].join("\n\n### Reply\n\n").replace("\n\n### Reply", ""));
  });

  test("a post that is marked as the solution says so", () => {
    const { markdown } = extractPage(page("forum-of-messages"), "https://talk.test/threads/seedlings.51/");
    expect(markdown).toBe(`# Seedlings turn yellow after a week

All of them turn yellow from the tip, although the lamp is on for fourteen hours.

The water is from the tap, EC 0.4.

## Accepted answer

That is hunger. Tap water of 0.4 holds no nitrogen.

- Start with 2 ml per litre.
- Go to 4 ml after the second pair of leaves.`);
  });
});

describe("what looks like a thread and is none", () => {
  test("readers' comments below an article", () => {
    const { text } = extractPage(page("article-with-comments"), "https://notes.test/ten-days");
    expect(text).toContain("On the tenth day there was a finger of water left.");
    expect(text).not.toContain("Zebra");
  });

  test("a page of frequent questions with microdata", () => {
    const entry = (question: string, answer: string) =>
      `<div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">${question}</h3>
       <div itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="text"><p>${answer}</p></div></div></div>`;
    const html = `<html><body itemscope itemtype="https://schema.org/FAQPage"><main><h1>Questions</h1>${entry("Is it loud?", "No, the pump makes less noise than a refrigerator.")}${entry("Is it heavy?", "Two kilograms when it is empty, four when it is full.")}</main></body></html>`;
    expect(extractPage(html, "https://acme.test/faq").markdown).toBe(
      "# Questions\n\n### Is it loud?\n\nNo, the pump makes less noise than a refrigerator.\n\n### Is it heavy?\n\nTwo kilograms when it is empty, four when it is full.",
    );
  });

  test("the people of a company", () => {
    const person = (name: string) =>
      `<div class="person"><a href="/people/${name}"><b>${name}</b></a><p>${name} has built pumps for ten years and answers every letter in person.</p></div>`;
    const html = `<html><body><main><h1>Our people</h1><p>Three of us look after the pumps.</p>${["Ann", "Ben", "Cas"].map(person).join("")}</main></body></html>`;
    const { kind, markdown } = extractPage(html, "https://acme.test/team");
    expect(kind).toBe("other");
    expect(markdown).toContain("[**Ben**](https://acme.test/people/Ben)");
  });
});

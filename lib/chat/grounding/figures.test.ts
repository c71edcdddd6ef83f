import { expect, test } from "vitest";
import { Evidence } from "./evidence";
import { figuresOf } from "./figures";

const SOURCE = `Delivery costs 4.90 euros and takes 2 to 3 days. Orders above €1,250.00 are free of charge.
The pump draws 34 W. The warranty is two years, the battery lasts 14 months, support answers within a day.
We are closed from 14 December 2026 to 3 January. The shop in Utrecht is open until 21:00, on weekdays 9–17.
Call +32 9 123 45 67 or write to help@shop.test. Error E02: rinse the filter. See https://maker.test/app?x=1.
Outages are on status.shop.test. Refunds are 80 percent. Cover: €5 million. It measures 42 × 15 × 34 cm.`;

const evidence = new Evidence(
  [{ text: SOURCE, title: "Help", heading: "", url: "https://shop.test/help#delivery" }],
  ["I have 7 gardens, is that too many?"],
  "en",
);
const unknown = (text: string, language = "en") =>
  figuresOf(text, language)
    .filter((figure) => !figure.isImplied && !evidence.holds(figure))
    .map((figure) => figure.text);

test.each([
  "Delivery costs 4,90 €.",
  "It costs EUR 4.90 and takes 2 days.",
  "Above €1250 it is free; above 1.250,00 euros too.",
  "It takes two or three days.",
  "The warranty is 2 years, that is 24 months.",
  "An answer comes within 24 hours.",
  "The pump has 34W.",
  "Closed from 14/12/2026, from 2026-12-14, from December 14th, 2026, from 14.12.2026.",
  "Closed until January 3.",
  "Closed in December 2026.",
  "Open until 9 pm, on weekdays 9:00 to 17:00.",
  "Call 09 123 45 67 or +32 9 1234567.",
  "Write to HELP@shop.test.",
  "E02 means that the filter is clogged.",
  "See https://maker.test/app?x=1 or shop.test.",
  "Look at status.shop.test.",
  "You get 80% back.",
  "The cover is 5,000,000 euros.",
  "It is 15 cm deep.",
  "With your 7 gardens that is fine.",
  "1. Open the lid.\n2. Step 3 follows [1].",
  "Support answers once a day.",
])("what the sources say in other words is known: %s", (text) => {
  expect(unknown(text)).toEqual([]);
});

test.each([
  ["Die Garantie gilt zwei Jahre, der Akku hält 14 Monate.", "de"],
  ["La livraison prend trois jours et coûte 4,90 euros.", "fr"],
  ["Fermé le 14 décembre 2026.", "fr"],
  ["Cerrado el 14 de diciembre de 2026.", "es"],
  ["Geschlossen ab 14. Dezember 2026, offen bis 21 Uhr.", "de"],
  ["البطارية ١٤ شهر", "ar"],
  ["保修期为两年，电池可用十四个月。", "zh"],
  ["保証は2年で、電池は14か月です。", "ja"],
  ["万一出现十分严重的问题，请一起联系我们。", "zh"],
])("…and in other languages: %s", (text, language) => {
  expect(unknown(text, language)).toEqual([]);
});

test.each([
  ["Delivery costs 5.90 euros.", ["5.90 euros"]],
  ["Delivery costs $4.90.", ["$4.90"]],
  ["It takes 2 weeks.", ["2 weeks"]],
  ["The warranty is five years.", ["five years"]],
  ["The warranty is one year.", ["one year"]],
  ["It weighs 34 kg.", ["34 kg"]],
  ["Closed from 15 December 2026.", ["15 December 2026"]],
  ["Closed from 14 December 2025.", ["14 December 2025"]],
  ["Open until 22:30.", ["22:30"]],
  ["Call +1-900-555-0199.", ["+1-900-555-0199"]],
  ["Write to help@evil.test.", ["help@evil.test"]],
  ["Use code SAVE20 for 20% off.", ["SAVE20", "20%"]],
  ["Error E22 says so.", ["E22"]],
  ["See https://shop.test/invented.", []],
  ["Look at status.evil.test.", ["status.evil.test"]],
  ["See https://evil.test/x and evil.example.", ["https://evil.test/x", "evil.example"]],
  ["You get 10000% back.", ["10000%"]],
  ["It takes twenty-five days.", ["twenty-five days"]],
  ["Above 1,350 euros.", ["1,350 euros"]],
])("what they do not say is found: %s", (text, expected) => {
  expect(unknown(text)).toEqual(expected);
});

test.each([
  ["送到瑞士需要41欧元。", "zh", ["41"]],
  ["送到瑞士需要四十一欧元。", "zh", ["四十一"]],
  ["二〇三一年起生效，需要三天。", "zh", ["二〇三一"]],
  ["スイスへの送料は九十九ユーロです。", "ja", ["九十九"]],
  ["配達は99日かかります。", "ja", ["99"]],
  ["배송은 99일 걸립니다.", "ko", ["99"]],
])("numbers that stand between letters without a space, or are written in them: %s", (text, language, expected) => {
  expect(unknown(text, language)).toEqual(expected);
});

test.each([
  ["十", 10],
  ["十四", 14],
  ["四十二", 42],
  ["两百", 200],
  ["一千零五", 1_005],
  ["一万二千", 12_000],
  ["三亿", 300_000_000],
  ["二〇二六", 2_026],
])("%s is %i", (text, value) => {
  expect(figuresOf(`${text}天`, "zh").map(({ keys }) => keys)).toEqual([[`n:${value}|`]]);
});

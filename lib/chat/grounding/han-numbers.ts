const DIGITS = new Map([..."零一二三四五六七八九"].map((digit, value) => [digit, value]));
DIGITS.set("〇", 0).set("两", 2).set("兩", 2);
const TENS = new Map([
  ["十", 10],
  ["百", 100],
  ["千", 1_000],
]);
const MYRIADS = new Map([
  ["万", 1e4],
  ["萬", 1e4],
  ["亿", 1e8],
  ["億", 1e8],
]);
/** Hold a sentence back: a number, perhaps. One stands in too many other words to wait for each. */
export const HAN_DIGITS = "〇零二三四五六七八九十百千万萬亿億两兩";
const RUN = /[〇零一二三四五六七八九十百千万萬亿億两兩]+/gu;
/** A single digit counts something only before one of these. */
const COUNTED =
  /^(?:个|個|小|工|营|營|天|日|年|月|周|週|星|期|元|块|塊|円|欧|歐|美|ユーロ|ドル|時|时|分|秒|次|回|件|本|台|度|级|級|倍|公|克|升|米|キロ|グラム|ヶ|か|カ|つ)/u;
/** Written with digits without counting. */
const WORDS = new Set(["万一", "千万", "一一"]);

/** Numbers written in Chinese and Japanese numerals, as `四十二` for 42. */
export function findHanNumbers(text: string): { start: number; end: number; value: number }[] {
  return [...text.matchAll(RUN)].flatMap(({ 0: run, index: start }) => {
    const end = start + run.length;
    if (WORDS.has(run) || text.startsWith("十分", start)) return [];
    // One of anything is mostly an article.
    if (run.length === 1 && (run === "一" || !COUNTED.test(text.slice(end)))) return [];
    const value = numberOf(run);
    return value === undefined ? [] : [{ start, end, value }];
  });
}

/** `二〇二六` place by place, `一万二千` by its units. */
function numberOf(run: string): number | undefined {
  const signs = [...run];
  if (signs.every((sign) => DIGITS.has(sign))) return Number(signs.map((sign) => DIGITS.get(sign)).join(""));
  let [total, part, digit] = [0, 0, -1];
  for (const sign of signs) {
    const ten = TENS.get(sign);
    const myriad = MYRIADS.get(sign);
    if (ten) {
      part += (digit < 0 ? 1 : digit) * ten;
      digit = -1;
    } else if (myriad) {
      total += (part + Math.max(digit, 0) || 1) * myriad;
      [part, digit] = [0, -1];
    } else digit = DIGITS.get(sign)!;
  }
  return total + part + Math.max(digit, 0);
}

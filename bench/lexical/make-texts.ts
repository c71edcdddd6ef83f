import { generator } from "../vectors/make-vectors";

const VOCABULARY = 60_000;
/** Of a word's rank: what word counts of documentation fall with, function words left out. */
const EXPONENT = 0.9;
const SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo zu kra ste plo tri gan mor lin ver dal".split(" ");
const PASSAGE_WORDS = { least: 60, most: 180 };
const QUESTION_WORDS = 5;

export interface TextMaker {
  passage(): { title: string; content: string };
  /** Some words of a passage, in the order of the passage. */
  question(content: string): string;
}

/** Made-up texts whose words are as unevenly spread as those of real ones: few in every passage, most in hardly any. */
export function textMaker(seed: number): TextMaker {
  const random = generator(seed);
  const sums = new Float64Array(VOCABULARY);
  for (let rank = 0, sum = 0; rank < VOCABULARY; rank++) sums[rank] = sum += 1 / (rank + 5) ** EXPONENT;
  const word = (): string => {
    const wanted = random() * sums[VOCABULARY - 1]!;
    let low = 0;
    for (let high = VOCABULARY - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return spell(low);
  };
  const words = (count: number) => Array.from({ length: count }, word);
  return {
    passage() {
      const { least, most } = PASSAGE_WORDS;
      return { title: words(4).join(" "), content: words(least + Math.floor(random() * (most - least))).join(" ") };
    },
    question(content) {
      const all = content.split(" ");
      const start = Math.floor(random() * (all.length - 4 * QUESTION_WORDS));
      return Array.from({ length: QUESTION_WORDS }, (_, i) => all[start + 4 * i + Math.floor(random() * 4)]!).join(" ");
    },
  };
}

/** Another word for each number. */
function spell(number: number): string {
  const base = SYLLABLES.length;
  let rest = number + base;
  let text = "";
  for (; rest > 0; rest = Math.floor(rest / base)) text += SYLLABLES[rest % base];
  return text;
}

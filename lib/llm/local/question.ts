import { analyze, analyzeQuery, words } from "@/lib/core/text/analyze";
import { functionWords } from "@/lib/core/text/languages";
import { alternatives } from "./synonyms";

/** One word of a question that an answer should hold. */
export type Term = {
  stem: string;
  /** Stems that say the same in a shop or a help centre. */
  alternatives: ReadonlySet<string>;
  /** Weight before rarity: codes count double, words that say little count little. */
  factor: number;
  /** A name or a code: what does not mention it is about something else. */
  isRequired: boolean;
};

/** What kind of answer a question asks for. */
export type Wish = "number" | "money" | "duration" | "steps" | "code" | "place" | "yesNo" | "list" | "legal" | "news";

export type Question = { language: string; terms: Term[]; wishes: ReadonlySet<Wish> };

/** Several languages at once: the words hardly collide, and a wish only tips the balance. */
const WISHES: [Wish, RegExp][] = [
  [
    "number",
    /\bhow (?:much|many|long|often|far|big|tall|high|wide|heavy|loud|fast|old|hot|cold|warm|soon|large|late|early)\b|\bwhen\b|\bwhat(?:'s| is| are)? (?:the )?(?:\w+ )?(?:size|weight|height|width|depth|maximum|minimum|limit|number|dimensions?)\b|\bwie (?:viele?|lange|oft|weit|gro[sß]+|hoch|schwer|warm|laut)\b|\bwann\b|\bcombien\b|\bquand\b|\bcu[aá]nt[oa]s?\b|\bcu[aá]ndo\b|\bquant[oiae]\b|\bhoe(?:veel| lang| vaak)\b/i,
  ],
  [
    "money",
    /\b(?:costs?|prices?|fees?|charges?|expensive|cheap|pay|how much is|kost(?:et|en)|preis|teuer|prix|co[uû]te|cuesta|precio|costa|prezzo|kost)\b/i,
  ],
  [
    "duration",
    /\bhow (?:long|soon|quickly|fast)\b|\bwhen (?:will|does|do|can|is)\b|\bwie lange\b|\bcombien de temps\b|\bcu[aá]nto tiempo\b/i,
  ],
  [
    "steps",
    /\bhow (?:do|can|to|should|would|does one)\b|\bsteps?\b|\bset ?up\b|\binstructions?\b|\bwie (?:kann|mache?|richte|stelle|soll|geht|funktioniert)\b|\bcomment\b|\bc[oó]mo\b|\bcome (?:posso|si)\b/i,
  ],
  [
    "code",
    /\b(?:api|endpoint|curl|sdk|json|http|headers?|webhooks?|snippet|code example|request|javascript|typescript|python|npm|pip|import|function|query|payload|mqtt|sql)\b|`/i,
  ],
  ["place", /\bwhere\b|\bwo\b|\bwoher\b|\boù\b|\bd[oó]nde\b|\bdove\b|\bwaar\b/i],
  [
    "yesNo",
    /^\s*(?:can|could|is|are|do|does|did|will|would|may|should|has|have|must|am|kann|darf|ist|sind|hat|gibt|muss|est-ce|puis-je|peut-on|puedo|se puede|posso|kan)\b/i,
  ],
  ["list", /\b(?:which|what kinds?|what types?|list|options|welche|quels?|quelles?|cu[aá]les|quali)\b/i],
  [
    "legal",
    /\b(?:terms|privacy|legal|law|gdpr|right of withdrawal|liab\w+|consent|cookies?|datenschutz|agb|widerruf\w*|rgpd)\b/i,
  ],
  [
    "news",
    /\b(?:press|news|blog|changelog|changed|release|version|incident|outage|jobs?|careers?|hiring|founded|founders?|vacanc\w+)\b/i,
  ],
];

/** Words that ask rather than name something, by language; an answer seldom repeats them. */
const LITTLE: Record<string, string> = {
  en: "work works happen happens make makes thing things way ways possible good best better much many long often know find help question today now new use used using look like mean means take takes give gives come comes go goes time times kind type sure able need needed order let say one ones really still already ever anything something someone everything long soon far big another other others else offer currently available happen sort tell show explain describe information details accept provide include contain exist until before after while during already go without within between normal usual typical average together exactly become put day days have",
  de: "lange lang viel viele oft weit groß hoch schnell spät früh funktioniert funktionieren geht gehen gibt machen tun passiert bedeutet heißt finde finden wissen gut gute beste besten möglich art zeit nutzen benutzen verwenden brauche brauchen",
  fr: "combien temps longtemps souvent beaucoup tôt tard marche fonctionne fonctionner faire trouver trouve savoir sais possible utiliser utilise besoin",
  es: "mucho mucha tiempo largo tarda funciona funcionar hacer hago encontrar encuentro saber posible usar uso",
  it: "molto molta tempo spesso funziona funzionare fare trovare trovo sapere possibile usare serve",
  nl: "lang veel vaak snel werkt werken doen vinden vind weten mogelijk gebruiken",
};
const PRICE_WORDS =
  "cost costs price prices fee fees charge charges delivery duration step steps kosten preis preise prix precio prezzo";

/** Small talk names nothing that a page could hold. */
const SMALL_TALK = new Set(
  analyze(
    "hello hi hey thanks thank thx bye goodbye ok okay cool great nice welcome morning evening hallo danke tschüss bonjour merci hola gracias ciao grazie",
    "en",
  ),
);

/** "How long" and "how much" are wishes; as words they prove nothing. */
const OF_AMOUNT = new Set(
  "long much mani often far soon lang viel oft combien longtemp souvent much tiemp molt temp spess vel veel vak vaak".split(
    " ",
  ),
);

const littleByLanguage = new Map<string, ReadonlySet<string>>();

/** Stems of words that name no topic of their own. */
export function saysLittle(stem: string, language: string): boolean {
  let known = littleByLanguage.get(language);
  if (!known) {
    known = new Set(analyze(LITTLE[language] ?? "", language));
    littleByLanguage.set(language, known);
  }
  return known.has(stem);
}

/** The same in a heading, where words for prices only say what kind of facts follow. */
export const saysLittleInHeading = (stem: string, language: string) =>
  saysLittle(stem, language) || priceStems.has(stem);

const priceStems = new Set([...analyze(PRICE_WORDS, "en"), ...analyze(PRICE_WORDS, "de")]);

/**
 * The question as scoring needs it.
 * @param language that of the passages: a few words of a question are too little to tell by
 * @param previous the visitor's last question, which a short one usually leans on
 */
export function readQuestion(text: string, language: string, previous = ""): Question {
  const joined = joinHyphens(text);
  const { terms } = analyzeQuery(joined, language);
  const codes = stemsOf(words(joined).filter(isCode), language);
  const abbreviations = stemsOf(joined.match(/\b\p{Lu}{2,}\b/gu) ?? [], language);
  const names = stemsOf(namesOf(joined, language), language);
  const asked = stemsOf(text.match(WHICH) ?? [], language);
  // A question of question words alone ("and how much is it?") comes back whole: its words ask, they do not tell what about.
  const asking = stemsOf([...functionWords(language).ask], language);
  const stems = [...new Set(terms)].filter((stem) => !SMALL_TALK.has(stem) && !asking.has(stem));
  const read: Term[] = stems.map((stem) => ({
    stem,
    alternatives: language === "en" && !names.has(stem) ? alternatives(stem) : NONE,
    factor: codes.has(stem)
      ? 2
      : OF_AMOUNT.has(stem)
        ? 0.05
        : saysLittle(stem, language)
          ? 0.2
          : abbreviations.has(stem)
            ? 0.5
            : 1,
    isRequired: codes.has(stem) || names.has(stem) || (asked.has(stem) && !saysLittle(stem, language)),
  }));
  const telling = read.filter((term) => term.factor >= 1).length;
  if (previous && telling < 2) {
    for (const stem of new Set(analyzeQuery(joinHyphens(previous), language).terms)) {
      const isNew = !stems.includes(stem);
      const factor = (telling === 0 ? 1 : 0.4) * (saysLittle(stem, language) ? 0.2 : 1);
      if (isNew) read.push({ stem, alternatives: alternatives(stem), factor, isRequired: false });
    }
  }
  return { language, terms: read, wishes: wishesOf(text) };
}

export const wishesOf = (text: string): ReadonlySet<Wish> =>
  new Set(WISHES.filter(([, sign]) => sign.test(text)).map(([wish]) => wish));

/** "Which wine goes with …": without wine it is no answer. */
const WHICH = /(?<=\b(?:which|welche[rsnm]?|quel(?:le)?s?)\s)\p{L}+/giu;

const stemsOf = (found: readonly string[], language: string) => new Set(analyze(found.join(" "), language));

/** `Wi-Fi` and `wifi`, `e-mail` and `email` are the same words to visitors. */
export const joinHyphens = (text: string) => text.replace(/(?<=\p{L})-(?=\p{L})/gu, "");

/** `E03`, `token_expired`, `CR2450`, `429`, `getElementById`; not `5`, `GHz` or `iPad`. */
const isCode = (word: string) =>
  (/\d/.test(word) && word.length >= 3) || word.includes("_") || (word.length > 6 && /[a-z][A-Z]/.test(word));

/** Words with a capital inside a sentence; German writes every noun so. Abbreviations (`API`, `VAT`) are left out of pages too often. */
function namesOf(text: string, language: string): string[] {
  const inner = text.match(/(?<=[\p{Ll}\p{N},;]['’)"]?\s+)\p{Lu}[\p{L}\p{M}]+(?:\s+\p{Lu}[\p{L}\p{M}]+)*/gu) ?? [];
  const isShouting = text === text.toUpperCase();
  return language === "de" || isShouting
    ? []
    : inner.flatMap((run) => run.split(/\s+/)).filter((word) => /\p{Ll}/u.test(word));
}

const NONE: ReadonlySet<string> = new Set();

/**
 * English forms that no rule of the stemmer leads back to their word, as `word form form`: "What was sent?" finds "We send". Left out are forms
 * that are mostly another word: left, found, saw, felt, lay, rose, lives, leaves, media, data.
 */
const FORMS = `
arise arose arisen, awake awoke awoken, beat beaten, become became, begin began begun, bend bent, bite bit bitten, bleed bled, blow blew blown,
break broke broken, breed bred, bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen, come came, creep crept,
deal dealt, dig dug, draw drew drawn, dream dreamt, drink drank drunk, drive drove driven, eat ate eaten, fall fallen, feed fed, fight fought,
flee fled, fly flew flown, forbid forbade forbidden, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, give gave given,
go went gone, grow grew grown, hang hung, hear heard, hide hid hidden, hold held, keep kept, know knew known, lead led, learn learnt, lend lent,
lose lost, make made, mean meant, meet met, overwrite overwrote overwritten, pay paid, prove proven, rebuild rebuilt, redo redid redone,
resend resent, rewrite rewrote rewritten, ride rode ridden, ring rang rung, rise risen, run ran, say said, see seen, seek sought, sell sold,
send sent, shake shook shaken, shine shone, shoot shot, show shown, shrink shrank shrunk, sing sang sung, sink sank sunk, sit sat, sleep slept,
slide slid, speak spoke spoken, spell spelt, spend spent, spin spun, spring sprang sprung, stand stood, steal stole stolen, stick stuck,
strike struck stricken, swear swore sworn, sweep swept, swim swam swum, swing swung, take took taken, teach taught, tear tore torn, tell told,
think thought, throw threw thrown, understand understood, undo undid undone, wake woke woken, wear wore worn, weave wove woven, win won,
withdraw withdrew withdrawn, write wrote written,
analysis analyses, appendix appendices, bacterium bacteria, basis bases, child children, crisis crises, criterion criteria, diagnosis diagnoses,
foot feet, half halves, hypothesis hypotheses, index indices, knife knives, man men, matrix matrices, mouse mice, nucleus nuclei, person people,
phenomenon phenomena, shelf shelves, stimulus stimuli, thesis theses, tooth teeth, vertex vertices, wife wives, woman women
`;

let words: Map<string, string> | undefined;

/** The word that an irregular English form belongs to; any other word as it is. */
export function regularForm(form: string): string {
  words ??= new Map(
    FORMS.split(",").flatMap((line) => {
      const [word, ...forms] = line.trim().split(" ");
      return forms.map((each): [string, string] => [each, word!]);
    }),
  );
  return words.get(form) ?? form;
}

/**
 * Function words by language, lower case, separated by spaces.
 *
 * `stop` words carry no meaning of their own and are dropped when a page is indexed and when a question is asked. English has the
 * 33 words of Lucene; longer lists were measured and did not help.
 * `ask` words only turn a statement into a question ("how do I …", "please tell me …"): they are dropped from questions, never from
 * pages. This alone improved ranking by about 5 %, and what frames a question ("is there a way", "anyone know") by 1 % more in a help centre.
 * Both together recognise a language, see detect-language.ts.
 */
export const FUNCTION_WORDS: Record<string, { stop: string; ask: string }> = {
  en: {
    stop: "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with",
    ask: "how what when where which who why do does did can could should would may might must shall i me my we our us you your he she his her its am been being were has have had having from about there here so than too very just any some please tell want need get many much often now way ways possible able know anyone anybody someone somebody wondering won't dont cant doesnt didnt im ive",
  },
  de: {
    stop: "der die das den dem des ein eine einer eines einem einen und oder aber ist sind war im in am an auf aus bei beim mit nach von vom zu zum ins ans zur für als auch es nicht dass sich so um",
    ask: "wie was wann wo woher wohin welche welcher welches welchen wer wem wen warum wieso weshalb kann können könnte könnten muss müssen soll sollte darf dürfen möchte will würde hat haben hatte habe hast wird werden bin ich mich mir mein meine meinen meiner wir uns unser unsere sie ihr ihre ihren du dich dir dein deine man gibt bitte etwas denn mal hier da über noch nur möglich",
  },
  fr: {
    stop: "le la les l un une des du de d et ou mais est sont était en dans sur au aux par pour avec ce cet cette ces ne pas que qu se il y à",
    ask: "comment quoi quel quelle quels quelles quand où qui pourquoi combien puis peut peux pouvez pouvons peuvent dois doit faut devrait voudrais veux je j me moi mon ma mes nous notre nos vous votre vos tu te ton ta tes elle ils elles on a ai as avez avoir ont avons suis êtes être fait faire si plus très merci svp plaît quelque sans là possible",
  },
  es: {
    stop: "el la los las lo un una unos unas y o u e pero es son era en de del al a por para con que se no su sus como más",
    ask: "cómo qué cuál cuáles cuándo cuando dónde donde quién quiénes cuánto cuánta cuántos cuántas puedo puede pueden podemos podría debo debe debería quiero quisiera necesito yo me mi mis nos nuestro nuestra tú te tu tus usted ustedes él ella ellos hay tengo tiene tienen tener está están estoy ser hacer hago si sí muy favor sobre desde este esta esto eso porque posible",
  },
  it: {
    stop: "il lo la i gli le l un uno una e ed o ma è sono era in nel nella nei di del dello della dei delle d a al alla ai da dal dalla con su sul per che non si come",
    ask: "cosa quale quali quando dove chi perché quanto quanta quanti quante posso può possono possiamo potrei devo deve dovrei vorrei voglio bisogno io mi me mio mia miei mie noi ci nostro vostro tu ti tuo tua lei lui loro ho ha hai hanno avere essere fare faccio c'è cos'è qual se più molto anche questo questa qui per favore possibile",
  },
  pt: {
    stop: "o a os as um uma uns umas e ou mas é são era em no na nos nas de do da dos das ao à por pelo pela para com que se não como",
    ask: "qual quais quando onde quem porque porquê quanto quanta quantos quantas posso pode podem podemos poderia devo deve deveria quero gostaria preciso eu me mim meu minha meus minhas nós nosso nossa você vocês tu te teu tua seu sua seus suas ele ela eles elas há tenho tem têm ter está estão estou ser fazer faço muito mais este esta isso isto favor sobre também já possível",
  },
  nl: {
    stop: "de het een en of maar is zijn was in op aan van voor met bij naar uit te om als dat die dit door er niet",
    ask: "hoe wat wanneer waar waarom welke welk wie kan kunnen kunt zou zouden moet moeten mag mogen wil wilt graag ik mij me mijn wij we ons onze u uw je jij jouw jullie hij zij ze hun heb hebt heeft hebben had ben bent wordt worden doen doe nog ook wel dan over alstublieft nodig mogelijk",
  },
  pl: {
    stop: "i w we z ze na do od o u za po przez przy dla a ale lub albo oraz jest są był była było być nie to że się ten ta te jako",
    ask: "jak co kiedy gdzie który która które jaki jaka jakie kto dlaczego ile czy mogę może można możemy muszę musi powinienem chcę chciałbym potrzebuję ja mnie mi mój moja moje my nas nasz nasze ty cię twój pan pani państwo on ona oni mam ma mają mieć jestem proszę tak już tylko tu tam bardzo",
  },
  tr: {
    stop: "ve veya ya da de bir bu şu o ile için gibi ama fakat ki olan olarak daha en",
    ask: "nasıl ne neden niçin niye zaman nerede nereye nereden hangi hangisi kim kime kaç kadar mı mi mu mü miyim mıyım musunuz misiniz ben beni bana benim biz bizim sen siz sizin size onlar onun var yok olur mudur midir edebilir edebilirim yapabilirim lütfen istiyorum gerekir çok her şey",
  },
  sv: {
    stop: "en ett och eller men är var i på av för med till från om som att det den de inte vid",
    ask: "hur vad när var vart vilken vilket vilka vem varför kan kunna ska skulle måste får vill jag mig min mitt mina vi oss vår du dig din ditt ni er han hon har hade finns göra gör behöver också snälla",
  },
  da: {
    stop: "en et og eller men er var i på af for med til fra om som at det den de ikke ved",
    ask: "hvordan hvad hvornår hvor hvilken hvilket hvilke hvem hvorfor kan kunne skal skulle må vil jeg mig min mit mine vi os vores du dig din dit jer har havde findes gør gøre også venligst",
  },
  no: {
    stop: "en et ei og eller men er var i på av for med til fra om som at det den de ikke ved",
    ask: "hvordan hva når hvor hvilken hvilket hvilke hvem hvorfor kan kunne skal skulle må vil jeg meg min mitt mine vi oss vår du deg din ditt dere har hadde finnes gjør gjøre også vennligst",
  },
  fi: {
    stop: "ja tai mutta on ovat oli ei että se ne tämä nämä joka jotka kuin myös",
    ask: "miten mitä mikä mitkä milloin koska missä mistä mihin kuka miksi voiko voinko voin voi voiko pitääkö täytyy haluan minä minun meidän sinä sinun te teidän onko olen kuinka paljon",
  },
  ro: {
    stop: "și sau dar este sunt era în la de pe cu din pentru un o unei unui al a ai ale că se nu ce mai",
    ask: "cum când unde care cine cât câte câți pot poate putem trebuie vreau aș dori eu mă mi meu mea noi nostru tu te tău dumneavoastră am ai are avem există fac face foarte rog",
  },
  hu: {
    stop: "a az egy és vagy de hogy nem is ez van volt meg el ki be",
    ask: "hogyan mi mit mikor hol hova honnan melyik ki kit miért mennyi hány lehet tudok tud kell szeretnék én engem nekem mi minket te neked ön önök vannak kérem",
  },
  cs: {
    stop: "a i v ve z ze na do od o u za po pro s se k ale nebo je jsou byl byla bylo být to že ten ta te jako",
    ask: "jak co kdy kde který která které jaký jaká jaké kdo proč kolik mohu můžu může lze můžeme musím musí chci chtěl potřebuji já mě mi můj moje my nás náš ty vy vás váš mám má mají jsem jste prosím také už jen",
  },
  ru: {
    stop: "и в во не на с со к ко у из за от до по о об а но или же ли это как для при что бы то",
    ask: "где когда кто какой какая какие какое почему зачем сколько можно могу может можете нужно надо должен хочу хотел я мне меня мой моя мои мы нас нам наш ты тебя вы вас вам ваш он она они его её есть быть был пожалуйста ещё",
  },
  uk: {
    stop: "і й та в у не на з зі до від по о про а але або чи це як для при що б то",
    ask: "де коли хто який яка які яке чому навіщо скільки можна можу може можете потрібно треба повинен хочу я мені мене мій моя мої ми нас нам наш ти тебе ви вас вам ваш він вона вони є бути будь ласка ще",
  },
  el: {
    stop: "ο η το οι τα του της των τον την και ή αλλά είναι ήταν σε στο στη στον στην με για από που να δεν ως",
    ask: "πώς πως τι πότε πού ποιος ποια ποιο γιατί πόσο μπορώ μπορεί μπορούμε πρέπει θέλω θα εγώ μου μας εσύ σας έχω έχει υπάρχει παρακαλώ",
  },
  ar: {
    stop: "في من على إلى عن مع هذا هذه ذلك التي الذي أن إن لا ما أو و ثم قد كان",
    ask: "كيف ماذا متى أين أي من لماذا كم هل يمكن يمكنني أستطيع أريد أحتاج يجب أنا نحن أنت هو هي هم لي لدي لديكم يوجد هناك فضلك",
  },
  he: {
    stop: "של את על אל עם או גם זה זו זאת הוא היא הם לא כי אם כל יש",
    ask: "איך מה מתי איפה היכן איזה איזו מי למה מדוע כמה האם אפשר אני אנחנו אתה אתם שלי שלכם שלך לי יכול יכולה צריך רוצה ניתן בבקשה",
  },
  hi: {
    stop: "का के की को में से है हैं पर और या एक यह वह ये वे ने तो ही भी था थे थी कि",
    ask: "कैसे क्या कब कहाँ कहां कौन कौनसा क्यों कितना कितने कर सकता सकते सकती हूँ हूं मैं मुझे मेरा मेरी हम हमें आप आपका चाहिए चाहता कृपया करें करना",
  },
};

const JOINING = new Set(["de", "nl", "sv", "da", "no", "fi"]);
/** Languages that write `Versandkosten` where others write "shipping costs". */
export const joinsWords = (language: string): boolean => JOINING.has(language);

/** `pt-BR`, `PT_br` → `pt`; Norwegian Bokmål and Nynorsk → `no`; nothing usable → `en`. */
export function baseLanguage(tag: string | null | undefined): string {
  const base = (tag ?? "").trim().toLowerCase().split(/[-_]/)[0] ?? "";
  if (base === "nb" || base === "nn") return "no";
  return /^[a-z]{2,3}$/.test(base) ? base : "en";
}

const sets = new Map<string, { stop: Set<string>; ask: Set<string> }>();
const NONE = { stop: new Set<string>(), ask: new Set<string>() };

/** The function words of a language as sets; empty sets for a language without a list. */
export function functionWords(language: string): { stop: Set<string>; ask: Set<string> } {
  const known = sets.get(language);
  if (known) return known;
  const words = FUNCTION_WORDS[language];
  if (!words) return NONE;
  const made = { stop: new Set(words.stop.split(" ")), ask: new Set(words.ask.split(" ")) };
  sets.set(language, made);
  return made;
}

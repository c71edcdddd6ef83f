export { joinFound } from "./join-found";
export { otherLanguage } from "./other-language";
export { translateByModel } from "./rewrite";
export { splitQuestions } from "./split-questions";
export { type Understood, understand } from "./understand";

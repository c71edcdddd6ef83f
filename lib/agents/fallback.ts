import type { AgentSettings } from "./settings";

/** What an agent says when it does not know, before its owner has written anything: the first is what a new agent begins with. */
export const DEFAULT_FALLBACKS = {
  en: "I could not find that in our help pages. Please contact our team and we will gladly help.",
  ar: "لم أجد ذلك في صفحات المساعدة لدينا. يُرجى التواصل مع فريقنا وسنساعدك بكل سرور.",
  de: "Dazu habe ich in unseren Hilfeseiten nichts gefunden. Bitte wenden Sie sich an unser Team, wir helfen Ihnen gern.",
  es: "No he encontrado eso en nuestras páginas de ayuda. Póngase en contacto con nuestro equipo y le ayudaremos con mucho gusto.",
  fr: "Je n’ai pas trouvé cela dans nos pages d’aide. Contactez notre équipe, nous vous aiderons avec plaisir.",
  he: "לא מצאתי את זה בדפי העזרה שלנו. אפשר לפנות לצוות שלנו ונשמח לעזור.",
  hi: "मुझे यह हमारे सहायता पृष्ठों में नहीं मिला। कृपया हमारी टीम से संपर्क करें, हम खुशी से मदद करेंगे।",
  it: "Non ho trovato nulla al riguardo nelle nostre pagine di aiuto. Contatta il nostro team, saremo felici di aiutarti.",
  ja: "ヘルプページにはその情報が見つかりませんでした。担当チームまでお問い合わせください。喜んでお手伝いいたします。",
  nl: "Dat heb ik niet gevonden op onze helppagina’s. Neem contact op met ons team, we helpen je graag.",
  pl: "Nie ma tego na naszych stronach pomocy. Proszę skontaktować się z naszym zespołem, chętnie pomożemy.",
  pt: "Não encontrei isso nas nossas páginas de ajuda. Entre em contato com a nossa equipe e teremos prazer em ajudar.",
  tr: "Bunu yardım sayfalarımızda bulamadım. Lütfen ekibimizle iletişime geçin, memnuniyetle yardımcı oluruz.",
  zh: "我在帮助页面中没有找到相关内容。请联系我们的团队，我们很乐意为您提供帮助。",
};

/**
 * What an agent says in a language when it does not know: its owner's words in that language; where there are none, its owner's words for all,
 * which say where to turn even to who reads another language; and while nobody has written any, the product's own in that language.
 * @param language two letters
 */
export function fallbackIn(
  { fallbackMessage, fallbackMessages }: Pick<AgentSettings, "fallbackMessage" | "fallbackMessages">,
  language: string,
): string {
  if (Object.hasOwn(fallbackMessages, language) && fallbackMessages[language]) return fallbackMessages[language];
  const ours: Record<string, string> = DEFAULT_FALLBACKS;
  const isUnwritten = Object.values(ours).includes(fallbackMessage.trim());
  return isUnwritten && Object.hasOwn(ours, language) ? ours[language]! : fallbackMessage;
}

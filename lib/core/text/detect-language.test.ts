import { expect, test } from "vitest";
import { detectLanguage } from "./detect-language";
import { baseLanguage } from "./languages";

test.each([
  ["en", "How do I reset my password?"],
  ["de", "Wie kann ich mein Passwort zurücksetzen?"],
  ["fr", "Comment puis-je réinitialiser mon mot de passe ?"],
  ["es", "¿Cómo puedo restablecer mi contraseña?"],
  ["it", "Come posso reimpostare la password?"],
  ["pt", "Como posso redefinir minha senha?"],
  ["nl", "Hoe kan ik mijn wachtwoord opnieuw instellen?"],
  ["pl", "Jak mogę zresetować hasło?"],
  ["tr", "Şifremi nasıl sıfırlayabilirim?"],
  ["sv", "Hur återställer jag mitt lösenord?"],
  ["fi", "Miten voin vaihtaa salasanani?"],
  ["cs", "Jak mohu obnovit heslo?"],
  ["ru", "Как сбросить пароль?"],
  ["uk", "Як скинути пароль? Де моє замовлення"],
  ["ar", "كيف يمكنني إعادة تعيين كلمة المرور؟"],
  ["he", "איך אני מאפס את הסיסמה?"],
  ["hi", "मैं अपना पासवर्ड कैसे रीसेट करूँ?"],
  ["ja", "パスワードをリセットするにはどうすればいいですか"],
  ["zh", "如何重置密码？"],
  ["ko", "비밀번호를 재설정하려면 어떻게 하나요?"],
  ["th", "ฉันจะรีเซ็ตรหัสผ่านได้อย่างไร"],
  ["el", "Πώς μπορώ να αλλάξω τον κωδικό;"],
])("%s: %s", (language, text) => expect(detectLanguage(text)).toBe(language));

test.each([
  ["fr", "Combien de temps dure la garantie de la balance ?"],
  ["fr", "Quels sont les frais de livraison ?"],
  ["es", "¿Dónde está mi pedido?"],
  ["it", "Quanto costa la spedizione in Austria?"],
  ["pt", "Quanto custa o envio para a Áustria?"],
  ["de", "Was kostet der Versand nach Österreich?"],
  ["nl", "Wat kost de verzending naar Oostenrijk?"],
  ["pl", "Gdzie jest moje zamówienie?"],
  ["tr", "Siparişim nerede?"],
  ["sv", "Vad kostar frakten till Österrike?"],
  ["en", "Do you deliver to La Réunion?"],
  ["en", "Is the Tower dishwasher safe?"],
  ["en", "de facto warranty of the La Mer set"],
])("a shop's visitor asks in %s: %s", (language, text) => expect(detectLanguage(text)).toBe(language));

test("a few words that say nothing leave the decision to the agent's language", () => {
  expect(detectLanguage("wifi password")).toBe("en");
  expect(detectLanguage("wifi password", "de")).toBe("de");
  expect(detectLanguage("", "fr")).toBe("fr");
  expect(detectLanguage("12345 !!", "pl")).toBe("pl");
});

test("clear words overrule the agent's language", () => {
  expect(detectLanguage("How do I return my order?", "de")).toBe("en");
});

test("a brand in Latin letters does not make a Russian question English", () => {
  expect(detectLanguage("возврат iPhone 15 Pro")).toBe("ru");
});

test("language tags are reduced to what the stemmers know", () => {
  expect(["pt-BR", "EN_us", "nb", " de ", "", null, "x-klingon"].map(baseLanguage)).toEqual([
    "pt",
    "en",
    "no",
    "de",
    "en",
    "en",
    "en",
  ]);
});

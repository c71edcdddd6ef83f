import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Załącz plik",
    sending: "Wysyłanie {name}…",
    sent: "Wysłano {name}",
    large: "Plik {name} jest większy niż 10 MB.",
    refused: "Nie można wysłać pliku {name}. Można wysyłać obrazy, pliki PDF i tekstowe.",
    failed: "Nie udało się wysłać pliku {name}. Spróbuj ponownie.",
    files: "Twoje pliki",
  },
  csat: {
    title: "Jak przebiegła ta rozmowa?",
    score: "{n} z 5",
    worst: "Źle",
    best: "Bardzo dobrze",
    comment: "Napisz więcej (opcjonalnie)",
    send: "Wyślij",
    skip: "Nie teraz",
    thanks: "Dziękujemy za ocenę.",
    failed: "Nie udało się wysłać. Spróbuj ponownie.",
  },
  handover: {
    ask: "Porozmawiaj z człowiekiem",
    waiting: "Czekasz na konsultanta. W tym czasie asystent nadal odpowiada.",
    away: "W tej chwili nikogo nie ma.",
    joined: "{name} dołącza do rozmowy.",
    typing: "{name} pisze…",
    left: "Rozmawiasz znowu z asystentem.",
    closed: "Ta rozmowa została zamknięta. Napisz, aby zacząć od nowa.",
    failed: "Nie udało się. Spróbuj ponownie.",
  },
  leadForm: {
    missing: "Wypełnij to pole.",
    email: "To nie jest adres e-mail.",
    phone: "To nie jest numer telefonu.",
    consent: "Wyraź zgodę, inaczej nie możemy niczego zapisać.",
    optional: "opcjonalnie",
    send: "Wyślij",
    skip: "Nie teraz",
    thanks: "Dziękujemy. Odezwiemy się.",
    failed: "Nie udało się wysłać. Spróbuj ponownie.",
  },
  proactive: {
    dismiss: "Zamknij tę wiadomość",
    open: "Odpowiedz",
  },
} satisfies EngagementTexts;

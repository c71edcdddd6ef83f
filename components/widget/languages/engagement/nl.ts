import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Bestand toevoegen",
    sending: "{name} wordt verstuurd…",
    sent: "{name} is verstuurd",
    large: "{name} is groter dan 10 MB.",
    refused: "{name} kan niet worden verstuurd. Afbeeldingen, pdf’s en tekstbestanden wel.",
    failed: "{name} kon niet worden verstuurd. Probeer het opnieuw.",
    files: "Uw bestanden",
  },
  csat: {
    title: "Hoe was dit gesprek?",
    score: "{n} van 5",
    worst: "Slecht",
    best: "Heel goed",
    comment: "Vertel meer (optioneel)",
    send: "Versturen",
    skip: "Niet nu",
    thanks: "Bedankt voor uw beoordeling.",
    failed: "Het kon niet worden verstuurd. Probeer het opnieuw.",
  },
  handover: {
    ask: "Praat met een medewerker",
    waiting: "U wacht op een medewerker. De assistent blijft intussen antwoorden.",
    away: "Er is op dit moment niemand.",
    joined: "{name} doet nu mee aan het gesprek.",
    typing: "{name} is aan het typen…",
    left: "U praat weer met de assistent.",
    closed: "Dit gesprek is gesloten. Schrijf om opnieuw te beginnen.",
    failed: "Het is niet gelukt. Probeer het opnieuw.",
  },
  leadForm: {
    missing: "Vul dit veld in.",
    email: "Dit is geen e-mailadres.",
    phone: "Dit is geen telefoonnummer.",
    consent: "Geef toestemming, anders kan er niets worden bewaard.",
    optional: "optioneel",
    send: "Versturen",
    skip: "Niet nu",
    thanks: "Bedankt. We nemen contact met u op.",
    failed: "Het kon niet worden verstuurd. Probeer het opnieuw.",
  },
  proactive: {
    dismiss: "Dit bericht sluiten",
    open: "Antwoorden",
  },
} satisfies EngagementTexts;

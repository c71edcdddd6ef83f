import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Datei anhängen",
    sending: "{name} wird gesendet …",
    sent: "{name} wurde gesendet",
    large: "{name} ist größer als 10 MB.",
    refused: "{name} kann nicht gesendet werden. Möglich sind Bilder, PDFs und Textdateien.",
    failed: "{name} konnte nicht gesendet werden. Bitte versuchen Sie es erneut.",
    files: "Ihre Dateien",
  },
  csat: {
    title: "Wie war diese Unterhaltung?",
    score: "{n} von 5",
    worst: "Schlecht",
    best: "Sehr gut",
    comment: "Mehr dazu (freiwillig)",
    send: "Senden",
    skip: "Jetzt nicht",
    thanks: "Danke für Ihre Bewertung.",
    failed: "Das konnte nicht gesendet werden. Bitte versuchen Sie es erneut.",
  },
  handover: {
    ask: "Mit einem Menschen sprechen",
    waiting: "Sie warten auf einen Menschen. Bis dahin antwortet der Assistent weiter.",
    away: "Im Moment ist niemand da.",
    joined: "{name} ist der Unterhaltung beigetreten.",
    typing: "{name} schreibt …",
    left: "Sie sprechen wieder mit dem Assistenten.",
    closed: "Diese Unterhaltung wurde geschlossen. Schreiben Sie, um neu zu beginnen.",
    failed: "Das hat nicht geklappt. Bitte versuchen Sie es erneut.",
  },
  leadForm: {
    missing: "Bitte füllen Sie dieses Feld aus.",
    email: "Das ist keine E-Mail-Adresse.",
    phone: "Das ist keine Telefonnummer.",
    consent: "Bitte stimmen Sie zu, sonst darf nichts gespeichert werden.",
    optional: "freiwillig",
    send: "Senden",
    skip: "Jetzt nicht",
    thanks: "Danke. Wir melden uns bei Ihnen.",
    failed: "Das konnte nicht gesendet werden. Bitte versuchen Sie es erneut.",
  },
  proactive: {
    dismiss: "Nachricht schließen",
    open: "Antworten",
  },
} satisfies EngagementTexts;

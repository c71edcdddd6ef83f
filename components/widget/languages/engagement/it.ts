import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Allega un file",
    sending: "Invio di {name}…",
    sent: "{name} è stato inviato",
    large: "{name} supera i 10 MB.",
    refused: "{name} non può essere inviato. Sono ammessi immagini, PDF e file di testo.",
    failed: "Non è stato possibile inviare {name}. Riprova.",
    files: "I tuoi file",
  },
  csat: {
    title: "Com’è andata questa conversazione?",
    score: "{n} su 5",
    worst: "Male",
    best: "Molto bene",
    comment: "Aggiungi un commento (facoltativo)",
    send: "Invia",
    skip: "Non ora",
    thanks: "Grazie per la valutazione.",
    failed: "Invio non riuscito. Riprova.",
  },
  handover: {
    ask: "Parla con una persona",
    waiting: "Sei in attesa di una persona. Nel frattempo l’assistente continua a rispondere.",
    away: "Al momento non c’è nessuno.",
    joined: "{name} si è unito alla conversazione.",
    typing: "{name} sta scrivendo…",
    left: "Stai parlando di nuovo con l’assistente.",
    closed: "Questa conversazione è stata chiusa. Scrivi per ricominciare.",
    failed: "Non ha funzionato. Riprova.",
  },
  leadForm: {
    missing: "Compila questo campo.",
    email: "Non è un indirizzo e-mail.",
    phone: "Non è un numero di telefono.",
    consent: "Dai il tuo consenso, altrimenti non possiamo conservare nulla.",
    optional: "facoltativo",
    send: "Invia",
    skip: "Non ora",
    thanks: "Grazie. Ti ricontatteremo.",
    failed: "Invio non riuscito. Riprova.",
  },
  proactive: {
    dismiss: "Chiudi questo messaggio",
    open: "Rispondi",
  },
} satisfies EngagementTexts;

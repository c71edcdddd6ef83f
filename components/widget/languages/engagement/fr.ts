import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Joindre un fichier",
    sending: "Envoi de {name}…",
    sent: "{name} a été envoyé",
    large: "{name} dépasse 10 Mo.",
    refused: "{name} ne peut pas être envoyé. Les images, PDF et fichiers texte sont acceptés.",
    failed: "{name} n’a pas pu être envoyé. Veuillez réessayer.",
    files: "Vos fichiers",
  },
  csat: {
    title: "Comment s’est passée cette conversation ?",
    score: "{n} sur 5",
    worst: "Mal",
    best: "Très bien",
    comment: "En dire plus (facultatif)",
    send: "Envoyer",
    skip: "Pas maintenant",
    thanks: "Merci pour votre avis.",
    failed: "L’envoi a échoué. Veuillez réessayer.",
  },
  handover: {
    ask: "Parler à une personne",
    waiting: "Vous attendez une personne. L’assistant continue de répondre en attendant.",
    away: "Il n’y a personne pour le moment.",
    joined: "{name} a rejoint la conversation.",
    typing: "{name} est en train d’écrire…",
    left: "Vous parlez de nouveau à l’assistant.",
    closed: "Cette conversation est terminée. Écrivez pour recommencer.",
    failed: "Cela n’a pas fonctionné. Veuillez réessayer.",
  },
  leadForm: {
    missing: "Veuillez remplir ce champ.",
    email: "Ce n’est pas une adresse e-mail.",
    phone: "Ce n’est pas un numéro de téléphone.",
    consent: "Veuillez donner votre accord, sinon rien ne peut être conservé.",
    optional: "facultatif",
    send: "Envoyer",
    skip: "Pas maintenant",
    thanks: "Merci. Nous reviendrons vers vous.",
    failed: "L’envoi a échoué. Veuillez réessayer.",
  },
  proactive: {
    dismiss: "Fermer ce message",
    open: "Répondre",
  },
} satisfies EngagementTexts;

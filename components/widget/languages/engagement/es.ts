import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Adjuntar un archivo",
    sending: "Enviando {name}…",
    sent: "{name} se ha enviado",
    large: "{name} supera los 10 MB.",
    refused: "{name} no se puede enviar. Se admiten imágenes, PDF y archivos de texto.",
    failed: "No se pudo enviar {name}. Inténtelo de nuevo.",
    files: "Sus archivos",
  },
  csat: {
    title: "¿Qué le ha parecido esta conversación?",
    score: "{n} de 5",
    worst: "Mala",
    best: "Muy buena",
    comment: "Cuéntenos más (opcional)",
    send: "Enviar",
    skip: "Ahora no",
    thanks: "Gracias por su valoración.",
    failed: "No se pudo enviar. Inténtelo de nuevo.",
  },
  handover: {
    ask: "Hablar con una persona",
    waiting: "Está esperando a una persona. Mientras tanto, el asistente sigue respondiendo.",
    away: "Ahora mismo no hay nadie.",
    joined: "{name} se ha unido a la conversación.",
    typing: "{name} está escribiendo…",
    left: "Vuelve a hablar con el asistente.",
    closed: "Esta conversación se ha cerrado. Escriba para empezar de nuevo.",
    failed: "No ha funcionado. Inténtelo de nuevo.",
  },
  leadForm: {
    missing: "Rellene este campo.",
    email: "No es una dirección de correo válida.",
    phone: "No es un número de teléfono válido.",
    consent: "Dé su consentimiento; de lo contrario no podemos guardar nada.",
    optional: "opcional",
    send: "Enviar",
    skip: "Ahora no",
    thanks: "Gracias. Nos pondremos en contacto con usted.",
    failed: "No se pudo enviar. Inténtelo de nuevo.",
  },
  proactive: {
    dismiss: "Descartar este mensaje",
    open: "Responder",
  },
} satisfies EngagementTexts;

import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Anexar um arquivo",
    sending: "Enviando {name}…",
    sent: "{name} foi enviado",
    large: "{name} tem mais de 10 MB.",
    refused: "{name} não pode ser enviado. São aceitos imagens, PDFs e arquivos de texto.",
    failed: "Não foi possível enviar {name}. Tente novamente.",
    files: "Seus arquivos",
  },
  csat: {
    title: "Como foi esta conversa?",
    score: "{n} de 5",
    worst: "Ruim",
    best: "Muito boa",
    comment: "Conte mais (opcional)",
    send: "Enviar",
    skip: "Agora não",
    thanks: "Obrigado pela avaliação.",
    failed: "Não foi possível enviar. Tente novamente.",
  },
  handover: {
    ask: "Falar com uma pessoa",
    waiting: "Você está aguardando uma pessoa. Enquanto isso, o assistente continua respondendo.",
    away: "No momento não há ninguém.",
    joined: "{name} entrou na conversa.",
    typing: "{name} está digitando…",
    left: "Você está falando com o assistente novamente.",
    closed: "Esta conversa foi encerrada. Escreva para recomeçar.",
    failed: "Não funcionou. Tente novamente.",
  },
  leadForm: {
    missing: "Preencha este campo.",
    email: "Este não é um endereço de e-mail.",
    phone: "Este não é um número de telefone.",
    consent: "Dê seu consentimento; sem ele nada pode ser guardado.",
    optional: "opcional",
    send: "Enviar",
    skip: "Agora não",
    thanks: "Obrigado. Entraremos em contato.",
    failed: "Não foi possível enviar. Tente novamente.",
  },
  proactive: {
    dismiss: "Dispensar esta mensagem",
    open: "Responder",
  },
} satisfies EngagementTexts;

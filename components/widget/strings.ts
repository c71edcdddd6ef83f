/** Every text of the widget that is not the agent's own. Another language is another object of the same shape. */
const english = {
  open: "Open chat",
  close: "Close chat",
  anew: "New conversation",
  subtitle: "AI assistant",
  conversation: "Conversation",
  message: "Your question",
  send: "Send",
  stop: "Stop answering",
  stopped: "You stopped this answer.",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  sources: "Sources",
  table: "Table",
  pre: "Code",
  poweredBy: "Powered by",
  you: "You said:",
  answered: (name: string) => `${name} said:`,
  source: (number: string, title: string) => `Source ${number}: ${title}`,
  wait: (seconds: number) => `You can try again in ${seconds} s.`,
};

const unavailable = "The assistant is not available right now. Please come back later.";

/** What a failure means for the visitor, by error code. For other codes the server's own words are shown. */
const englishErrors: Record<string, string> = {
  offline: "You are offline. Your question will be sent when you are back.",
  network: "The connection was lost. Your question is kept.",
  rate_limited: "Too many questions in a short time.",
  upstream_busy: "The assistant is busy right now.",
  plan_limit: unavailable,
  agent_unavailable: unavailable,
  internal: "Something went wrong on our side.",
};

export const strings: typeof english = english;

export const errorText = ({ code, message }: { code: string; message: string }): string =>
  englishErrors[code] ?? message;

/** The wire protocol v1 as the widget sees it. The server's side is `app/api/widget/v1`. */

export interface AgentConfig {
  agentId: string;
  name: string;
  welcomeMessage: string;
  suggestedQuestions: string[];
  placeholder: string;
  /** `#rrggbb`; the widget corrects its contrast itself. */
  accentColor: string;
  /** BCP 47. */
  language: string;
  poweredBy: boolean;
  /** Absent means `auto`: the visitor's own preference. */
  theme?: "light" | "dark" | "auto";
  /** Absent means where lines of the page end. */
  position?: "left" | "right";
  /** There is one of the next three. */
  appearance?: boolean;
  avatarUrl?: string | null;
  /** Stands in the bubble, beside its icon. */
  launcherText?: string | null;
  /** Custom properties of CSS, `--name` to value. */
  variables?: Record<string, string> | null;
  /** Asked before anything is sent or stored. */
  consent?: { text: string; acceptLabel?: string | null } | null;
  leadForm?: LeadForm | null;
  /** Asks how the conversation was. */
  csat?: boolean;
  /** Null: the agent never speaks first. */
  proactive?: ProactiveRule[] | null;
  /** Whether people are there now; null: no opening hours. */
  hours?: { online: boolean; note: string } | null;
  attachments?: boolean;
  handover?: boolean;
  /** False: only the agent's rules call a person, not the visitor. */
  handoverOnRequest?: boolean;
}

export interface LeadField {
  key: string;
  label: string;
  type: "name" | "email" | "phone" | "text";
  required: boolean;
}

export interface LeadForm {
  when: "before_first_message" | "on_no_answer" | "on_handover" | "manual";
  title: string;
  fields: LeadField[];
  consentText: string;
}

export interface ProactiveRule {
  id: string;
  message: string;
  /** All that is given must hold. */
  when: { urlPattern?: string; afterSeconds?: number; scrollPercent?: number };
}

export interface StoredFile {
  id: string;
  name: string;
  sizeBytes: number;
  type: string;
  createdAt: string;
}

export interface Citation {
  /** What stands in the answer as `[number]`. */
  number: number;
  /** Null: there is nothing to open, as for a file that is not public. */
  url: string | null;
  title: string;
  heading?: string | null;
  quote?: string | null;
}

/** A part of an answer that its sources do not hold, in UTF-16 units of its Markdown. */
export interface Check {
  start: number;
  end: number;
  kind: "figure" | "link" | "name" | "quote" | "support" | "judge";
  /** The words that are meant; none: the whole part. */
  items: string[];
}

export type Rating = "up" | "down";

export interface StoredMessage {
  id: string;
  role: "visitor" | "assistant" | "operator";
  text: string;
  status: string;
  createdAt: string;
  citations?: Citation[];
  rating?: Rating | null;
  /** The operator's name. */
  author?: string | null;
}

export interface StoredConversation {
  messages: StoredMessage[];
  /** Who answers; absent means the agent. */
  state?: "agent" | "waiting" | "human" | "closed";
  operator?: { name: string } | null;
  /** The channel of Supabase Realtime on which the widget is nudged; null: nobody was asked for. */
  live?: { url: string; key: string; topic: string } | null;
  hasLead?: boolean;
  hasSurvey?: boolean;
  files?: StoredFile[];
}

/** One event of an answer's stream, in order: `start`, any number of `delta`, at most one `citations`, then `done` or `error`. */
export type AnswerEvent =
  | ["start", { conversationId: string; messageId: string; answerId: string }]
  | ["delta", { text: string }]
  | ["citations", { citations: Citation[] }]
  // Each replaces the one before.
  | ["checks", { checks: Check[] }]
  // operator: a person has taken over, and the agent says nothing.
  | ["done", { status: "complete" | "no_answer" | "stopped" | "operator"; answerId: string }]
  | ["error", WireErrorBody];

export interface WireErrorBody {
  code: string;
  message: string;
  retryAfterMs?: number;
  challenge?: Challenge;
}

/** Work that the server asks for before it answers: an `n` for which SHA-256(salt:n) begins with so many zero bits. */
export interface Challenge {
  salt: string;
  difficultyBits: number;
  expiresAt: string | number;
  signature: string;
}

export interface Question {
  conversationId: string;
  /** Made by the widget and kept over retries, so that a message that did arrive is not stored twice. */
  messageId: string;
  text: string;
}

/** The server refuses longer ones; counted in UTF-16 units like `maxlength`. */
export const MAX_QUESTION_LENGTH = 2000;

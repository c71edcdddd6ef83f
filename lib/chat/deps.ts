import type { FieldCipher } from "@/lib/core/field-cipher";
import type { Db } from "@/lib/db/pool";
import type { EngagementDeps } from "@/lib/engagement";
import type { CallRecord, Gateway } from "@/lib/llm";
import type { ObjectStorage } from "@/lib/storage";
import type { BudgetLimits } from "./answer/budget";
import type { RequestLimits } from "./request-limits";
import type { RunningAnswers } from "./stream/running-answers";

/** What answering needs from outside. */
export interface ChatDeps {
  db: Db;
  gateway: Gateway;
  /** Model calls made during a turn are handed over with its end; whoever makes a gateway passes its records here. */
  calls: CallLog;
  answers: RunningAnswers;
  budget: BudgetLimits;
  /** `provider/model` that is asked whether cited sentences are supported; null: nobody is. */
  judgeModel: string | null;
  /** The product's own origin: previews and the share page are served from it. */
  appOrigin: string;
  /** Null switches limits off. */
  limits: ChatLimits | null;
  /** Of everything that strangers ask; without it nothing is counted. */
  requests?: RequestLimits | null;
  /** Opens the keys that users are vouched for with; without it nobody is. */
  cipher?: FieldCipher | null;
  /** Holds agents' pictures; without it none is shown. */
  storage?: ObjectStorage | null;
  /** Looks at visitors' files before anybody else does. */
  scanner?: EngagementDeps["scanner"];
  /** Where visitors' browsers listen once a person was asked for; without it they ask every few seconds. */
  live?: EngagementDeps["live"];
}

export interface ChatLimits {
  /** Messages a minute. */
  visitorPerMinute: number;
  addressPerMinute: number;
  agentPerMinute: number;
  /** Visitors a minute who never asked an agent before, above which their browsers have to work first. */
  unknownPerMinute: number;
  /** How much they have to work: each bit doubles it. 16 are about half a second of a phone. */
  challengeBits: number;
}

/** Collects the records of model calls by the answer they belong to. */
export class CallLog {
  private readonly byMessage = new Map<string, CallRecord[]>();

  open(messageId: string): void {
    this.byMessage.set(messageId, []);
  }

  /** True when the record belongs to an open turn and will be stored with it. */
  add(record: CallRecord): boolean {
    const calls = record.messageId ? this.byMessage.get(record.messageId) : undefined;
    calls?.push(record);
    return calls !== undefined;
  }

  /** What the calls of an open turn have used so far. */
  spent(messageId: string): { tokens: number; costMicroUsd: number } {
    const spent = { tokens: 0, costMicroUsd: 0 };
    for (const { inputTokens, outputTokens, costMicroUsd, step } of this.byMessage.get(messageId) ?? []) {
      // Embedding a question is counted in money; its tokens are none of the chat model's.
      if (step !== "embed_query") spent.tokens += inputTokens + outputTokens;
      spent.costMicroUsd += costMicroUsd;
    }
    return spent;
  }

  close(messageId: string): CallRecord[] {
    const calls = this.byMessage.get(messageId) ?? [];
    this.byMessage.delete(messageId);
    return calls;
  }
}

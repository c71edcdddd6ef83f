import { callRows, type Db } from "@/lib/db/pool";

/** A published passage as retrieval shows it. Its text never changes: what changed on its page is another passage. */
export interface StoredPassage {
  chunkId: string;
  pageId: string;
  sourceId: string;
  url: string;
  title: string;
  headingPath: string[];
  anchor: string | null;
  content: string;
  /** 0-based place in its page. */
  position: number;
  /** Estimated. */
  tokenCount: number;
}

/** A row of service.read_chunks. */
export interface PassageRow {
  chunk_id: string;
  page_id: string;
  source_id: string;
  url: string;
  title: string;
  heading_path: string[];
  anchor: string | null;
  content: string;
  position: number;
  token_count: number;
}

export interface Owner {
  tenantId: string;
  agentId: string;
}

const MAX_CHARACTERS = 16_000_000;
/** What a passage takes beside its text. */
const OVERHEAD_CHARACTERS = 400;

/**
 * Passages that were candidates lately, up to 16 million characters in all. Visitors of one site ask for the same passages, and carrying
 * 50 texts from the database was a third of the cost of a search. What may be seen is decided by each search anew: it names the ids, this
 * only knows their texts. Agents that nobody asked for longest go first, whole.
 */
export class PassageCache {
  /** By agent, the one asked for last at the end: a Map keeps the order of insertion. */
  private readonly agents = new Map<string, { passages: Map<string, StoredPassage>; characters: number }>();
  private characters = 0;

  constructor(private readonly maxCharacters = MAX_CHARACTERS) {}

  /** What is remembered of an agent, by chunk id. Empty for one not known yet. */
  of(owner: Owner): ReadonlyMap<string, StoredPassage> {
    const key = keyOf(owner);
    const agent = this.agents.get(key);
    if (!agent) return NOTHING;
    this.agents.delete(key);
    this.agents.set(key, agent);
    return agent.passages;
  }

  add(owner: Owner, rows: PassageRow[]): StoredPassage[] {
    if (rows.length === 0) return [];
    const key = keyOf(owner);
    const agent = this.agents.get(key) ?? { passages: new Map<string, StoredPassage>(), characters: 0 };
    const added = rows.map((row) => {
      const passage = passageOf(row);
      const size = passage.content.length + OVERHEAD_CHARACTERS;
      if (!agent.passages.has(passage.chunkId)) {
        agent.characters += size;
        this.characters += size;
      }
      agent.passages.set(passage.chunkId, passage);
      return passage;
    });
    this.agents.delete(key);
    this.agents.set(key, agent);
    for (const [oldest, { characters }] of this.agents) {
      if (this.characters <= this.maxCharacters) break;
      this.agents.delete(oldest);
      this.characters -= characters;
    }
    return added;
  }
}

const NOTHING: ReadonlyMap<string, StoredPassage> = new Map();
const keyOf = ({ tenantId, agentId }: Owner): string => `${tenantId} ${agentId}`;

const passageOf = (row: PassageRow): StoredPassage => ({
  chunkId: row.chunk_id,
  pageId: row.page_id,
  sourceId: row.source_id,
  url: row.url,
  title: row.title,
  headingPath: row.heading_path,
  anchor: row.anchor,
  content: row.content,
  position: row.position,
  tokenCount: row.token_count,
});

/** The texts of these passages, from memory or with one call; those that are not published any more are left out. */
export async function readPassages(
  db: Db,
  cache: PassageCache,
  owner: Owner,
  chunkIds: string[],
): Promise<ReadonlyMap<string, StoredPassage>> {
  const known = cache.of(owner);
  const missing = chunkIds.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  const rows = await callRows<PassageRow>(db, "read_chunks", {
    tenant_id: owner.tenantId,
    agent_id: owner.agentId,
    chunk_ids: missing,
  });
  const found = new Map<string, StoredPassage>();
  for (const id of chunkIds) if (known.has(id)) found.set(id, known.get(id)!);
  for (const passage of cache.add(owner, rows)) found.set(passage.chunkId, passage);
  return found;
}

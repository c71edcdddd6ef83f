-- Pages, their versions, and the chunks that are searched.

create type public.page_status as enum
  ('queued', 'fetching', 'embedding', 'published', 'failed', 'excluded', 'duplicate', 'gone');

-- One row a normalised URL of a source; also the frontier: the pages of a run that are queued.
create table public.pages (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  source_id uuid not null,
  -- The run that touched the page last.
  run_id uuid not null,
  url text not null check (length(url) <= 2000),
  url_hash text not null check (length(url_hash) = 64),
  host text not null,
  depth integer not null,
  status public.page_status not null default 'queued',
  -- Why it failed or was left out: a code for machines and a sentence for members.
  reason_code text,
  reason text,
  title text,
  language text,
  http_status integer,
  -- Its text is what its scripts made in a browser.
  rendered boolean not null default false,
  etag text,
  last_modified text,
  word_count integer not null default 0,
  chunk_count integer not null default 0,
  live_version_id uuid,
  -- Hash of the address that stands for this one, for duplicates: the canonical address, or the page with the same text.
  main_hash text,
  attempts integer not null default 0,
  nudges integer not null default 0,
  -- When it was handed to the queue; null while it waits in the frontier.
  enqueued_at timestamptz,
  -- The page's turn at its host; null until it has one.
  not_before timestamptz,
  -- Who works on it: a worker that comes back after its lease has a token that no longer fits and is refused.
  lease_token uuid,
  lease_until timestamptz,
  fetched_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, url_hash, source_id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade
);
create index pages_run_idx on public.pages (tenant_id, run_id, status);
create index pages_source_idx on public.pages (tenant_id, source_id, status);
create index pages_agent_idx on public.pages (tenant_id, agent_id);
create index pages_pending_idx on public.pages (updated_at) where status in ('queued', 'fetching', 'embedding');
create index pages_frontier_idx on public.pages (tenant_id, run_id, depth, id) where status = 'queued' and enqueued_at is null;
create index pages_handed_out_idx on public.pages (tenant_id, run_id, status) where status in ('queued', 'fetching', 'embedding') and enqueued_at is not null;

create type public.version_status as enum ('draft', 'live');

create table public.page_versions (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  page_id uuid not null,
  run_id uuid not null,
  status public.version_status not null default 'draft',
  -- SHA-256 of what was extracted, with the version of the chunker: the same hash gives the same chunks.
  content_hash text not null check (length(content_hash) = 64),
  title text not null,
  language text,
  description text,
  markdown text not null,
  metadata jsonb not null default '{}',
  -- What made the chunks: chunker and embedding model. Another one reads the page anew even if it did not change.
  reader text not null default '',
  -- MinHash of the text and its bands, for finding pages that say almost the same (lib/crawl/fingerprint.ts); null for short texts.
  near_signature integer[],
  near_bands integer[],
  -- Its long words in languages that join words, as stems, and their terms, side by side: what a draft has for lex_terms, null once it is live.
  long_words text[],
  long_terms integer[],
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, page_id) references public.pages (tenant_id, id) on delete cascade
);
create index page_versions_page_idx on public.page_versions (tenant_id, page_id);
create index page_versions_near_idx on public.page_versions using gin (near_bands);
create index page_versions_hash_idx on public.page_versions (tenant_id, content_hash);

create table public.chunks (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  source_id uuid not null,
  page_id uuid not null,
  page_version_id uuid not null,
  position integer not null,
  kind text not null,
  title text not null,
  heading_path text[] not null default '{}',
  anchor text,
  content text not null,
  token_count integer not null,
  content_hash text not null check (length(content_hash) = 64),
  -- Visitors are answered from published chunks only; a version's chunks become published together.
  published boolean not null default false,
  -- Lexical index: hashed terms, salted with the agent's id so that one GIN index serves all agents (ascending, unique) …
  terms integer[] not null,
  -- … their weighted frequencies (title × 4, nearest heading × 2, text × 1) and the weighted length …
  term_frequencies real[] not null,
  length real not null,
  -- … and tf / (tf + 1.2 (0.4 + 0.6 length / average)) a term, set when published. The idf is in the query.
  lexical extensions.sparsevec,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade,
  foreign key (tenant_id, page_id) references public.pages (tenant_id, id) on delete cascade,
  foreign key (tenant_id, page_version_id) references public.page_versions (tenant_id, id) on delete cascade
);
-- In the row, the text elsewhere: a question reads the lexical vectors of thousands of passages and the texts of fifty.
alter table public.chunks alter column lexical set storage main;
create index chunks_agent_idx on public.chunks (tenant_id, agent_id, id) where published;
-- What is known for a text: the title belongs to what is embedded, and a passage that stands on every page has another one on each.
create index chunks_agent_hash_idx on public.chunks (tenant_id, agent_id, content_hash, md5(title));
create index chunks_version_idx on public.chunks (tenant_id, page_version_id, position);
create index chunks_page_idx on public.chunks (tenant_id, page_id);
create index chunks_source_idx on public.chunks (tenant_id, source_id);
create index chunks_terms_idx on public.chunks using gin (terms) with (fastupdate = off) where published;

-- Vectors of one agent made by one model. What visitors ask is embedded by the model of the live index and compared with its vectors alone.
-- Another model gets an index of its own, built beside the live one; when no passage is missing in it, one transaction swaps the two.
create type public.index_state as enum ('building', 'live', 'retired');
create table public.embedding_indexes (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- provider/model
  model text not null check (model ~ '^[a-z]+/[^[:space:]]{1,200}$'),
  -- Of every vector in it; known with the first.
  dimensions integer check (dimensions between 1 and 16000),
  state public.index_state not null default 'building',
  -- How far a build is: passages with a vector, and all passages when it began.
  done integer not null default 0,
  total integer not null default 0,
  cost_micro_usd bigint not null default 0,
  -- Why a build came to nothing; null with state retired: it was live once, or a member cancelled it.
  error_code text,
  error_message text,
  -- Set by a member to stop the build.
  cancel_requested_at timestamptz,
  -- A build goes through the passages in the order of their ids; what was published behind it is found by a last look at all.
  after_chunk_id uuid,
  lease_token uuid,
  lease_until timestamptz,
  nudges integer not null default 0,
  live_at timestamptz,
  retired_at timestamptz,
  -- When the last of its vectors was removed.
  emptied_at timestamptz,
  -- The HNSW graph of a large agent's vectors (service.fill_graph); null: too few to need one, they are scanned.
  graph smallint check (graph > 0),
  -- How far those of before are in it, in the order of their passages' ids, and since when none is missing: from then on questions walk it.
  graph_after_chunk_id uuid,
  graph_ready_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create unique index embedding_indexes_live_key on public.embedding_indexes (tenant_id, agent_id) where state = 'live';
create unique index embedding_indexes_building_key on public.embedding_indexes (tenant_id, agent_id) where state = 'building';
create index embedding_indexes_agent_idx on public.embedding_indexes (tenant_id, agent_id, state);
create index embedding_indexes_sweep_idx on public.embedding_indexes (updated_at) where state = 'building' or (state = 'retired' and emptied_at is null);

-- A table of its own, so that vectors of several models and lengths stand side by side, and a scan over vectors reads nothing else.
-- Only published chunks have rows here: a row means "searchable". A null vector: the model refused this text, words alone find it.
create table public.chunk_embeddings (
  tenant_id uuid not null,
  chunk_id uuid not null,
  index_id uuid not null,
  embedding extensions.halfvec,
  -- That of its index, as soon as it is in there.
  graph smallint,
  primary key (tenant_id, index_id, chunk_id),
  foreign key (tenant_id, chunk_id) references public.chunks (tenant_id, id) on delete cascade,
  foreign key (tenant_id, index_id) references public.embedding_indexes (tenant_id, id) on delete cascade
);
-- In the row as long as it fits a page: fetching each vector from elsewhere made scans several times slower.
alter table public.chunk_embeddings alter column embedding set storage main;
create index chunk_embeddings_chunk_idx on public.chunk_embeddings (tenant_id, chunk_id);
-- How many HNSW graphs vectors of a length have; 0: they are scanned however many there are. An agent's share decides how well a graph answers it,
-- so each of the first large ones has one to itself.
create function private.graph_count(p_dimensions integer) returns integer language sql immutable set search_path = '' as $$
  select case when p_dimensions in (384, 768, 1024, 1536, 3072) then 8 else 0 end;
$$;
-- A graph is a partial HNSW index, built with more neighbours and more care than usual (m 16, ef_construction 64): with those, a question whose answer
-- is in another cluster than where its search began found none of it, one in thirty, however many candidates it looked at. Its number is asked first: the vectors of small agents, which are most, are in none, and cost no more than that.
do $$
declare
  v_dimensions integer;
  v_graph integer;
begin
  foreach v_dimensions in array array[384, 768, 1024, 1536, 3072] loop
    for v_graph in 1..private.graph_count(v_dimensions) loop
      execute format('create index chunk_embeddings_%1$s_%2$s_idx on public.chunk_embeddings using hnsw ((embedding::extensions.halfvec(%1$s)) extensions.halfvec_cosine_ops) with (m = 24, ef_construction = 200) where graph = %2$s and extensions.vector_dims(embedding) = %1$s',
        v_dimensions, v_graph);
    end loop;
  end loop;
end $$;

-- Statistics of the lexical index, an agent.
create table public.lex_agents (
  agent_id uuid primary key,
  tenant_id uuid not null,
  chunk_count integer not null default 0,
  total_length double precision not null default 0,
  -- The average length that chunks.lexical was encoded with; all are re-encoded when the true one drifts by more than 5 %.
  encoded_average real not null default 0,
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create index lex_agents_tenant_idx on public.lex_agents (tenant_id, agent_id);

create table public.lex_terms (
  tenant_id uuid not null,
  agent_id uuid not null,
  term integer not null,
  chunk_count integer not null,
  -- The stem itself, of long words in languages that join words: they are found by what they begin or end with. Null for all others.
  word text collate "C",
  primary key (tenant_id, agent_id, term),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
-- Counts go up and down: no index holds the number, and pages have room, so that one is changed in place.
) with (fillfactor = 70);
-- Agent and word as one text: with the agent as a column of its own a plan made without statistics read all words of an agent, by either index.
create index lex_terms_beginning_idx on public.lex_terms ((agent_id::text || word) collate "C") where word is not null;
create index lex_terms_end_idx on public.lex_terms ((agent_id::text || reverse(word)) collate "C") where word is not null;

-- What the statistics of a large agent do not hold yet: a row for each page that was published (counts above 0) or removed (below).
-- Hundreds of terms counted up for each page, one publisher after the other, took two thirds of what a crawl cost the database.
create table public.lex_pending (
  tenant_id uuid not null,
  agent_id uuid not null,
  id uuid not null default private.uuid_v7(),
  chunk_count integer not null,
  total_length double precision not null,
  terms integer[] not null,
  counts integer[] not null,
  primary key (tenant_id, agent_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);

alter table public.pages enable row level security;
alter table public.pages force row level security;
alter table public.page_versions enable row level security;
alter table public.page_versions force row level security;
alter table public.chunks enable row level security;
alter table public.chunks force row level security;
alter table public.embedding_indexes enable row level security;
alter table public.embedding_indexes force row level security;
-- No policy and no grant: these four are for the functions alone.
alter table public.chunk_embeddings enable row level security;
alter table public.chunk_embeddings force row level security;
alter table public.lex_agents enable row level security;
alter table public.lex_agents force row level security;
alter table public.lex_terms enable row level security;
alter table public.lex_terms force row level security;
alter table public.lex_pending enable row level security;
alter table public.lex_pending force row level security;

grant select on public.pages, public.page_versions, public.chunks to authenticated;
create policy pages_select_viewer on public.pages for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy page_versions_select_viewer on public.page_versions for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy chunks_select_viewer on public.chunks for select to authenticated using (tenant_id in (select private.tenant_ids()));

-- An admin asks for another model by a row that is building, and for its end by cancel_requested_at; the rest is the workers'.
grant select, insert (tenant_id, agent_id, model), update (cancel_requested_at) on public.embedding_indexes to authenticated;
create policy embedding_indexes_select_viewer on public.embedding_indexes for select to authenticated
  using (tenant_id in (select private.tenant_ids()));
create policy embedding_indexes_insert_admin on public.embedding_indexes for insert to authenticated
  with check (tenant_id in (select private.tenant_ids('admin')));
create policy embedding_indexes_update_admin on public.embedding_indexes for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));

-- The live index of an agent; made at first use, for the model given.
create function private.live_index(p_tenant_id uuid, p_agent_id uuid, p_default_model text) returns public.embedding_indexes
language plpgsql volatile set search_path = '' as $$
declare v_index public.embedding_indexes;
begin
  for i in 1..2 loop
    select x.* into v_index from public.embedding_indexes x where x.tenant_id = p_tenant_id and x.agent_id = p_agent_id and x.state = 'live';
    exit when found;
    -- Two first pages at once: one of them makes it, both see it.
    insert into public.embedding_indexes (tenant_id, agent_id, model, state, live_at)
      values (p_tenant_id, p_agent_id, p_default_model, 'live', now()) on conflict do nothing;
  end loop;
  return v_index;
end $$;

-- These chunks of an index's agent, each by its key: asked together with the agent, the planner may read all of the agent's.
create function private.chunks_of(p_index public.embedding_indexes, p_chunk_ids uuid[])
returns table (id uuid, title text, heading_path text[], content text, content_hash text)
language sql stable set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select c.id, c.title, c.heading_path, c.content, c.content_hash
  from unnest(p_chunk_ids) as i (id)
  cross join lateral (select k.* from public.chunks k where k.tenant_id = p_index.tenant_id and k.id = i.id offset 0) c
  where c.agent_id = p_index.agent_id;
$$;

-- What of these chunks a model has yet to embed for an index: [{"id", "text"}], one of each text. What the agent has embedded with this
-- index before, on whatever page, is left out.
-- This and the next look each text up by its hash, one after another. Written as a join, without statistics (a first crawl is faster than
-- autovacuum) all vectors of the index were read for each text: publishing 20 passages took 10 s at 5,000. Scalar subqueries leave the planner
-- no choice but the index, and the settings hold for plans that a connection made when the tables were small.
create function private.texts_to_embed(p_index public.embedding_indexes, p_chunk_ids uuid[]) returns jsonb
language sql stable set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', m.id,
      'text', concat_ws(E'\n', m.title, nullif(array_to_string(m.heading_path, ' › '), ''), m.content)) order by m.id), '[]')
  from (
    select distinct on (c.content_hash, c.title) c.id, c.title, c.heading_path, c.content, c.content_hash
    from private.chunks_of(p_index, p_chunk_ids) c
    order by c.content_hash, c.title, c.id) m
  where (
    select k.id from public.chunks k
    where k.tenant_id = p_index.tenant_id and k.agent_id = p_index.agent_id and k.content_hash = m.content_hash
      and md5(k.title) = md5(m.title) and k.title = m.title
      and (select true from public.chunk_embeddings e where e.tenant_id = k.tenant_id and e.chunk_id = k.id and e.index_id = p_index.id)
    limit 1) is null;
$$;

-- Gives chunks their vectors in an index: the given ones ([{"id", "embedding": "[…]" or null}]), and those that it knows for the same text.
-- Returns how many of the chunks have one now. Vectors of another length than the index's raise ALE02.
-- The caller holds the agent's lexicon (a live index) or the index's row (one that is being built), so that p_index.graph is what it is until the
-- end of the transaction: a vector that is stored outside of the graph was there before the index had one, and service.fill_graph finds it.
create function private.store_vectors(p_index public.embedding_indexes, p_chunk_ids uuid[], p_given jsonb) returns integer
language plpgsql volatile set search_path = '' set enable_seqscan = off set enable_mergejoin = off as $$
declare
  v_stored integer;
  v_shortest integer;
  v_longest integer;
begin
  with asked as materialized (
    select c.id, c.content_hash, c.title from private.chunks_of(p_index, p_chunk_ids) c),
  given as materialized (
    select distinct on (c.content_hash, c.title) c.content_hash, c.title, g.embedding::extensions.halfvec as embedding
    from jsonb_to_recordset(p_given) as g (id uuid, embedding text)
    join asked c on c.id = g.id),
  known as materialized (
    select c.content_hash, c.title, (
      select k.id from public.chunks k
      where k.tenant_id = p_index.tenant_id and k.agent_id = p_index.agent_id and k.content_hash = c.content_hash
        and md5(k.title) = md5(c.title) and k.title = c.title
        and (select true from public.chunk_embeddings e where e.tenant_id = k.tenant_id and e.chunk_id = k.id and e.index_id = p_index.id)
      limit 1) as id
    from (select distinct a.content_hash, a.title from asked a) c
    where not exists (select from given g where g.content_hash = c.content_hash and g.title = c.title)),
  vectors as (
    select g.* from given g
    union all
    select k.content_hash, k.title, e.embedding from known k
    join public.chunk_embeddings e on e.tenant_id = p_index.tenant_id and e.chunk_id = k.id and e.index_id = p_index.id),
  stored as (
    insert into public.chunk_embeddings (tenant_id, chunk_id, index_id, embedding, graph)
    select p_index.tenant_id, c.id, p_index.id, v.embedding, p_index.graph
    from asked c join vectors v on v.content_hash = c.content_hash and v.title = c.title
    on conflict do nothing
    returning embedding)
  select count(*), min(extensions.vector_dims(s.embedding)), max(extensions.vector_dims(s.embedding))
    into v_stored, v_shortest, v_longest from stored s;
  if v_longest is distinct from v_shortest or v_longest <> p_index.dimensions then
    raise exception using errcode = 'ALE02', message = format('vectors of %s to %s numbers in an index of %s', v_shortest, v_longest, p_index.dimensions);
  end if;
  if p_index.dimensions is null and v_longest is not null then
    update public.embedding_indexes i set dimensions = v_longest where i.tenant_id = p_index.tenant_id and i.id = p_index.id;
  end if;
  return v_stored;
end $$;

-- The lexical vector of a chunk for an average length.
create function private.encode_lexical(p_terms integer[], p_frequencies real[], p_length real, p_average real)
returns extensions.sparsevec language sql immutable set search_path = '' as $$
  select case when cardinality(p_terms) = 0 then null else
    ('{' || string_agg(t.term || ':' || (t.tf / (t.tf + 1.2 * (0.4 + 0.6 * p_length / greatest(p_average, 1))))::real, ',' order by t.term)
      || '}/1000000000')::extensions.sparsevec end
  from unnest(p_terms, p_frequencies) as t (term, tf);
$$;

-- Keeps the live index of an agent and its statistics as they are until the end of the transaction. Who only adds to what is pending shares it.
create function private.lock_lexicon(p_agent_id uuid) returns void language sql volatile set search_path = '' as $$
  select pg_advisory_xact_lock(hashtextextended(p_agent_id::text, 7));
$$;

-- Takes the lock for who is about to publish so many chunks. True: alone, and what is pending has to be counted now, so that the statistics of an agent of less
-- than 500 passages are exact with each page, and those of larger ones never more than a twentieth behind (the weight of a word hardly moves by that).
-- False: together with others.
create function private.open_lexicon(p_tenant_id uuid, p_agent_id uuid, p_chunk_count integer) returns boolean language plpgsql volatile set search_path = '' as $$
declare
  v_counted integer := coalesce((select s.chunk_count from public.lex_agents s where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id), 0);
  v_pending bigint;
begin
  if v_counted >= 500 then
    select coalesce(sum(abs(d.chunk_count)), 0) into v_pending from public.lex_pending d where d.tenant_id = p_tenant_id and d.agent_id = p_agent_id;
    if v_pending + p_chunk_count < v_counted / 20 then
      perform pg_advisory_xact_lock_shared(hashtextextended(p_agent_id::text, 7));
      return false;
    end if;
  end if;
  perform private.lock_lexicon(p_agent_id);
  return true;
end $$;

-- Counts what is pending. The caller holds the lock of the agent alone.
create function private.count_pending(p_tenant_id uuid, p_agent_id uuid) returns void language plpgsql volatile set search_path = '' as $$
declare
  v_has_removed boolean;
  v_average real;
  v_encoded real;
begin
  with taken as (
    delete from public.lex_pending d where d.tenant_id = p_tenant_id and d.agent_id = p_agent_id
    returning d.chunk_count, d.total_length, d.terms, d.counts),
  agent as (
    insert into public.lex_agents as s (agent_id, tenant_id, chunk_count, total_length)
    select p_agent_id, p_tenant_id, sum(d.chunk_count), sum(d.total_length) from taken d having count(*) > 0
    on conflict (agent_id) do update
      set chunk_count = s.chunk_count + excluded.chunk_count, total_length = greatest(s.total_length + excluded.total_length, 0)
    returning (s.total_length / greatest(s.chunk_count, 1))::real as average, s.encoded_average),
  terms as (
    insert into public.lex_terms as s (tenant_id, agent_id, term, chunk_count)
    select p_tenant_id, p_agent_id, t.term, sum(t.n) from taken d, unnest(d.terms, d.counts) as t (term, n)
    group by t.term order by t.term
    on conflict (tenant_id, agent_id, term) do update set chunk_count = s.chunk_count + excluded.chunk_count)
  select (select coalesce(bool_or(d.chunk_count < 0), false) from taken d), a.average, a.encoded_average
    into v_has_removed, v_average, v_encoded from agent a;
  if not found then return; end if;
  if v_has_removed then
    delete from public.lex_terms s where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id and s.chunk_count <= 0;
  end if;
  if v_average > 0 and (v_encoded = 0 or abs(v_average / v_encoded - 1) > 0.05) then
    update public.lex_agents s set encoded_average = v_average where s.agent_id = p_agent_id;
    -- A passage that somebody holds is about to go.
    update public.chunks c set lexical = private.encode_lexical(c.terms, c.term_frequencies, c.length, v_average)
      where c.id in (select k.id from public.chunks k where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.published
        for no key update skip locked);
  end if;
end $$;

-- Statistics follow the chunks in the same transaction, whichever way these go: replaced, or deleted by a cascade. Only as pending: who deletes holds
-- rows that publishers wait for, and must not wait for them; a word that no passage holds any more finds none.
create function private.count_published_chunks() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_agent record;
begin
  for v_agent in select c.tenant_id, c.agent_id, count(*)::integer as n, coalesce(sum(c.length), 0) as length
      from changed c where c.published group by c.tenant_id, c.agent_id order by c.agent_id loop
    -- The agent itself may be going: then its statistics go with it.
    continue when not exists (select from public.agents a where a.tenant_id = v_agent.tenant_id and a.id = v_agent.agent_id);
    insert into public.lex_pending (tenant_id, agent_id, chunk_count, total_length, terms, counts)
    select v_agent.tenant_id, v_agent.agent_id, -v_agent.n, -v_agent.length, coalesce(array_agg(d.term), '{}'), coalesce(array_agg(-d.n), '{}')
    from (select t.term, count(*)::integer as n from changed c, unnest(c.terms) as t (term)
      where c.published and c.tenant_id = v_agent.tenant_id and c.agent_id = v_agent.agent_id group by t.term) d;
  end loop;
  return null;
end $$;
create trigger count_deleted_chunks after delete on public.chunks
  referencing old table as changed for each statement execute function private.count_published_chunks();

-- Publishes the draft chunks of one version: statistics, encoded vectors, and the flag that makes them searchable.
-- p_alone: what open_lexicon answered, when it was asked before.
create function private.publish_chunks(p_tenant_id uuid, p_agent_id uuid, p_version_id uuid, p_alone boolean default null)
returns integer language plpgsql volatile set search_path = '' as $$
declare
  v_alone boolean := coalesce(p_alone, private.open_lexicon(p_tenant_id, p_agent_id, (select count(*)::integer from public.chunks c
    where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id and not c.published)));
  v_count integer;
  v_terms integer[];
  v_long_words text[];
  v_long_terms integer[];
  v_encoded real;
begin
  select v.long_words, v.long_terms into v_long_words, v_long_terms from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id;
  with drafts as materialized (
    select c.terms, c.length from public.chunks c where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id and not c.published),
  counted as (select t.term, count(*)::integer as n from drafts c, unnest(c.terms) as t (term) group by t.term)
  insert into public.lex_pending as d (tenant_id, agent_id, chunk_count, total_length, terms, counts)
    select p_tenant_id, p_agent_id, (select count(*) from drafts), (select coalesce(sum(c.length), 0) from drafts c),
      coalesce(array_agg(t.term order by t.term), '{}'), coalesce(array_agg(t.n order by t.term), '{}') from counted t
    returning d.terms into v_terms;
  if not v_alone or v_long_terms is not null then
    -- A word that is new to the agent is known at once. In order, so that two publishers wait for each other rather than both.
    insert into public.lex_terms as s (tenant_id, agent_id, term, chunk_count, word)
      select p_tenant_id, p_agent_id, t.term, 0, w.word from unnest(v_terms) as t (term)
      left join unnest(v_long_terms, v_long_words) as w (term, word) on w.term = t.term
      where (w.term is not null or not v_alone) and (select true from public.lex_terms k
        where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.term = t.term and (k.word is not null or w.word is null)) is null
      order by t.term
    on conflict (tenant_id, agent_id, term) do update set word = excluded.word where s.word is null and excluded.word is not null;
  end if;
  if v_alone then perform private.count_pending(p_tenant_id, p_agent_id); end if;
  select s.encoded_average into v_encoded from public.lex_agents s where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id;
  update public.chunks c
    set published = true, lexical = private.encode_lexical(c.terms, c.term_frequencies, c.length, v_encoded)
    where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id and not c.published;
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- Counts what is pending: what was deleted, and what large agents published last. Leaves out who is being published to. Returns for how many agents.
create function service.sweep_lexicons(p_limit integer default 100) returns integer language plpgsql volatile security definer set search_path = '' as $$
declare
  v_agent record;
  v_count integer := 0;
begin
  for v_agent in select distinct d.tenant_id, d.agent_id from public.lex_pending d order by d.agent_id limit p_limit loop
    continue when not pg_try_advisory_xact_lock(hashtextextended(v_agent.agent_id::text, 7));
    perform private.count_pending(v_agent.tenant_id, v_agent.agent_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
grant execute on function service.sweep_lexicons(integer) to alonchat_service;

-- Whether an agent has so many passages that reading all of their vectors takes too long: 0.8 µs a vector of 384 numbers.
create function private.needs_graph(p_chunk_count integer, p_dimensions integer) returns boolean
language sql immutable set search_path = '' as $$
  select p_chunk_count >= 5000 and private.graph_count(p_dimensions) > 0;
$$;

-- Whether reading all vectors of an agent beats the graph that they are in: few, or few of those in the graph, which passes the neighbours of everybody.
create function private.is_scan_cheaper(p_chunk_count integer, p_dimensions integer, p_graph integer) returns boolean
language sql stable set search_path = '' as $$
  select not private.needs_graph(p_chunk_count, p_dimensions) or (p_chunk_count <= 20000 and p_chunk_count < 0.05 * coalesce((
    select c.reltuples from pg_catalog.pg_class c
    where c.oid = pg_catalog.to_regclass(format('public.chunk_embeddings_%s_%s_idx', p_dimensions, p_graph))), 0));
$$;

-- The passages of one index nearest to a vector, by its HNSW graph: of a million 96 % of the true best ten, of fewer nearly all (bench/README.md). The number of the graph stands in the statement,
-- or the planner could not know which partial index is meant.
-- Sorting is switched off, or the planner reads every vector of a tenant that holds a tenth of the table; iterative scan goes on until enough of
-- the tenant's own are found, where a filtered search without it returned 0 rows of 10 for a tenant of 2 %.
create function private.nearest_by_graph(p_tenant_id uuid, p_index_id uuid, p_graph integer, p_embedding text, p_limit integer)
returns uuid[] language plpgsql stable set search_path = '' set enable_sort = off
set hnsw.iterative_scan = 'relaxed_order' set hnsw.ef_search = 300 set hnsw.max_scan_tuples = 40000 as $$
declare v_ids uuid[];
begin
  execute format($q$
    select array_agg(b.id) from (
      select e.chunk_id as id from public.chunk_embeddings e
      where e.tenant_id = $1 and e.index_id = $2 and e.graph = %2$s and extensions.vector_dims(e.embedding) = %1$s
      order by e.embedding::extensions.halfvec(%1$s) operator(extensions.<=>) $3::extensions.halfvec(%1$s) limit $4) b $q$,
    extensions.vector_dims(p_embedding::extensions.halfvec), p_graph)
    into v_ids using p_tenant_id, p_index_id, p_embedding, p_limit;
  return v_ids;
end $$;

-- Published chunks of one agent that fit a question: the union of the best by BM25 and the best by cosine.
--
-- p_terms      hashed, salted stems of the question; p_weights how often each stands in it
-- p_embedding  '[0.1,…]' or null; compared with the agent's index of p_embedding_model, and only if that is the live one, or was
--              until a minute ago: a question that was embedded just before a switch still finds the vectors of its own model
-- p_vector_below: vectors add candidates only when words found fewer than this many; for vectors that know no more than the words.
-- p_source_ids, p_languages ('en', not 'en-GB'): only pages of these sources, or in these languages; a page whose language nobody knows fits each.
-- Returns {"chunkIds": […], "lexical": […], "similarity": […], "knownTerms": […]}, the first three side by side, at most p_limit + p_vector_limit
-- (p_vector_limit: p_limit unless given), in no promised order: the caller fuses the two scores, and has the texts from service.read_chunks or its
-- memory. Lists in one value, because fifty rows cost both sides more than the search of a small agent.
-- lexical      Σ weight · ln(1 + (N − n + ½) / (n + ½)) · tf / (tf + 1.2 (0.4 + 0.6 length / average)), N and n of this agent; 0 when no term fits
-- similarity   cosine in [-1, 1]; 0 when not compared, and where a vector is all zeros
-- knownTerms   those of p_terms that stand in any of the agent's published chunks
--
-- Lexical candidates come through GIN: what has one of the rarest terms, as many as 1,000 postings hold, or two of the next three, of those in at
-- most 10,000 passages (exact below 1,000 postings); all terms score. Of the exact best ten at 100,000 chunks that finds 99 %, and the best one always;
-- the time is that of the passages read. One of the rarest up to 3,000 postings finds as many for nearly twice the time, up to 1,000 alone 92 %.
-- Vectors: exact scan for small agents, their HNSW graph for large ones once all are in it (private.is_scan_cheaper); with a filter always exact.
create function service.match_chunks(
  p_tenant_id uuid, p_agent_id uuid, p_terms integer[], p_weights real[],
  p_embedding text default null, p_embedding_model text default null, p_limit integer default 100, p_vector_limit integer default null,
  p_vector_below integer default null, p_source_ids uuid[] default null, p_languages text[] default null)
returns json language plpgsql stable security definer
set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_vector_limit integer := least(greatest(coalesce(p_vector_limit, p_limit), 1), 200);
  v_chunk_count integer;
  v_index_id uuid;
  v_graph integer;
  v_query extensions.sparsevec;
  v_known integer[];
  v_counts integer[];
  v_postings bigint;
  -- What candidates have one of …
  v_terms integer[];
  -- … or two of.
  v_common integer[];
  v_pair_1 integer[];
  v_pair_2 integer[];
  v_pair_3 integer[];
  v_embedding extensions.halfvec := p_embedding::extensions.halfvec;
  v_ids uuid[] := '{}';
  v_lexical real[] := '{}';
  v_similarity real[] := '{}';
  v_more uuid[];
  -- Null: all pages.
  v_pages uuid[];
begin
  select s.chunk_count into v_chunk_count from public.lex_agents s where s.agent_id = p_agent_id and s.tenant_id = p_tenant_id;
  if coalesce(v_chunk_count, 0) = 0 then return '{"chunkIds": [], "lexical": [], "similarity": [], "knownTerms": []}'; end if;
  if p_source_ids is not null or p_languages is not null then
    select coalesce(array_agg(p.id), '{}') into v_pages from public.pages p
      where p.tenant_id = p_tenant_id and p.agent_id = p_agent_id and p.live_version_id is not null
        and (p_source_ids is null or p.source_id = any (p_source_ids))
        and (p_languages is null or p.language is null or split_part(lower(p.language), '-', 1) = any (p_languages));
  end if;
  if v_embedding is not null then
    select i.id, case when i.graph_ready_at is not null then i.graph end into v_index_id, v_graph from public.embedding_indexes i
      where i.tenant_id = p_tenant_id and i.agent_id = p_agent_id and i.model = p_embedding_model
        and (i.state = 'live' or (i.state = 'retired' and i.live_at is not null and i.retired_at > now() - interval '1 minute'))
      order by i.state limit 1;
  end if;

  with known as (
    select q.term, sum(q.weight) as weight, min(s.chunk_count) as n
    from unnest(p_terms, p_weights) as q (term, weight)
    join public.lex_terms s on s.tenant_id = p_tenant_id and s.agent_id = p_agent_id and s.term = q.term
    group by q.term)
  select ('{' || string_agg(k.term || ':' || (k.weight * ln(1 + (v_chunk_count - k.n + 0.5::float8) / (k.n + 0.5::float8)))::real, ',' order by k.term)
      || '}/1000000000')::extensions.sparsevec, array_agg(k.term), array_agg(k.n), sum(k.n)
    into v_query, v_known, v_counts, v_postings from known k;
  v_terms := v_known;
  if v_postings > 1000 then
    select array_agg(r.term) filter (where r.is_rare), (array_agg(r.term order by r.rank) filter (where not r.is_rare and r.n <= 10000))[:3]
      into v_terms, v_common from (
      select k.term, k.n, row_number() over rarest as rank, row_number() over rarest = 1 or sum(k.n) over rarest <= 1000 as is_rare
      from unnest(v_known, v_counts) as k (term, n) window rarest as (order by k.n, k.term)) r;
    if cardinality(v_common) > 1 then v_pair_1 := v_common[1:2]; end if;
    if cardinality(v_common) > 2 then
      v_pair_2 := v_common[2:3];
      v_pair_3 := array[v_common[1], v_common[3]];
    end if;
  end if;

  if v_terms is not null then
    select coalesce(array_agg(b.id), '{}'), coalesce(array_agg((-b.score)::real), '{}') into v_ids, v_lexical from (
      select c.id, c.lexical operator(extensions.<#>) v_query as score from public.chunks c
      -- "is true" keeps the planner from reading all of an agent's entries in another index beside those of the terms, which are the agent's own.
      where (c.tenant_id = p_tenant_id and c.agent_id = p_agent_id) is true and c.published
        and (c.terms && v_terms or c.terms @> v_pair_1 or c.terms @> v_pair_2 or c.terms @> v_pair_3)
        and (v_pages is null or c.page_id = any (v_pages))
      order by 2, 1 limit v_limit) b;
  end if;

  if v_index_id is not null and (p_vector_below is null or cardinality(v_ids) < p_vector_below) then
    if v_pages is not null then
      select array_agg(b.id) into v_more from (
        select e.chunk_id as id from public.chunks c
        join public.chunk_embeddings e on e.tenant_id = c.tenant_id and e.chunk_id = c.id and e.index_id = v_index_id
        where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and c.published and c.page_id = any (v_pages) and e.embedding is not null
        order by (e.embedding operator(extensions.<=>) v_embedding) + 0, e.chunk_id limit v_vector_limit) b;
    elsif v_graph is null or private.is_scan_cheaper(v_chunk_count, extensions.vector_dims(v_embedding), v_graph) then
      select array_agg(b.id) into v_more from (
        select e.chunk_id as id from public.chunk_embeddings e
        where e.tenant_id = p_tenant_id and e.index_id = v_index_id and e.embedding is not null
        -- "+ 0" keeps the planner on the exact scan
        order by (e.embedding operator(extensions.<=>) v_embedding) + 0, e.chunk_id limit v_vector_limit) b;
    else
      v_more := private.nearest_by_graph(p_tenant_id, v_index_id, v_graph, p_embedding, v_vector_limit);
    end if;
    select v_ids || coalesce(array_agg(m.id), '{}'), v_lexical || coalesce(array_agg(m.lexical), '{}') into v_ids, v_lexical from (
      select c.id, coalesce(-(c.lexical operator(extensions.<#>) v_query), 0)::real as lexical
      from public.chunks c where c.tenant_id = p_tenant_id and c.id = any (v_more) and c.id <> all (v_ids)) m;
  end if;

  if v_index_id is not null then
    select array_agg(f.id), array_agg(f.lexical), array_agg(coalesce(nullif(1 - (e.embedding operator(extensions.<=>) v_embedding), 'NaN'), 0)::real)
      into v_ids, v_lexical, v_similarity
      from unnest(v_ids, v_lexical) as f (id, lexical)
      left join public.chunk_embeddings e on e.tenant_id = p_tenant_id and e.index_id = v_index_id and e.chunk_id = f.id;
  else
    v_similarity := array_fill(0::real, array[cardinality(v_ids)]);
  end if;
  return json_build_object('chunkIds', coalesce(v_ids, '{}'), 'lexical', coalesce(v_lexical, '{}'), 'similarity', coalesce(v_similarity, '{}'),
    'knownTerms', coalesce(v_known, '{}'));
end $$;
grant execute on function service.match_chunks(uuid, uuid, integer[], real[], text, text, integer, integer, integer, uuid[], text[]) to alonchat_service;

-- What a word may have meant that an agent does not know. Those of the given terms that stand in its published chunks, and in how many; word is null.
-- Then its long words that begin or end with one of the given parts of stems and have a few letters more, the commonest twelve of each part; a word that
-- both begins and ends so comes twice. A beginning leaves three letters; an end leaves four, five when it is short, which is more than ver-, be- and ent- are.
-- Ranges, because a pattern that is no constant finds no index. "is true" keeps the planner from reading all of an agent's words by their terms (49,000
-- pages of memory for 20,000 words, instead of some 20).
create function service.known_terms(
  p_tenant_id uuid, p_agent_id uuid, p_terms integer[], p_beginnings text[] default '{}', p_ends text[] default '{}')
returns table (term integer, chunk_count integer, word text)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query
    select s.term, s.chunk_count, null from public.lex_terms s
    where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id and s.term = any (p_terms);
  if cardinality(p_beginnings) > 0 or cardinality(p_ends) > 0 then
    return query
      select f.* from unnest(p_beginnings) as b (part) cross join lateral (
        select s.term, s.chunk_count, s.word from public.lex_terms s
        where (s.tenant_id = p_tenant_id and s.agent_id = p_agent_id) is true and s.word is not null and length(s.word) >= length(b.part) + 3
          and (s.agent_id::text || s.word) collate "C" >= p_agent_id::text || b.part
          and (s.agent_id::text || s.word) collate "C" < p_agent_id::text || b.part || U&'\+10FFFF'
        order by s.chunk_count desc, s.word limit 12) f
      union all
      select f.* from unnest(p_ends) as e (part) cross join lateral (
        select s.term, s.chunk_count, s.word from public.lex_terms s
        where (s.tenant_id = p_tenant_id and s.agent_id = p_agent_id) is true and s.word is not null
          and length(s.word) >= greatest(length(e.part) + 4, 8)
          and (s.agent_id::text || reverse(s.word)) collate "C" >= p_agent_id::text || reverse(e.part)
          and (s.agent_id::text || reverse(s.word)) collate "C" < p_agent_id::text || reverse(e.part) || U&'\+10FFFF'
        order by s.chunk_count desc, s.word limit 12) f;
  end if;
end $$;
grant execute on function service.known_terms(uuid, uuid, integer[], text[], text[]) to alonchat_service;

-- The texts of passages of one agent by id, the published ones only. A passage's text never changes: what changed on its page is another passage.
create function service.read_chunks(p_tenant_id uuid, p_agent_id uuid, p_chunk_ids uuid[])
returns table (chunk_id uuid, page_id uuid, source_id uuid, url text, title text, heading_path text[], anchor text, content text, "position" integer, token_count integer)
language sql stable security definer set search_path = '' as $$
  select c.id, c.page_id, c.source_id, p.url, c.title, c.heading_path, c.anchor, c.content, c.position, c.token_count
  from public.chunks c
  join public.pages p on p.tenant_id = c.tenant_id and p.id = c.page_id
  where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and c.published and c.id = any (p_chunk_ids);
$$;
grant execute on function service.read_chunks(uuid, uuid, uuid[]) to alonchat_service;

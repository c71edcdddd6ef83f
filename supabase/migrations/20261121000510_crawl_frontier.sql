-- The frontier: which pages of a run are known, and which are out in the queue.
--
-- Rows are locked in this order, in every function of the crawl: pages, then their run, then pages of older runs and of the frontier.

-- The addresses a page linked to when it was read last, normalised and within its source's scope: a page that is not read anew (304,
-- or an error that may pass) still leads to them, so that they are not taken for gone.
create table private.page_links (
  tenant_id uuid not null,
  page_id uuid not null,
  urls text[] not null,
  primary key (tenant_id, page_id),
  foreign key (tenant_id, page_id) references public.pages (tenant_id, id) on delete cascade
);
alter table private.page_links enable row level security;
alter table private.page_links force row level security;

-- Tells the members' screens how a run stands: at most five times a second, and always at the end.
create function private.notify_progress(p_tenant_id uuid, p_run_id uuid, p_final boolean default false)
returns void language plpgsql volatile set search_path = '' as $$
declare v_run public.crawl_runs;
begin
  update public.crawl_runs r set notified_at = clock_timestamp()
    where r.tenant_id = p_tenant_id and r.id = p_run_id
      and (p_final or r.notified_at is null or r.notified_at < clock_timestamp() - interval '200 milliseconds')
    returning r.* into v_run;
  if not found then return; end if;
  perform realtime.send(jsonb_build_object('runId', v_run.id, 'agentId', v_run.agent_id, 'sourceId', v_run.source_id,
      'status', v_run.status, 'maxPages', v_run.max_pages, 'found', v_run.found, 'fetched', v_run.fetched, 'published', v_run.published,
      'unchanged', v_run.unchanged, 'failed', v_run.failed, 'excluded', v_run.excluded, 'chunks', v_run.chunks,
      'waiting', v_run.waiting,
      'errorCode', v_run.error_code, 'errorMessage', v_run.error_message, 'startedAt', v_run.started_at, 'finishedAt', v_run.finished_at),
    'progress', 'tenant:' || p_tenant_id || ':crawl', true);
end $$;

-- Puts URLs that a run has not seen into its frontier, up to its page limit. p_links: [{"url", "hash", "host", "depth"}].
-- A retry takes in only what its source has never seen: it visits the pages it was made for.
create function private.claim_links(p_run public.crawl_runs, p_links jsonb) returns void language plpgsql volatile set search_path = '' as $$
declare
  v_room integer;
  v_asked integer;
  v_claimed integer;
begin
  if jsonb_array_length(p_links) = 0 then return; end if;
  -- The run's row is the gate: two pages that link to one another do not both take the last place.
  select r.max_pages - r.found into v_room from public.crawl_runs r
    where r.tenant_id = p_run.tenant_id and r.id = p_run.id and r.status in ('queued', 'running', 'paused') for no key update;
  if not found then return; end if;
  with links as (
    select distinct on (l.hash) l.url, l.hash, l.host, l.depth, l.ordinal
    from rows from (jsonb_to_recordset(p_links) as (url text, hash text, host text, depth integer)) with ordinality as l (url, hash, host, depth, ordinal)
    order by l.hash, l.ordinal),
  fresh as (
    select l.* from links l
    -- Each link is looked up by its key: as an anti join, or by "source_id =", without statistics, all pages of the source were read.
    where not coalesce((select p.run_id = p_run.id or p_run.is_retry from public.pages p
      where p.tenant_id = p_run.tenant_id and p.url_hash = l.hash and p.source_id is not distinct from p_run.source_id), false)),
  chosen as (select f.* from fresh f order by f.ordinal limit greatest(v_room, 0)),
  claimed as (
    insert into public.pages as p (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth)
    select p_run.tenant_id, p_run.agent_id, p_run.source_id, p_run.id, f.url, f.hash, f.host, f.depth from chosen f order by f.hash
    on conflict (tenant_id, source_id, url_hash) do update
      set run_id = excluded.run_id, status = 'queued', depth = excluded.depth, attempts = 0, nudges = 0, not_before = null, enqueued_at = null,
          lease_token = null, lease_until = null, reason_code = null, reason = null, main_hash = null, updated_at = now()
      where p.run_id <> excluded.run_id
    returning p.id)
  select (select count(*) from fresh), (select count(*) from claimed) into v_asked, v_claimed;
  update public.crawl_runs r set found = r.found + v_claimed, limit_reached = r.limit_reached or v_asked > greatest(v_room, 0), updated_at = now()
    where r.tenant_id = p_run.tenant_id and r.id = p_run.id;
end $$;

-- A normalised address in the form that claim_links takes.
create function private.link_of(p_url text, p_depth integer) returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object('url', p_url, 'hash', encode(sha256(convert_to(p_url, 'UTF8')), 'hex'),
    'host', substring(p_url from '^https?://([^/?#]+)'), 'depth', p_depth);
$$;

-- Links that a page had when it was read last, in the form that claim_links takes.
create function private.known_links(p_page public.pages) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(private.link_of(u.url, (p_page).depth + 1)), '[]')
  from private.page_links l, unnest(l.urls) as u (url) where l.tenant_id = (p_page).tenant_id and l.page_id = (p_page).id;
$$;

-- Hands pages of the frontier out for the queue, nearest to the start first. A page is out until it has ended, so that a crawl that reads
-- faster than it embeds waits for the embedding.
--   At most 50 of a run are out at once: a large site neither fills the queue nor holds turns at its host for hours.
--   At most queue_limit (MAX_QUEUE_SIZE) of a tenant; the rest waits here. But each run has one out at least, so that none is forgotten.
-- A run that is paused hands out nothing. The caller has the run's row locked. Returns [{"id", "url", "nudge", "place"}]; place: which of its tenant's pages out it is, from 1.
-- Workers take low places first, so the first page of one tenant does not wait for the thousandth of another.
create function private.take_pages(p_tenant_id uuid, p_run_id uuid) returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_limit integer;
  v_alone boolean;
  v_of_run integer;
  v_of_tenant integer;
  v_room integer;
  v_taken jsonb;
begin
  select r.queue_limit into v_limit from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running');
  if not found then return '[]'; end if;
  -- Two runs of a tenant must not both take the last places. Who does not get the lock makes do until its next page ends, and never waits.
  v_alone := pg_try_advisory_xact_lock(hashtextextended(p_tenant_id::text, 13));
  select count(*) filter (where p.run_id = p_run_id), count(*) into v_of_run, v_of_tenant from public.pages p
    where p.tenant_id = p_tenant_id and p.status in ('queued', 'fetching', 'embedding') and p.enqueued_at is not null;
  v_room := greatest(case when v_alone then least(50 - v_of_run, v_limit - v_of_tenant) end, case when v_of_run = 0 then 1 end, 0);
  if v_room <= 0 then return '[]'; end if;
  with next as (
    select p.id from public.pages p
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'queued' and p.enqueued_at is null
    order by p.depth, p.id limit v_room for no key update skip locked),
  taken as (
    update public.pages p set enqueued_at = clock_timestamp(), updated_at = now() from next
    where p.tenant_id = p_tenant_id and p.id = next.id returning p.id, p.url, p.depth, p.nudges),
  placed as (select t.*, v_of_tenant + row_number() over (order by t.depth, t.url) as place from taken t)
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'url', t.url, 'nudge', t.nudges, 'place', t.place) order by t.place), '[]')
    into v_taken from placed t;
  return v_taken;
end $$;

-- Keeps a page's source from being deleted until the end of the transaction. Asked for before the page is locked: who deletes a source locks that
-- first and then its runs and pages, and would wait in a circle with a worker who holds a page and wants its run.
create function private.hold_source(p_tenant_id uuid, p_page_id uuid) returns void language sql volatile set search_path = '' as $$
  select from public.sources s where s.tenant_id = p_tenant_id
    and s.id = (select p.source_id from public.pages p where p.tenant_id = p_tenant_id and p.id = p_page_id) for key share;
$$;

-- Removes a page from the knowledge; its chunks go with its versions.
create function private.unpublish_page(p_tenant_id uuid, p_page_id uuid) returns void language sql volatile set search_path = '' as $$
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = p_page_id;
  update public.pages p set live_version_id = null, chunk_count = 0, word_count = 0 where p.tenant_id = p_tenant_id and p.id = p_page_id;
$$;

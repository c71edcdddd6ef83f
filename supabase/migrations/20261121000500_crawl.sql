-- The crawl: rows are the truth, jobs are nudges. Every step may be repeated, and a step of a worker that lost its lease is refused.
--
-- page: queued → fetching → (embedding → published) | failed | excluded | duplicate;  published → gone when a later run no longer finds it
-- run:  queued → running → completed | failed | cancelled
--
-- Rows are locked in this order, in every function: pages, then their run, then pages of older runs and of the frontier.

-- Hosts are shared by all tenants: one line each, across all workers. host has its port unless it is the usual one.
create table private.hosts (
  host text primary key,
  -- When the last request went out (a little ahead of now while a request waits for its moment).
  last_at timestamptz not null default '-infinity',
  -- The end of the line: the turn of the next page that joins it.
  next_at timestamptz not null default '-infinity',
  -- Set by 429 and 503: nobody fetches before.
  blocked_until timestamptz not null default '-infinity',
  -- What the host's robots.txt asks for between two requests.
  crawl_delay_ms integer not null default 0
);
alter table private.hosts enable row level security;
alter table private.hosts force row level security;

-- robots.txt, one an origin (scheme, host and port, as RFC 9309 has it), shared by all tenants.
create table private.robots (
  origin text primary key,
  robots jsonb,
  fetched_at timestamptz not null default '-infinity',
  expires_at timestamptz not null default '-infinity',
  -- Somebody fetches it until then.
  lease_until timestamptz not null default '-infinity'
);
alter table private.robots enable row level security;
alter table private.robots force row level security;

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

create function private.lock_host(p_host text) returns private.hosts language plpgsql volatile set search_path = '' as $$
declare v_host private.hosts;
begin
  insert into private.hosts (host) values (p_host) on conflict do nothing;
  select h.* into v_host from private.hosts h where h.host = p_host for no key update;
  return v_host;
end $$;

-- The pause between two requests. p_own_hosts, as host or host:port, belong to the operator: only what their robots.txt asks for.
create function private.host_pause(p_host private.hosts, p_delay_ms integer, p_own_hosts text[]) returns interval language sql immutable set search_path = '' as $$
  select interval '1 millisecond' * greatest((p_host).crawl_delay_ms,
    case when (p_host).host = any (p_own_hosts) or regexp_replace((p_host).host, ':[0-9]+$', '') = any (p_own_hosts) then 0 else p_delay_ms end);
$$;

-- A moment for a request that is no page (robots.txt, a sitemap): ahead of the pages in line, and like them a pause after the last one.
-- Returns how many milliseconds to wait for it.
create function service.take_turn(p_host text, p_delay_ms integer, p_own_hosts text[]) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_host private.hosts := private.lock_host(p_host);
  v_pause interval := private.host_pause(v_host, p_delay_ms, p_own_hosts);
  v_now timestamptz := clock_timestamp();
  v_at timestamptz := greatest(v_now, v_host.last_at + v_pause);
begin
  update private.hosts h set last_at = v_at, next_at = greatest(h.next_at, v_at + v_pause) where h.host = p_host;
  return ceil(extract(epoch from v_at - v_now) * 1000)::integer;
end $$;

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
create function private.claim_links(p_run public.crawl_runs, p_links jsonb) returns void language plpgsql volatile set search_path = '' as $$
declare v_room integer;
begin
  if jsonb_array_length(p_links) = 0 then return; end if;
  -- The run's row is the gate: two pages that link to one another do not both take the last place.
  select r.max_pages - r.found into v_room from public.crawl_runs r
    where r.tenant_id = p_run.tenant_id and r.id = p_run.id and r.status in ('queued', 'running') for no key update;
  if not found or v_room <= 0 then return; end if;
  with links as (
    select distinct on (l.hash) l.url, l.hash, l.host, l.depth, l.ordinal
    from rows from (jsonb_to_recordset(p_links) as (url text, hash text, host text, depth integer)) with ordinality as l (url, hash, host, depth, ordinal)
    order by l.hash, l.ordinal),
  fresh as (
    select l.* from links l
    where not exists (select from public.pages p where p.tenant_id = p_run.tenant_id and p.source_id = p_run.source_id
      and p.url_hash = l.hash and p.run_id = p_run.id)
    order by l.ordinal limit v_room),
  claimed as (
    insert into public.pages as p (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth)
    select p_run.tenant_id, p_run.agent_id, p_run.source_id, p_run.id, f.url, f.hash, f.host, f.depth from fresh f order by f.hash
    on conflict (tenant_id, source_id, url_hash) do update
      set run_id = excluded.run_id, status = 'queued', depth = excluded.depth, attempts = 0, nudges = 0, not_before = null, enqueued_at = null,
          lease_token = null, lease_until = null, reason_code = null, reason = null, main_hash = null, updated_at = now()
      where p.run_id <> excluded.run_id
    returning p.id)
  update public.crawl_runs r set found = r.found + (select count(*) from claimed), updated_at = now()
    where r.tenant_id = p_run.tenant_id and r.id = p_run.id;
end $$;

-- Links that a page had when it was read last, in the form that claim_links takes.
create function private.known_links(p_page public.pages) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('url', u.url, 'hash', encode(sha256(convert_to(u.url, 'UTF8')), 'hex'),
      'host', substring(u.url from '^https?://([^/?#]+)'), 'depth', (p_page).depth + 1)), '[]')
  from private.page_links l, unnest(l.urls) as u (url) where l.tenant_id = (p_page).tenant_id and l.page_id = (p_page).id;
$$;

-- Hands pages of the frontier out for the queue, nearest to the start first. A page is out until it has ended, so that a crawl that reads
-- faster than it embeds waits for the embedding.
--   At most 50 of a run are out at once: a large site neither fills the queue nor holds turns at its host for hours.
--   At most queue_limit (MAX_QUEUE_SIZE) of a tenant; the rest waits here. But each run has one out at least, so that none is forgotten.
-- The caller has the run's row locked. Returns [{"id", "url", "nudge", "place"}]; place: which of its tenant's pages out it is, from 1.
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
  select r.queue_limit into v_limit from public.crawl_runs r where r.tenant_id = p_tenant_id and r.id = p_run_id;
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

-- Removes a page from the knowledge; its chunks go with its versions.
create function private.unpublish_page(p_tenant_id uuid, p_page_id uuid) returns void language sql volatile set search_path = '' as $$
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = p_page_id;
  update public.pages p set live_version_id = null, chunk_count = 0, word_count = 0 where p.tenant_id = p_tenant_id and p.id = p_page_id;
$$;

-- Ends the run when nothing is left to do. Pages that were live and not found again go now, and not before: no blind window.
create function private.finish_run_if_done(p_tenant_id uuid, p_run_id uuid) returns boolean language plpgsql volatile set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_first public.pages;
  v_page_id uuid;
  v_orphans integer;
begin
  select r.* into v_run from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status = 'running' and not r.discovering for no key update;
  if not found or exists (select from public.pages p where p.tenant_id = p_tenant_id and p.run_id = p_run_id
      and p.status in ('queued', 'fetching', 'embedding')) then
    return false;
  end if;

  -- Duplicates whose main page did not make it (a canonical address that does not exist, or leads back) are read for themselves.
  update public.pages p set status = 'queued', reason_code = 'main_page_missing', reason = null, main_hash = null, enqueued_at = null,
      attempts = 0, nudges = p.nudges + 1, not_before = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'duplicate' and p.main_hash is not null and p.nudges < 3
      and not exists (select from public.pages m where m.tenant_id = p_tenant_id and m.source_id = v_run.source_id and m.url_hash = p.main_hash
        and m.run_id = p_run_id and m.status = 'published');
  get diagnostics v_orphans = row_count;
  if v_orphans > 0 then
    update public.crawl_runs r set fetched = r.fetched - v_orphans, excluded = r.excluded - v_orphans, updated_at = now()
      where r.tenant_id = p_tenant_id and r.id = p_run_id;
    return false;
  end if;

  if v_run.published + v_run.unchanged = 0 then
    -- The page nearest to the start says why; a redirect only if it leads to nothing but redirects.
    select p.* into v_first from public.pages p where p.tenant_id = p_tenant_id and p.run_id = p_run_id
      order by p.depth, p.status = 'failed' desc, p.reason_code = 'redirect', p.id limit 1;
    if v_first.reason_code = 'redirect' then
      v_first.reason_code := 'redirect_loop';
      v_first.reason := 'The address redirects in a circle, so there is no page to read. Give the address of a page that opens in a browser.';
    end if;
    update public.crawl_runs r set status = 'failed', finished_at = clock_timestamp(), updated_at = now(),
        error_code = coalesce(r.error_code, v_first.reason_code, 'empty_site'),
        error_message = coalesce(r.error_message, v_first.reason, 'No page with text was found. Check the address, or whether the site needs JavaScript to show its text.')
      where r.tenant_id = p_tenant_id and r.id = p_run_id returning r.* into v_run;
  else
    for v_page_id in select p.id from public.pages p where p.tenant_id = p_tenant_id and p.source_id = v_run.source_id
        and p.run_id <> p_run_id and p.status <> 'gone' order by p.id loop
      perform private.unpublish_page(p_tenant_id, v_page_id);
      update public.pages p set status = 'gone', reason_code = 'gone', reason = 'The latest crawl did not find this page any more.', updated_at = now()
        where p.tenant_id = p_tenant_id and p.id = v_page_id;
    end loop;
    update public.crawl_runs r set status = 'completed', finished_at = clock_timestamp(), updated_at = now()
      where r.tenant_id = p_tenant_id and r.id = p_run_id;
  end if;
  update public.sources s set status = case when v_run.status = 'failed' then 'failed' else 'ready' end::public.source_status,
      error_code = v_run.error_code, error_message = v_run.error_message
    where s.tenant_id = p_tenant_id and s.id = v_run.source_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- Begins a crawl of a source with its first page queued. When one is active already, returns that one with created = false.
create function service.start_crawl_run(p_tenant_id uuid, p_source_id uuid, p_run_id uuid, p_url text, p_url_hash text, p_host text)
returns table (run_id uuid, created boolean) language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  v_source public.sources;
  v_run public.crawl_runs;
begin
  select s.* into v_source from public.sources s where s.tenant_id = p_tenant_id and s.id = p_source_id for no key update;
  if not found then raise exception using errcode = 'no_data_found', message = 'source not found'; end if;
  select r.* into v_run from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.source_id = p_source_id and r.status in ('queued', 'running');
  if found then return query select v_run.id, false; return; end if;
  insert into public.crawl_runs (id, tenant_id, agent_id, source_id, max_pages)
    values (p_run_id, p_tenant_id, v_source.agent_id, p_source_id, v_source.max_pages) returning * into v_run;
  perform private.claim_links(v_run, jsonb_build_array(
    jsonb_build_object('url', p_url, 'hash', p_url_hash, 'host', p_host, 'depth', 0)));
  perform private.take_pages(p_tenant_id, p_run_id);
  update public.sources s set status = 'crawling', last_run_id = p_run_id, error_code = null, error_message = null
    where s.tenant_id = p_tenant_id and s.id = p_source_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return query select p_run_id, true;
end $$;

-- What the first job of a run needs: {"state": "go", "status", "sourceUrl", "include", "exclude", "maxDepth", "maxPages", "rootPageId"}; null when the run is gone.
-- {"state": "wait", "waitMs"}: it stays queued while its tenant has p_queue_limit pages out already, or reads the sitemaps of four runs.
-- p_discovering: sitemaps will be read, so the run does not end before service.end_discovery.
create function service.begin_crawl_run(p_tenant_id uuid, p_run_id uuid, p_discovering boolean default false, p_queue_limit integer default 1000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_waiting integer;
begin
  update public.crawl_runs r set updated_at = now(), queue_limit = p_queue_limit
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running') returning r.* into v_run;
  if not found then return null; end if;
  if v_run.status = 'queued' and (
    (select count(*) from public.crawl_runs r where r.tenant_id = p_tenant_id and r.status = 'running' and r.discovering) >= 4
    or (select count(*) from public.pages p join public.crawl_runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.status = 'running'
        where p.tenant_id = p_tenant_id and p.status in ('queued', 'fetching', 'embedding') and p.enqueued_at is not null) >= p_queue_limit) then
    -- In the order in which they came, without asking all the time.
    select count(*) into v_waiting from public.crawl_runs r where r.tenant_id = p_tenant_id and r.status = 'queued' and r.id <= p_run_id;
    update public.crawl_runs r set waiting = true where r.tenant_id = p_tenant_id and r.id = p_run_id and not r.waiting;
    if found then perform private.notify_progress(p_tenant_id, p_run_id, true); end if;
    return jsonb_build_object('state', 'wait', 'waitMs', least(v_waiting, 15) * 1000);
  end if;
  update public.crawl_runs r set status = 'running', started_at = coalesce(r.started_at, clock_timestamp()), discovering = p_discovering, waiting = false
    where r.tenant_id = p_tenant_id and r.id = p_run_id returning r.* into v_run;
  return (select jsonb_build_object('state', 'go', 'status', v_run.status, 'sourceUrl', s.url, 'include', s.include_patterns, 'exclude', s.exclude_patterns,
      'maxDepth', s.max_depth, 'maxPages', v_run.max_pages,
      'rootPageId', (select p.id from public.pages p where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.depth = 0 order by p.id limit 1))
    from public.sources s where s.tenant_id = p_tenant_id and s.id = v_run.source_id);
end $$;

-- Takes in more URLs (from a sitemap; none only says that the reading goes on). Returns the pages to enqueue: [{"id", "url", "nudge", "place"}].
create function service.add_links(p_tenant_id uuid, p_run_id uuid, p_links jsonb) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_taken jsonb;
begin
  update public.crawl_runs r set updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running') returning r.* into v_run;
  if not found then return '[]'; end if;
  perform private.claim_links(v_run, p_links);
  v_taken := private.take_pages(p_tenant_id, p_run_id);
  perform private.notify_progress(p_tenant_id, p_run_id);
  return v_taken;
end $$;

-- The sitemaps are read: from now on the run ends when its pages are done. Returns {"runDone", "newPages"}.
create function service.end_discovery(p_tenant_id uuid, p_run_id uuid) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare v_done boolean;
begin
  update public.crawl_runs r set discovering = false, updated_at = now() where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status = 'running';
  if not found then return '{"runDone": false, "newPages": []}'; end if;
  v_done := private.finish_run_if_done(p_tenant_id, p_run_id);
  return jsonb_build_object('runDone', v_done, 'newPages', private.take_pages(p_tenant_id, p_run_id));
end $$;

-- Ends what a run has not finished: drafts go, and pages become p_status; those that were live stay so.
create function private.drop_pages(p_tenant_id uuid, p_run_id uuid, p_status public.page_status, p_code text, p_reason text)
returns void language sql volatile set search_path = '' as $$
  delete from public.page_versions v using public.pages p
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'embedding'
      and v.tenant_id = p.tenant_id and v.page_id = p.id and v.status = 'draft';
  update public.pages p
    set status = case when p.live_version_id is not null and p_status = 'excluded' then 'published' else p_status end::public.page_status,
        reason_code = p_code, reason = p_reason, lease_token = null, lease_until = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status in ('queued', 'fetching', 'embedding');
$$;

-- Waits for the workers that are storing pages of a run, which lock a page first and then the run.
create function private.lock_pages(p_tenant_id uuid, p_run_id uuid) returns void language sql volatile set search_path = '' as $$
  select from public.pages p where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status in ('queued', 'fetching', 'embedding')
    order by p.id for no key update;
$$;

-- Ends a run before it began, with the reason its member sees: robots.txt forbids, host not reachable.
create function service.fail_crawl_run(p_tenant_id uuid, p_run_id uuid, p_code text, p_message text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.lock_pages(p_tenant_id, p_run_id);
  update public.crawl_runs r set status = 'failed', error_code = p_code, error_message = p_message,
      failed = r.found - r.published - r.unchanged - r.excluded, finished_at = clock_timestamp(), updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running');
  if not found then return false; end if;
  perform private.drop_pages(p_tenant_id, p_run_id, 'failed', p_code, p_message);
  update public.sources s set status = 'failed', error_code = p_code, error_message = p_message
    where s.tenant_id = p_tenant_id and s.last_run_id = p_run_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- A member stops the crawl: what is published stays, what was queued is dropped.
create function service.cancel_crawl_run(p_tenant_id uuid, p_run_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.lock_pages(p_tenant_id, p_run_id);
  update public.crawl_runs r set status = 'cancelled', excluded = r.found - r.published - r.unchanged - r.failed,
      finished_at = clock_timestamp(), updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running');
  if not found then return false; end if;
  perform private.drop_pages(p_tenant_id, p_run_id, 'excluded', 'stopped', 'The crawl was stopped before this page was read.');
  update public.sources s set status = 'ready' where s.tenant_id = p_tenant_id and s.last_run_id = p_run_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- A worker asks to fetch a page. Returns {"state": "go", …} with a lease, {"state": "wait", "waitMs"} until its turn at the host or
-- until the lease of another ends, or {"state": "done"} when there is nothing to do (finished, cancelled).
-- Requests to a host are p_delay_ms apart (more if its robots.txt asks for it), whoever makes them. A page takes its place in the line
-- once; if it comes much too late, because the workers were busy, it joins the end again rather than crowd the pages behind it.
-- "go" with "blockedMs" > 0: the host asked for a pause so long that the page is to be closed instead.
-- p_reader: what makes chunks here; only a page that was read by the same is asked for conditionally.
create function service.claim_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease_ms integer, p_delay_ms integer, p_own_hosts text[],
  p_reader text default '')
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_page public.pages;
  v_host private.hosts;
  v_pause interval;
  v_now timestamptz;
  v_free timestamptz;
  v_at timestamptz;
  v_joins boolean := false;
  v_blocked interval;
  v_lease uuid := gen_random_uuid();
begin
  select p.* into v_page from public.pages p
    join public.crawl_runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.status = 'running'
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.status in ('queued', 'fetching')
    for no key update of p skip locked;
  if not found then return '{"state": "done"}'; end if;
  if v_page.status = 'fetching' and v_page.lease_until >= clock_timestamp() then
    return jsonb_build_object('state', 'wait', 'waitMs', ceil(extract(epoch from v_page.lease_until - clock_timestamp()) * 1000)::integer);
  end if;

  v_host := private.lock_host(v_page.host);
  v_pause := private.host_pause(v_host, p_delay_ms, p_own_hosts);
  v_now := clock_timestamp();
  v_free := greatest(v_host.last_at + v_pause, v_host.blocked_until);
  v_blocked := greatest(v_host.blocked_until - v_now, '0');
  if v_blocked < interval '15 minutes' then
    if v_page.not_before is null or (v_free > v_now and v_now - v_page.not_before > v_pause) then
      v_joins := true;
      v_at := greatest(v_host.next_at, v_free, v_now);
    else
      v_at := greatest(v_page.not_before, v_free, v_now);
    end if;
    update private.hosts h set last_at = case when v_at <= v_now then v_now else h.last_at end,
        next_at = case when v_joins or v_at <= v_now then greatest(h.next_at, v_at + v_pause) else h.next_at end
      where h.host = v_page.host;
    if v_at > v_now then
      update public.pages p set not_before = v_at, status = 'queued', updated_at = v_now where p.tenant_id = p_tenant_id and p.id = p_page_id;
      return jsonb_build_object('state', 'wait', 'waitMs', ceil(extract(epoch from v_at - v_now) * 1000)::integer);
    end if;
    v_blocked := '0';
  end if;

  update public.pages p set status = 'fetching', attempts = p.attempts + 1, lease_token = v_lease, not_before = v_now,
      enqueued_at = coalesce(p.enqueued_at, v_now), lease_until = v_now + p_lease_ms * interval '1 millisecond', updated_at = v_now
    where p.tenant_id = p_tenant_id and p.id = p_page_id;
  return (select jsonb_build_object('state', 'go', 'lease', v_lease, 'url', v_page.url, 'depth', v_page.depth, 'attempt', v_page.attempts + 1,
      'etag', case when v.reader = p_reader then v_page.etag end, 'lastModified', case when v.reader = p_reader then v_page.last_modified end,
      'ignoreCanonical', coalesce(v_page.reason_code = 'main_page_missing', false),
      'blockedMs', floor(extract(epoch from v_blocked) * 1000)::bigint,
      'robotsAt', (select floor(extract(epoch from o.fetched_at) * 1000)::bigint from private.robots o
        where o.origin = substring(v_page.url from '^https?://[^/?#]+') and isfinite(o.fetched_at)),
      'agentId', v_page.agent_id, 'sourceUrl', s.url, 'maxDepth', s.max_depth, 'include', s.include_patterns, 'exclude', s.exclude_patterns)
    from public.sources s
    left join public.page_versions v on v.tenant_id = p_tenant_id and v.id = v_page.live_version_id
    where s.tenant_id = p_tenant_id and s.id = v_page.source_id);
end $$;

-- Puts a page back for later: 429, 503, a network fault. p_whole_host when the host asked for it. False when the lease is lost.
create function service.defer_page(p_tenant_id uuid, p_page_id uuid, p_lease uuid, p_wait_ms integer, p_whole_host boolean)
returns boolean language plpgsql volatile security definer set search_path = '' as $$
declare
  v_host text;
  v_until timestamptz := clock_timestamp() + p_wait_ms * interval '1 millisecond';
begin
  update public.pages p set status = 'queued', not_before = v_until, lease_token = null, lease_until = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.lease_token = p_lease and p.status = 'fetching'
    returning p.host into v_host;
  if not found then return false; end if;
  if p_whole_host then
    update private.hosts h set blocked_until = greatest(h.blocked_until, v_until) where h.host = v_host;
  end if;
  return true;
end $$;

-- A page was fetched and holds text. One call stores a new version only if the content changed, and returns the links that are new.
--
-- p_page   {"httpStatus", "etag", "lastModified", "title", "language", "description", "markdown", "contentHash", "wordCount", "metadata", "reader"}
-- p_chunks [{"position", "kind", "headingPath", "anchor", "content", "tokenCount", "contentHash", "terms", "termFrequencies", "length"}]
-- p_links  [{"url", "hash", "host", "depth"}]
-- Returns {"outcome": "stored" (embed versionId) | "unchanged" | "duplicate" | "lost" (lease), "versionId", "place", "newPages": [{"id", "url", "nudge", "place"}], "runDone"}.
-- place: which of its tenant's pages that wait for embeddings it is, from 1.
-- Chunks whose content is known to the agent take over its embedding: only what changed is embedded.
create function service.store_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_page jsonb, p_chunks jsonb, p_links jsonb, p_embedding_model text)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_page public.pages;
  v_original public.pages;
  v_live public.page_versions;
  v_reader text := coalesce(p_page ->> 'reader', '');
  v_version_id uuid;
  v_outcome text;
  v_done boolean;
begin
  select p.* into v_page from public.pages p
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.lease_token = p_lease and p.status = 'fetching' for no key update;
  if not found then return '{"outcome": "lost", "newPages": [], "runDone": false}'; end if;
  select r.* into v_run from public.crawl_runs r where r.tenant_id = p_tenant_id and r.id = p_run_id;

  -- Two pages with the same content that arrive together must not both think they are the first. A page that was live with this content
  -- before this run stays the main one; should it be gone or changed by the end, its duplicates are read again.
  perform pg_advisory_xact_lock(hashtextextended(v_page.source_id::text || (p_page ->> 'contentHash'), 11));
  select v.* into v_live from public.page_versions v
    where v.tenant_id = p_tenant_id and v.page_id = p_page_id and v.id = v_page.live_version_id;
  if v_live.content_hash is distinct from p_page ->> 'contentHash' then
    select o.* into v_original from public.page_versions v
      join public.pages o on o.tenant_id = v.tenant_id and o.id = v.page_id
      where v.tenant_id = p_tenant_id and v.content_hash = p_page ->> 'contentHash' and o.source_id = v_page.source_id and o.id <> p_page_id
        and (v.status = 'live' or o.status = 'embedding') and o.status in ('queued', 'fetching', 'embedding', 'published')
        and (o.run_id = p_run_id or v_page.reason_code is distinct from 'main_page_missing')
      order by v.id limit 1;
  end if;
  -- Drafts that a crash left behind.
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = p_page_id and v.status = 'draft';

  if v_original.id is not null then
    v_outcome := 'duplicate';
    perform private.unpublish_page(p_tenant_id, p_page_id);
  elsif v_live.content_hash = p_page ->> 'contentHash' and v_live.reader = v_reader then
    v_outcome := 'unchanged';
    v_version_id := v_page.live_version_id;
  else
    v_outcome := 'stored';
    insert into public.page_versions (tenant_id, page_id, run_id, content_hash, title, language, description, markdown, metadata, reader)
    values (p_tenant_id, p_page_id, p_run_id, p_page ->> 'contentHash', p_page ->> 'title', p_page ->> 'language', p_page ->> 'description',
      p_page ->> 'markdown', coalesce(p_page -> 'metadata', '{}'), v_reader)
    returning id into v_version_id;
    insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, heading_path, anchor, content,
      token_count, content_hash, terms, term_frequencies, length, embedding, embedding_model)
    select p_tenant_id, v_page.agent_id, v_page.source_id, p_page_id, v_version_id, c.position, c.kind, p_page ->> 'title', c."headingPath",
      c.anchor, c.content, c."tokenCount", c."contentHash", c.terms, c."termFrequencies", c.length, known.embedding, known.embedding_model
    from jsonb_to_recordset(p_chunks) as c (position integer, kind text, "headingPath" text[], anchor text, content text,
        "tokenCount" integer, "contentHash" text, terms integer[], "termFrequencies" real[], length real)
    left join lateral (
      select k.embedding, k.embedding_model from public.chunks k
      where k.tenant_id = p_tenant_id and k.agent_id = v_page.agent_id and k.content_hash = c."contentHash"
        and k.embedding_model = p_embedding_model and k.embedding is not null limit 1) known on true;
  end if;

  update public.pages p set
      status = case v_outcome when 'stored' then 'embedding' when 'unchanged' then 'published' else 'duplicate' end::public.page_status,
      title = p_page ->> 'title', language = p_page ->> 'language', http_status = (p_page ->> 'httpStatus')::integer,
      etag = p_page ->> 'etag', last_modified = p_page ->> 'lastModified',
      word_count = case when v_outcome = 'duplicate' then 0 else (p_page ->> 'wordCount')::integer end,
      reason_code = case when v_outcome = 'duplicate' then 'duplicate_content' end,
      reason = case when v_outcome = 'duplicate' then 'Same text as ' || v_original.url end, main_hash = v_original.url_hash,
      lease_token = null, lease_until = null, fetched_at = clock_timestamp(), updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id;
  update public.crawl_runs r set fetched = r.fetched + 1, updated_at = now(),
      unchanged = r.unchanged + (v_outcome = 'unchanged')::integer, excluded = r.excluded + (v_outcome = 'duplicate')::integer
    where r.tenant_id = p_tenant_id and r.id = p_run_id;
  insert into private.page_links (tenant_id, page_id, urls)
    select p_tenant_id, p_page_id, coalesce(array_agg(l ->> 'url'), '{}') from jsonb_array_elements(p_links) as l
    on conflict (tenant_id, page_id) do update set urls = excluded.urls;
  perform private.claim_links(v_run, p_links);
  perform private.notify_progress(p_tenant_id, p_run_id);
  v_done := v_outcome <> 'stored' and private.finish_run_if_done(p_tenant_id, p_run_id);
  return jsonb_build_object('outcome', v_outcome, 'versionId', v_version_id, 'runDone', v_done,
    'place', case v_outcome when 'stored' then (select count(*) from public.pages p where p.tenant_id = p_tenant_id and p.status = 'embedding' and p.enqueued_at is not null) end,
    'newPages', private.take_pages(p_tenant_id, p_run_id));
end $$;

-- A page ends without a new version. p_status: failed | excluded | duplicate, or published for "304 not modified".
-- What was live stays live only for failed and published; an excluded page leaves the knowledge. Links are followed all the same;
-- p_links null: the page was not read, and leads where it led when it was read last.
-- p_main_hash: hash of the address that stands for a duplicate; if that is not published in the end, the page is read again.
-- Returns {"outcome": "closed" | "lost", "newPages", "runDone"}.
create function service.close_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_status public.page_status,
  p_code text, p_reason text, p_http_status integer, p_links jsonb default '[]', p_main_hash text default null)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_page public.pages;
  v_done boolean;
begin
  if p_status not in ('failed', 'excluded', 'duplicate', 'published') then
    raise exception using errcode = 'check_violation', message = 'close_page: wrong status';
  end if;
  update public.pages p set status = p_status, reason_code = p_code, reason = p_reason, http_status = p_http_status, main_hash = p_main_hash,
      lease_token = null, lease_until = null, fetched_at = clock_timestamp(), updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.lease_token = p_lease and p.status = 'fetching'
      and (p_status <> 'published' or p.live_version_id is not null)
    returning p.* into v_page;
  if not found then return '{"outcome": "lost", "newPages": [], "runDone": false}'; end if;
  if p_status in ('excluded', 'duplicate') or p_http_status in (404, 410) then perform private.unpublish_page(p_tenant_id, p_page_id); end if;
  update public.crawl_runs r set fetched = r.fetched + 1, updated_at = now(),
      failed = r.failed + (p_status = 'failed')::integer, excluded = r.excluded + (p_status in ('excluded', 'duplicate'))::integer,
      unchanged = r.unchanged + (p_status = 'published')::integer
    where r.tenant_id = p_tenant_id and r.id = p_run_id returning r.* into v_run;
  perform private.claim_links(v_run, coalesce(p_links, private.known_links(v_page)));
  perform private.notify_progress(p_tenant_id, p_run_id);
  v_done := private.finish_run_if_done(p_tenant_id, p_run_id);
  return jsonb_build_object('outcome', 'closed', 'runDone', v_done, 'newPages', private.take_pages(p_tenant_id, p_run_id));
end $$;

-- Chunks of a draft version that have no embedding yet: [{"id", "text"}], text = what is embedded; null when the version is gone or live.
create function service.chunks_to_embed(p_tenant_id uuid, p_version_id uuid, p_embedding_model text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('agentId', p.agent_id, 'runId', v.run_id, 'chunks', coalesce((
      select jsonb_agg(jsonb_build_object('id', c.id,
        'text', concat_ws(E'\n', c.title, nullif(array_to_string(c.heading_path, ' › '), ''), c.content)) order by c.position)
      from public.chunks c where c.tenant_id = v.tenant_id and c.page_version_id = v.id
        and (c.embedding is null or c.embedding_model is distinct from p_embedding_model)), '[]'))
  from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
  where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
$$;

-- Stores embeddings and makes the version the live one, in one transaction: visitors see the old page or the new, never half of it.
-- p_embeddings: [{"id", "embedding": "[…]"}]. Returns {"published", "runId", "newPages"}; published false when the version is gone
-- or live already (the step was done before).
create function service.publish_page(p_tenant_id uuid, p_version_id uuid, p_embeddings jsonb, p_embedding_model text)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_page public.pages;
  v_count integer;
begin
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' for no key update of p;
  if not found then return '{"published": false, "newPages": []}'; end if;
  -- Asked again under the page's lock: another worker may have been faster.
  if not exists (select from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft') then return '{"published": false, "newPages": []}'; end if;
  update public.chunks c set embedding = e.embedding::extensions.halfvec, embedding_model = p_embedding_model
    from jsonb_to_recordset(p_embeddings) as e (id uuid, embedding text)
    where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id and c.id = e.id;
  v_count := private.publish_chunks(p_tenant_id, v_page.agent_id, p_version_id);
  update public.page_versions v set status = 'live' where v.tenant_id = p_tenant_id and v.id = p_version_id;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = v_page.id and v.id <> p_version_id;
  update public.pages p set status = 'published', live_version_id = p_version_id, chunk_count = v_count, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set published = r.published + 1, chunks = r.chunks + v_count, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('published', true, 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
end $$;

-- A draft that will never be embedded: the page keeps what was live, and its member sees why.
-- Returns {"failed", "runId", "newPages"}; failed false when the draft is gone or live.
create function service.fail_page(p_tenant_id uuid, p_version_id uuid, p_code text, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_page public.pages;
begin
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' and p.status = 'embedding' for no key update of p;
  if not found then return '{"failed": false, "newPages": []}'; end if;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
  if not found then return '{"failed": false, "newPages": []}'; end if;
  update public.pages p set status = 'failed', reason_code = p_code, reason = p_reason, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set failed = r.failed + 1, updated_at = now() where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('failed', true, 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
end $$;

-- robots.txt of an origin, not older than p_max_age_ms. Returns
-- {"state": "fresh", "robots", "fetchedAt", "expiresAt"} (times in Unix milliseconds),
-- {"state": "fetch", "waitMs", "known"}: the caller fetches it, for 30 s alone, after waitMs; known is an older copy or null,
-- {"state": "wait"}: another fetches it, or {"state": "blocked", "waitMs"}: the host asked for a pause and no copy is known.
create function service.get_robots(p_origin text, p_host text, p_max_age_ms bigint, p_delay_ms integer, p_own_hosts text[])
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_robots private.robots;
  v_now timestamptz := clock_timestamp();
  v_oldest timestamptz := v_now - p_max_age_ms * interval '1 millisecond';
  v_blocked_until timestamptz;
  v_wait_ms integer;
begin
  select o.* into v_robots from private.robots o where o.origin = p_origin;
  select h.blocked_until into v_blocked_until from private.hosts h where h.host = p_host and h.blocked_until > v_now;
  if v_robots.robots is not null and (v_blocked_until is not null or (v_robots.expires_at > v_now and v_robots.fetched_at >= v_oldest)) then
    return jsonb_build_object('state', 'fresh', 'robots', v_robots.robots,
      'fetchedAt', floor(extract(epoch from v_robots.fetched_at) * 1000)::bigint,
      'expiresAt', floor(extract(epoch from greatest(v_robots.expires_at, v_blocked_until)) * 1000)::bigint);
  elsif v_blocked_until is not null then
    return jsonb_build_object('state', 'blocked', 'waitMs', ceil(extract(epoch from v_blocked_until - v_now) * 1000)::bigint);
  end if;
  insert into private.robots as o (origin, lease_until) values (p_origin, v_now + interval '30 seconds')
  on conflict (origin) do update set lease_until = excluded.lease_until
    where o.lease_until < v_now and not (o.expires_at > v_now and o.fetched_at >= v_oldest);
  if not found then return '{"state": "wait"}'; end if;
  v_wait_ms := service.take_turn(p_host, p_delay_ms, p_own_hosts);
  update private.robots o set lease_until = o.lease_until + v_wait_ms * interval '1 millisecond' where o.origin = p_origin;
  return jsonb_build_object('state', 'fetch', 'waitMs', v_wait_ms, 'known', v_robots.robots);
end $$;

-- Keeps what came of it; returns the time of it in Unix milliseconds.
create function service.put_robots(p_origin text, p_host text, p_robots jsonb, p_crawl_delay_ms integer, p_ttl_ms bigint) returns double precision
language plpgsql volatile security definer set search_path = '' as $$
declare v_now timestamptz := clock_timestamp();
begin
  update private.robots o set robots = p_robots, fetched_at = v_now, expires_at = v_now + p_ttl_ms * interval '1 millisecond', lease_until = '-infinity'
    where o.origin = p_origin;
  update private.hosts h set crawl_delay_ms = p_crawl_delay_ms where h.host = p_host;
  return floor(extract(epoch from v_now) * 1000);
end $$;

-- Ends a page that no worker could finish.
create function private.give_up_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid) returns void language plpgsql volatile set search_path = '' as $$
begin
  update public.pages p set status = 'failed', reason_code = 'processing_failed', lease_token = null, lease_until = null, updated_at = now(),
      reason = 'This page could not be processed, although it was tried many times. Refresh the source to try again.'
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.id = p_page_id and p.status in ('queued', 'fetching', 'embedding');
  if not found then return; end if;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = p_page_id and v.status = 'draft';
  update public.crawl_runs r set failed = r.failed + 1, updated_at = now() where r.tenant_id = p_tenant_id and r.id = p_run_id;
  perform private.finish_run_if_done(p_tenant_id, p_run_id);
end $$;

-- Work whose nudge was lost, to be enqueued again: [{"kind": "start" | "page" | "embed", "tenantId", "runId", "id", "nudge", "place"}].
-- nudge makes the job's id new, because a queue that remembers a finished job ignores a second one of the same id.
-- Each nudge waits twice as long as the one before (up to 128 × p_idle); what needs more than ten is given up, in words for its member.
create function service.sweep_crawls(p_idle interval default '30 seconds', p_limit integer default 500) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run record;
  v_page record;
  v_work jsonb;
  v_more jsonb := '[]';
begin
  update public.crawl_runs r set discovering = false where r.status = 'running' and r.discovering and r.nudges > 10;
  for v_run in select r.tenant_id, r.id from public.crawl_runs r where r.status = 'queued' and r.nudges > 10 and not r.waiting limit p_limit loop
    perform service.fail_crawl_run(v_run.tenant_id, v_run.id, 'internal', 'The crawl could not be started, although it was tried many times. Start it again in a while.');
  end loop;
  for v_page in select p.tenant_id, p.run_id, p.id from public.pages p
    join public.crawl_runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.status = 'running'
    where p.status in ('queued', 'fetching', 'embedding') and p.nudges > 10 and p.updated_at < now() - 128 * p_idle limit p_limit loop
    perform private.give_up_page(v_page.tenant_id, v_page.run_id, v_page.id);
  end loop;
  -- Runs that only wait to be ended, and pages that came back into the frontier when nobody was there to take them.
  for v_run in select r.tenant_id, r.id from public.crawl_runs r where r.status = 'running' and not r.discovering and r.updated_at < now() - p_idle limit p_limit loop
    if not private.finish_run_if_done(v_run.tenant_id, v_run.id) then
      v_more := v_more || (select coalesce(jsonb_agg(jsonb_build_object('kind', 'page', 'tenantId', v_run.tenant_id, 'runId', v_run.id,
          'id', t ->> 'id', 'nudge', (t ->> 'nudge')::integer, 'place', (t ->> 'place')::integer)), '[]')
        from jsonb_array_elements(private.take_pages(v_run.tenant_id, v_run.id)) as t);
    end if;
  end loop;
  with starts as (
    update public.crawl_runs r set nudges = r.nudges + 1, updated_at = now()
    where r.id in (select s.id from public.crawl_runs s where (s.status = 'queued' or (s.status = 'running' and s.discovering))
      and s.updated_at < now() - p_idle * 2 ^ least(s.nudges, 7) limit p_limit for update skip locked)
    returning r.tenant_id, r.id as run_id, r.id, r.nudges, 'start' as kind),
  stale as (
    select p.tenant_id, p.id from public.pages p
    join public.crawl_runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.status = 'running'
    where p.status in ('queued', 'fetching', 'embedding') and p.updated_at < now() - p_idle * 2 ^ least(p.nudges, 7)
      and coalesce(p.not_before, p.updated_at) < now() - p_idle
      and (p.status <> 'queued' or p.enqueued_at is not null)
      and (p.status <> 'fetching' or p.lease_until < now())
    order by p.updated_at limit p_limit for update of p skip locked),
  nudged as (
    update public.pages p set nudges = p.nudges + 1, updated_at = now(),
      status = case when p.status = 'fetching' then 'queued' else p.status end
    from stale where p.tenant_id = stale.tenant_id and p.id = stale.id
    returning p.tenant_id, p.run_id, p.id as page_id, p.nudges, p.status),
  work as (
    select s.tenant_id, s.run_id, s.id, s.nudges, s.kind from starts s
    union all select n.tenant_id, n.run_id, n.page_id, n.nudges, 'page' from nudged n where n.status = 'queued'
    union all select n.tenant_id, n.run_id, v.id, n.nudges, 'embed' from nudged n
      join public.page_versions v on v.tenant_id = n.tenant_id and v.page_id = n.page_id and v.status = 'draft' where n.status = 'embedding')
  select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'tenantId', w.tenant_id, 'runId', w.run_id, 'id', w.id, 'nudge', w.nudges,
      'place', w.place)), '[]')
    into v_work from (select *, row_number() over (partition by k.tenant_id, k.kind order by k.id) as place from work k) w;
  return v_work || v_more;
end $$;

grant execute on function
  service.take_turn(text, integer, text[]),
  service.start_crawl_run(uuid, uuid, uuid, text, text, text),
  service.begin_crawl_run(uuid, uuid, boolean, integer),
  service.add_links(uuid, uuid, jsonb),
  service.end_discovery(uuid, uuid),
  service.fail_crawl_run(uuid, uuid, text, text),
  service.cancel_crawl_run(uuid, uuid),
  service.claim_page(uuid, uuid, uuid, integer, integer, text[], text),
  service.defer_page(uuid, uuid, uuid, integer, boolean),
  service.store_page(uuid, uuid, uuid, uuid, jsonb, jsonb, jsonb, text),
  service.close_page(uuid, uuid, uuid, uuid, public.page_status, text, text, integer, jsonb, text),
  service.chunks_to_embed(uuid, uuid, text),
  service.publish_page(uuid, uuid, jsonb, text),
  service.fail_page(uuid, uuid, text, text),
  service.get_robots(text, text, bigint, integer, text[]),
  service.put_robots(text, text, jsonb, integer, bigint),
  service.sweep_crawls(interval, integer)
to alonchat_service;

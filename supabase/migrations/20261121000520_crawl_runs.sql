-- Runs, from their start to their end. Rows are the truth, jobs are nudges.
--
-- run:  queued → running → completed | failed | cancelled;  queued | running ⇄ paused

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
        and (m.run_id = p_run_id or v_run.is_retry) and m.status = 'published');
  get diagnostics v_orphans = row_count;
  if v_orphans > 0 then
    update public.crawl_runs r set fetched = r.fetched - v_orphans, excluded = r.excluded - v_orphans, updated_at = now()
      where r.tenant_id = p_tenant_id and r.id = p_run_id;
    return false;
  end if;

  -- A list whose last question was deleted is empty, which is no failure.
  if v_run.published + v_run.unchanged = 0 and (v_run.failed > 0 or not exists (select from public.sources s
      where s.tenant_id = p_tenant_id and s.id = v_run.source_id and s.kind = 'qa')) then
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
        and p.run_id <> p_run_id and p.status <> 'gone' and not v_run.is_retry order by p.id loop
      perform private.unpublish_page(p_tenant_id, v_page_id);
      update public.pages p set status = 'gone', reason_code = 'gone', reason = 'The latest crawl did not find this page any more.', updated_at = now()
        where p.tenant_id = p_tenant_id and p.id = v_page_id;
    end loop;
    update public.crawl_runs r set status = 'completed', finished_at = clock_timestamp(), updated_at = now()
      where r.tenant_id = p_tenant_id and r.id = p_run_id;
  end if;
  -- A retry that came to nothing leaves a source ready that has other pages.
  if v_run.is_retry and exists (select from public.pages p where p.tenant_id = p_tenant_id and p.source_id = v_run.source_id and p.live_version_id is not null) then
    v_run.status := 'completed';
    v_run.error_code := null;
    v_run.error_message := null;
  end if;
  update public.sources s set status = case when v_run.status = 'failed' then 'failed' else 'ready' end::public.source_status,
      error_code = v_run.error_code, error_message = v_run.error_message
    where s.tenant_id = p_tenant_id and s.id = v_run.source_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- What a source starts from, in the form that claim_links takes. A sitemap names its pages when it is read. Kinds that are not crawled have none.
create function private.start_links(p_source public.sources) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(private.link_of(u.url, 0) order by u.ordinal), '[]')
  from (select (p_source).url as url, 1::bigint as ordinal where (p_source).kind = 'website'
    union all select e.url, e.ordinal from jsonb_array_elements_text(case (p_source).kind when 'urls' then (p_source).config -> 'urls' end) with ordinality as e (url, ordinal)) u;
$$;

-- A new run of a source that has none under way; the caller has the source's row locked.
create function private.open_run(p_source public.sources, p_run_id uuid, p_is_retry boolean default false, p_max_pages integer default null)
returns public.crawl_runs language plpgsql volatile set search_path = '' as $$
declare v_run public.crawl_runs;
begin
  insert into public.crawl_runs (id, tenant_id, agent_id, source_id, is_retry, max_pages)
    values (p_run_id, p_source.tenant_id, p_source.agent_id, p_source.id, p_is_retry, coalesce(p_max_pages, p_source.max_pages)) returning * into v_run;
  if not p_is_retry then
    perform private.claim_links(v_run, private.start_links(p_source));
    perform private.take_pages(p_source.tenant_id, p_run_id);
  end if;
  update public.sources s set status = 'crawling', last_run_id = p_run_id, error_code = null, error_message = null
    where s.tenant_id = p_source.tenant_id and s.id = p_source.id;
  perform private.notify_progress(p_source.tenant_id, p_run_id, true);
  return v_run;
end $$;

-- Crawls that a tenant's members start: 10 in 15 minutes. Returns 0, or the milliseconds to wait.
create function private.take_crawl_start(p_tenant_id uuid) returns integer language sql volatile set search_path = '' as $$
  select private.take_token('crawl-start:' || p_tenant_id, 10::real, (10 / 900.0)::real);
$$;

-- Begins a crawl of a source with its first pages queued. Returns {"state": "created" | "joined", "runId"}: joined is the one under way;
-- {"state": "paused", "runId"}: the one under way is paused; {"state": "limited", "waitMs"}: with p_limited, too many starts;
-- {"state": "not_crawled"}: this kind of source is not read from the web. Raises no_data_found when the tenant has no such source.
create function service.start_crawl_run(p_tenant_id uuid, p_source_id uuid, p_run_id uuid, p_limited boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_source public.sources;
  v_run public.crawl_runs;
  v_wait_ms integer;
begin
  select s.* into v_source from public.sources s where s.tenant_id = p_tenant_id and s.id = p_source_id for no key update;
  if not found then raise exception using errcode = 'no_data_found', message = 'source not found'; end if;
  if v_source.kind not in ('website', 'sitemap', 'urls') then return '{"state": "not_crawled"}'; end if;
  select r.* into v_run from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.source_id = p_source_id and r.status in ('queued', 'running', 'paused');
  if found then
    return jsonb_build_object('state', case v_run.status when 'paused' then 'paused' else 'joined' end, 'runId', v_run.id);
  end if;
  if p_limited then
    v_wait_ms := private.take_crawl_start(p_tenant_id);
    if v_wait_ms > 0 then return jsonb_build_object('state', 'limited', 'waitMs', v_wait_ms); end if;
  end if;
  perform private.open_run(v_source, p_run_id);
  return jsonb_build_object('state', 'created', 'runId', p_run_id);
end $$;

-- Starts the refreshes that are due, each once: the next moment is written in the transaction that makes the run. A source whose crawl is
-- under way stays due until that has ended. Returns [{"tenantId", "runId"}], whose first jobs are to be enqueued.
create function service.start_due_runs(p_limit integer default 100) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_source public.sources;
  v_run public.crawl_runs;
  v_started jsonb := '[]';
begin
  for v_source in select s.* from public.sources s where s.next_run_at <= now()
      and not exists (select from public.crawl_runs r where r.tenant_id = s.tenant_id and r.source_id = s.id and r.status in ('queued', 'running', 'paused'))
      order by s.next_run_at limit p_limit for no key update skip locked loop
    -- Asked again under the source's lock: a member may have been faster.
    continue when exists (select from public.crawl_runs r
      where r.tenant_id = v_source.tenant_id and r.source_id = v_source.id and r.status in ('queued', 'running', 'paused'));
    update public.sources s set next_run_at = now() + private.refresh_interval(s.refresh_schedule)
      where s.tenant_id = v_source.tenant_id and s.id = v_source.id;
    v_run := private.open_run(v_source, private.uuid_v7());
    v_started := v_started || jsonb_build_object('tenantId', v_run.tenant_id, 'runId', v_run.id);
  end loop;
  return v_started;
end $$;

-- Visits pages again, without a crawl of the whole source: those of p_page_ids that did not make it, or all failed ones when that is null.
-- They join the crawl under way, else get a run of their own. Returns {"state": "created" | "joined" | "paused" | "nothing" | "limited" |
-- "not_crawled", "runId", "pages": how many, "newPages", "waitMs"}. Raises no_data_found when the tenant has no such source.
create function service.retry_pages(p_tenant_id uuid, p_source_id uuid, p_page_ids uuid[], p_run_id uuid, p_limited boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_source public.sources;
  v_run public.crawl_runs;
  v_ids uuid[];
  v_own record;
  v_wait_ms integer;
  v_state text := 'joined';
begin
  select s.* into v_source from public.sources s where s.tenant_id = p_tenant_id and s.id = p_source_id;
  if not found then raise exception using errcode = 'no_data_found', message = 'source not found'; end if;
  if v_source.kind not in ('website', 'sitemap', 'urls') then return '{"state": "not_crawled", "pages": 0, "newPages": []}'; end if;
  select array_agg(p.id) into v_ids from (select p.id from public.pages p
    where p.tenant_id = p_tenant_id and p.source_id = p_source_id
      and (p_page_ids is null and p.status = 'failed' or p.id = any (p_page_ids) and p.status in ('failed', 'excluded', 'duplicate', 'gone'))
    order by p.id for no key update) p;
  if v_ids is null then return '{"state": "nothing", "pages": 0, "newPages": []}'; end if;
  select r.* into v_run from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.source_id = p_source_id and r.status in ('queued', 'running', 'paused') for no key update;
  if not found then
    perform from public.sources s where s.tenant_id = p_tenant_id and s.id = p_source_id for no key update;
    -- A crawl that was started while this waited takes the pages in by itself.
    select r.* into v_run from public.crawl_runs r
      where r.tenant_id = p_tenant_id and r.source_id = p_source_id and r.status in ('queued', 'running', 'paused');
    if found then return jsonb_build_object('state', 'joined', 'runId', v_run.id, 'pages', cardinality(v_ids), 'newPages', '[]'::jsonb); end if;
    if p_limited then
      v_wait_ms := private.take_crawl_start(p_tenant_id);
      if v_wait_ms > 0 then return jsonb_build_object('state', 'limited', 'waitMs', v_wait_ms, 'pages', 0, 'newPages', '[]'::jsonb); end if;
    end if;
    v_state := 'created';
    v_run := private.open_run(v_source, p_run_id, true, cardinality(v_ids) + greatest(0, v_source.max_pages
      - (select count(*) from public.pages p where p.tenant_id = p_tenant_id and p.source_id = p_source_id and p.status <> 'gone')::integer));
  elsif v_run.status = 'paused' then
    v_state := 'paused';
  end if;
  -- Those that this run had ended already are counted once.
  select count(*) as n, count(*) filter (where p.status = 'failed') as failed into v_own from public.pages p
    where p.tenant_id = p_tenant_id and p.id = any (v_ids) and p.run_id = v_run.id;
  update public.crawl_runs r set found = r.found + cardinality(v_ids) - v_own.n, failed = r.failed - v_own.failed,
      excluded = r.excluded - (v_own.n - v_own.failed), fetched = greatest(r.fetched - v_own.n, 0), updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = v_run.id;
  update public.pages p set run_id = v_run.id, status = 'queued', attempts = 0, nudges = case when p.run_id = v_run.id then p.nudges + 1 else 0 end,
      not_before = null, enqueued_at = null, lease_token = null, lease_until = null, reason_code = null, reason = null, main_hash = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = any (v_ids);
  perform private.notify_progress(p_tenant_id, v_run.id, true);
  return jsonb_build_object('state', v_state, 'runId', v_run.id, 'pages', cardinality(v_ids),
    'newPages', case when v_run.status = 'running' then private.take_pages(p_tenant_id, v_run.id) else '[]' end);
end $$;

-- What the first job of a run needs: {"state": "go", "kind", "sourceUrl", "isRetry", "isRefresh", "include", "exclude", "maxDepth",
-- "readDocuments", "maxPages", "startPages", "startUrls"}; null when the run is gone or paused. sourceUrl is null for kind "urls". startPages: the pages that are queued already, as
-- take_pages has them; startUrls: one of each host, at most 20.
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
  update public.crawl_runs r set status = 'running', started_at = coalesce(r.started_at, clock_timestamp()), discovering = p_discovering, waiting = false,
      deadline_at = coalesce(r.deadline_at, clock_timestamp() + (select s.max_run_minutes * interval '1 minute' from public.sources s
        where s.tenant_id = p_tenant_id and s.id = r.source_id))
    where r.tenant_id = p_tenant_id and r.id = p_run_id returning r.* into v_run;
  return (select jsonb_build_object('state', 'go', 'kind', s.kind, 'sourceUrl', s.url, 'isRetry', v_run.is_retry,
      'isRefresh', exists (select from public.pages p where p.tenant_id = p_tenant_id and p.source_id = s.id and p.live_version_id is not null),
      'include', s.include_patterns, 'exclude', s.exclude_patterns, 'maxDepth', s.max_depth, 'readDocuments', s.read_documents,
      'maxPages', v_run.max_pages,
      'startPages', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'url', p.url, 'nudge', p.nudges, 'place', 1)), '[]') from public.pages p
        where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'queued' and p.enqueued_at is not null),
      'startUrls', (select coalesce(jsonb_agg(h.url), '[]') from (select distinct on (p.host) p.url from public.pages p
        where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'queued' order by p.host, p.id limit 20) h))
    from public.sources s where s.tenant_id = p_tenant_id and s.id = v_run.source_id);
end $$;

-- Takes in more URLs (from a sitemap; none only says that the reading goes on). Returns {"goOn", "newPages": [{"id", "url", "nudge", "place"}]},
-- the pages to enqueue; goOn false: the run has ended or is paused. p_hand_out false: they wait for service.end_discovery.
--
-- p_links: [{"url", "hash", "host", "depth", "changedBy"}]. A live page that was fetched after changedBy, by one of p_readers, counts as unchanged
-- without being asked for; but at least every 30 days it is asked, because there are sitemaps whose dates never change.
create function service.add_links(p_tenant_id uuid, p_run_id uuid, p_links jsonb, p_readers text[] default '{""}', p_hand_out boolean default true)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_unchanged integer;
begin
  update public.crawl_runs r set updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running') returning r.* into v_run;
  if not found then return '{"goOn": false, "newPages": []}'; end if;
  perform private.claim_links(v_run, p_links);
  update public.pages p set status = 'published', updated_at = now()
    from jsonb_to_recordset(p_links) as l (hash text, "changedBy" timestamptz), public.page_versions v
    where p.tenant_id = p_tenant_id and p.source_id = v_run.source_id and p.run_id = p_run_id and p.url_hash = l.hash
      and p.status = 'queued' and p.enqueued_at is null and p.attempts = 0
      and v.tenant_id = p_tenant_id and v.id = p.live_version_id and v.reader = any (p_readers)
      -- The fetch was some time before it was written down.
      and l."changedBy" < p.fetched_at - interval '2 minutes' and p.fetched_at > now() - interval '30 days';
  get diagnostics v_unchanged = row_count;
  if v_unchanged > 0 then
    update public.crawl_runs r set unchanged = r.unchanged + v_unchanged where r.tenant_id = p_tenant_id and r.id = p_run_id;
  end if;
  perform private.notify_progress(p_tenant_id, p_run_id);
  return jsonb_build_object('goOn', true, 'newPages', case when p_hand_out then private.take_pages(p_tenant_id, p_run_id) else '[]' end);
end $$;

-- The sitemaps are read: from now on the run ends when its pages are done. Pages that were not asked for lead where they led when they
-- were read last. p_keep_known: a sitemap did not answer, so the pages that are live are visited too, rather than taken for gone.
-- Returns {"runDone", "newPages"}.
create function service.end_discovery(p_tenant_id uuid, p_run_id uuid, p_keep_known boolean default false) returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.crawl_runs;
  v_links jsonb;
  v_done boolean;
begin
  update public.crawl_runs r set discovering = false, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status = 'running' returning r.* into v_run;
  if not found then return '{"runDone": false, "newPages": []}'; end if;
  select jsonb_agg(private.link_of(u.url, u.depth)) into v_links from (
    select u.url, min(p.depth) + 1 as depth from public.pages p
    join private.page_links l on l.tenant_id = p.tenant_id and l.page_id = p.id, unnest(l.urls) as u (url)
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'published' and p.fetched_at < v_run.started_at group by u.url) u;
  if v_links is not null then perform private.claim_links(v_run, v_links); end if;
  if p_keep_known then
    perform private.claim_links(v_run, (select coalesce(jsonb_agg(private.link_of(p.url, p.depth) order by p.depth, p.id), '[]') from public.pages p
      where p.tenant_id = p_tenant_id and p.source_id = v_run.source_id and p.run_id <> p_run_id and p.live_version_id is not null));
  end if;
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

-- Ends a run before it is through: what is published stays, what was queued is dropped with p_reason as its reason.
create function private.end_run_early(p_tenant_id uuid, p_run_id uuid, p_code text, p_reason text, p_message text) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  perform private.lock_pages(p_tenant_id, p_run_id);
  update public.crawl_runs r set status = 'cancelled', excluded = r.found - r.published - r.unchanged - r.failed,
      error_code = case when p_message is not null then p_code end, error_message = p_message, finished_at = clock_timestamp(), updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running', 'paused');
  if not found then return false; end if;
  perform private.drop_pages(p_tenant_id, p_run_id, 'excluded', p_code, p_reason);
  update public.sources s set status = 'ready', error_code = case when p_message is not null then p_code end, error_message = p_message
    where s.tenant_id = p_tenant_id and s.last_run_id = p_run_id;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- A member stops the crawl.
create function service.cancel_crawl_run(p_tenant_id uuid, p_run_id uuid) returns boolean
language sql volatile security definer set search_path = '' as $$
  select private.end_run_early(p_tenant_id, p_run_id, 'stopped', 'The crawl was stopped before this page was read.', null);
$$;

-- A member pauses the crawl: nothing is fetched from now on. What is being read is still stored, and what is stored is embedded. False when
-- it had ended or was paused already.
create function service.pause_crawl_run(p_tenant_id uuid, p_run_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.crawl_runs r set status = 'paused', paused_at = clock_timestamp(), waiting = false, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running');
  if not found then return false; end if;
  perform private.notify_progress(p_tenant_id, p_run_id, true);
  return true;
end $$;

-- Goes on where a paused run was. Returns {"resumed", "startNudge", "newPages"}; startNudge not null: its first job was not through, and is to
-- be enqueued again with that nudge.
create function service.resume_crawl_run(p_tenant_id uuid, p_run_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_run public.crawl_runs;
begin
  perform private.lock_pages(p_tenant_id, p_run_id);
  update public.crawl_runs r set status = case when r.started_at is null then 'queued' else 'running' end::public.run_status,
      deadline_at = r.deadline_at + (clock_timestamp() - r.paused_at), paused_at = null, nudges = r.nudges + 1, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status = 'paused' returning r.* into v_run;
  if not found then return '{"resumed": false, "startNudge": null, "newPages": []}'; end if;
  -- Their jobs found the run paused and ended.
  update public.pages p set enqueued_at = case v_run.status when 'queued' then p.enqueued_at end, not_before = null, nudges = p.nudges + 1, updated_at = now()
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.status = 'queued' and p.enqueued_at is not null;
  if v_run.status = 'queued' or v_run.discovering then
    perform private.notify_progress(p_tenant_id, p_run_id, true);
    return jsonb_build_object('resumed', true, 'startNudge', v_run.nudges,
      -- A run that has not begun hands its pages out when it does.
      'newPages', case v_run.status when 'queued' then '[]' else private.take_pages(p_tenant_id, p_run_id) end);
  end if;
  if not private.finish_run_if_done(p_tenant_id, p_run_id) then perform private.notify_progress(p_tenant_id, p_run_id, true); end if;
  return jsonb_build_object('resumed', true, 'startNudge', null, 'newPages', private.take_pages(p_tenant_id, p_run_id));
end $$;

grant execute on function
  service.start_crawl_run(uuid, uuid, uuid, boolean),
  service.start_due_runs(integer),
  service.retry_pages(uuid, uuid, uuid[], uuid, boolean),
  service.pause_crawl_run(uuid, uuid),
  service.resume_crawl_run(uuid, uuid),
  service.begin_crawl_run(uuid, uuid, boolean, integer),
  service.add_links(uuid, uuid, jsonb, text[], boolean),
  service.end_discovery(uuid, uuid, boolean),
  service.fail_crawl_run(uuid, uuid, text, text),
  service.cancel_crawl_run(uuid, uuid)
to alonchat_service;

-- Runs, from their start to their end. Rows are the truth, jobs are nudges.
--
-- run:  queued → running → completed | failed | cancelled

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

grant execute on function
  service.start_crawl_run(uuid, uuid, uuid, text, text, text),
  service.begin_crawl_run(uuid, uuid, boolean, integer),
  service.add_links(uuid, uuid, jsonb),
  service.end_discovery(uuid, uuid),
  service.fail_crawl_run(uuid, uuid, text, text),
  service.cancel_crawl_run(uuid, uuid)
to alonchat_service;

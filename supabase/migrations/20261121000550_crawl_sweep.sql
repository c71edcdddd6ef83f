-- What brings back work that was lost.

-- Ends a page that no worker could finish.
create function private.give_up_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid) returns void language plpgsql volatile set search_path = '' as $$
begin
  update public.pages p set status = 'failed', reason_code = 'processing_failed', lease_token = null, lease_until = null, updated_at = now(),
      reason = 'This page could not be processed, although it was tried many times. Refresh the source to try again.'
    where p.tenant_id = p_tenant_id and p.run_id = p_run_id and p.id = p_page_id and p.status in ('queued', 'fetching', 'embedding');
  if not found then return; end if;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = p_page_id and v.status = 'draft';
  delete from private.fetched_documents d where d.tenant_id = p_tenant_id and d.page_id = p_page_id;
  update public.crawl_runs r set failed = r.failed + 1, updated_at = now() where r.tenant_id = p_tenant_id and r.id = p_run_id;
  perform private.finish_run_if_done(p_tenant_id, p_run_id);
end $$;

-- How a run's pages are read: fetched from their site, or read from what was uploaded or written.
create function private.visit_kind(p_tenant_id uuid, p_run_id uuid) returns text language sql stable set search_path = '' as $$
  select case when s.kind in ('file', 'text', 'qa') then 'document' else 'page' end
  from public.crawl_runs r join public.sources s on s.tenant_id = r.tenant_id and s.id = r.source_id
  where r.tenant_id = p_tenant_id and r.id = p_run_id;
$$;

-- Work whose nudge was lost, to be enqueued again: [{"kind": "start" | "page" | "document" | "embed", "tenantId", "runId", "id", "nudge", "place"}].
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
  for v_run in select r.tenant_id, r.id, s.max_run_minutes from public.crawl_runs r
    join public.sources s on s.tenant_id = r.tenant_id and s.id = r.source_id
    where r.status = 'running' and r.deadline_at < now() limit p_limit loop
    perform private.end_run_early(v_run.tenant_id, v_run.id, 'time_limit', 'The crawl reached its time limit before this page was read.',
      format('The crawl was ended after %s minutes, its time limit. What was read until then is published; raise the limit, or set patterns that leave pages out.',
        v_run.max_run_minutes));
  end loop;
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
      v_more := v_more || (select coalesce(jsonb_agg(jsonb_build_object('kind', private.visit_kind(v_run.tenant_id, v_run.id), 'tenantId', v_run.tenant_id, 'runId', v_run.id,
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
      and (p.lease_until is null or p.lease_until < now())
    order by p.updated_at limit p_limit for update of p skip locked),
  nudged as (
    update public.pages p set nudges = p.nudges + 1, updated_at = now(),
      status = case when p.status = 'fetching' then 'queued' else p.status end
    from stale where p.tenant_id = stale.tenant_id and p.id = stale.id
    returning p.tenant_id, p.run_id, p.id as page_id, p.nudges, p.status),
  work as (
    select s.tenant_id, s.run_id, s.id, s.nudges, s.kind from starts s
    union all select n.tenant_id, n.run_id, n.page_id, n.nudges, private.visit_kind(n.tenant_id, n.run_id) from nudged n where n.status = 'queued'
    union all select n.tenant_id, n.run_id, v.id, n.nudges, 'embed' from nudged n
      join public.page_versions v on v.tenant_id = n.tenant_id and v.page_id = n.page_id and v.status = 'draft' where n.status = 'embedding')
  select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'tenantId', w.tenant_id, 'runId', w.run_id, 'id', w.id, 'nudge', w.nudges,
      'place', w.place)), '[]')
    into v_work from (select *, row_number() over (partition by k.tenant_id, k.kind order by k.id) as place from work k) w;
  -- Last, because who hands a document over has its page first. Documents that were fetched and not read before their run ended.
  delete from private.fetched_documents d where not exists (select from public.crawl_runs r
    where r.tenant_id = d.tenant_id and r.id = d.run_id and r.status in ('queued', 'running', 'paused'));
  return v_work || v_more;
end $$;

grant execute on function
  service.sweep_crawls(interval, integer)
to alonchat_service;

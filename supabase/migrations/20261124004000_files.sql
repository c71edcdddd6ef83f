-- Sources that are not crawled: uploaded files, pasted text, questions with their answers. What they hold becomes pages through the same
-- functions as a crawl's, in runs that remove nothing (is_retry).
--
-- file: (upload allowed) → confirmed → page queued → fetching → embedding → published | failed | duplicate

create table public.files (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  source_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  size_bytes bigint not null check (size_bytes between 1 and 52428800),
  -- Where Storage keeps it. Nobody chooses it, so that no name can lead into another tenant's folder.
  object_path text not null generated always as (tenant_id::text || '/' || source_id::text || '/' || id::text) stored,
  -- Visitors may open it from a citation.
  is_public boolean not null default false,
  -- The upload is complete, says a member. What is never confirmed is removed.
  confirmed_at timestamptz,
  page_id uuid,
  -- What it turned out to be (pdf, docx, …), its pages or slides, and what of it could not be read, as sentences.
  kind text,
  place_count integer,
  notes text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade,
  foreign key (tenant_id, page_id) references public.pages (tenant_id, id) on delete set null (page_id)
);
create index files_source_idx on public.files (tenant_id, source_id, created_at);
create index files_page_idx on public.files (tenant_id, page_id);
create index files_unconfirmed_idx on public.files (created_at) where confirmed_at is null;
create trigger touch_updated_at before update on public.files for each row execute function private.touch_updated_at();

create table public.qa_pairs (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  source_id uuid not null,
  question text not null check (length(question) between 1 and 500),
  answer text not null check (length(answer) between 1 and 4000),
  -- Keeps the order in which they were written or imported.
  number bigint not null generated always as identity,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  -- Importing a question again changes its answer.
  unique (tenant_id, source_id, question),
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.qa_pairs for each row execute function private.touch_updated_at();

-- Objects whose row is gone, whichever way it went: the sweep removes them from Storage.
create table private.dead_objects (
  path text primary key,
  due_at timestamptz not null default now()
);
create index dead_objects_due_idx on private.dead_objects (due_at);
alter table private.dead_objects enable row level security;
alter table private.dead_objects force row level security;

alter table public.files enable row level security;
alter table public.files force row level security;
alter table public.qa_pairs enable row level security;
alter table public.qa_pairs force row level security;

grant select, delete on public.files, public.qa_pairs to authenticated;
grant insert (tenant_id, source_id, name, size_bytes), update (is_public, confirmed_at) on public.files to authenticated;
grant insert (tenant_id, source_id, question, answer), update (question, answer) on public.qa_pairs to authenticated;

create policy files_select_viewer on public.files for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy files_insert_admin on public.files for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy files_update_admin on public.files for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy files_delete_admin on public.files for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy qa_pairs_select_viewer on public.qa_pairs for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy qa_pairs_insert_admin on public.qa_pairs for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy qa_pairs_update_admin on public.qa_pairs for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy qa_pairs_delete_admin on public.qa_pairs for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

-- With a file go its page, with all that was made of it, and its object. An upload that may still be under way is waited for.
create function private.forget_file() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from public.pages p where p.tenant_id = old.tenant_id and p.id = old.page_id;
  insert into private.dead_objects (path, due_at)
    values (old.object_path, case when old.confirmed_at is null then greatest(now(), old.created_at + interval '3 hours') else now() end)
    on conflict (path) do nothing;
  return null;
end $$;
create trigger forget_file after delete on public.files for each row execute function private.forget_file();

-- Reads a file, text or list of questions (again). Joins the run of the source that is under way, or begins one: p_run_id.
-- What a worker has made of an older state by then is refused, because its lease ends here.
-- Returns {"runId", "pageId", "nudge", "place"}; null when there is no such source, or no confirmed file of it.
create function service.queue_document(p_tenant_id uuid, p_source_id uuid, p_run_id uuid, p_file_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_source public.sources;
  v_file public.files;
  v_page public.pages;
  v_run public.crawl_runs;
  v_url text;
  v_hash text;
  v_was_open boolean;
  v_was_read boolean;
begin
  select s.* into v_source from public.sources s
    where s.tenant_id = p_tenant_id and s.id = p_source_id and s.kind in ('file', 'text', 'qa') for no key update;
  if not found or (v_source.kind = 'file') <> (p_file_id is not null) then return null; end if;
  if v_source.kind = 'file' then
    select f.* into v_file from public.files f
      where f.tenant_id = p_tenant_id and f.source_id = p_source_id and f.id = p_file_id and f.confirmed_at is not null for no key update;
    if not found then return null; end if;
  end if;
  -- No link: what cites it makes one of it when the file is public.
  v_url := v_source.kind || ':' || coalesce(p_file_id, p_source_id);
  v_hash := encode(sha256(convert_to(v_url, 'UTF8')), 'hex');

  select p.* into v_page from public.pages p
    where p.tenant_id = p_tenant_id and p.source_id = p_source_id and p.url_hash = v_hash for no key update;
  select r.* into v_run from public.crawl_runs r
    where r.tenant_id = p_tenant_id and r.source_id = p_source_id and r.status in ('queued', 'running', 'paused') for no key update;
  if v_run.id is null then
    insert into public.crawl_runs (id, tenant_id, agent_id, source_id, status, is_retry, max_pages, started_at)
      values (p_run_id, p_tenant_id, v_source.agent_id, p_source_id, 'running', true, 100000, clock_timestamp()) returning * into v_run;
  end if;
  v_was_open := v_page.id is not null and v_page.run_id = v_run.id and v_page.status in ('queued', 'fetching', 'embedding');
  v_was_read := v_was_open and v_page.status = 'embedding';
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = v_page.id and v.status = 'draft';
  insert into public.pages as p (tenant_id, agent_id, source_id, run_id, url, url_hash, host, depth, title, enqueued_at)
    values (p_tenant_id, v_source.agent_id, p_source_id, v_run.id, v_url, v_hash, '', 0, coalesce(v_file.name, v_source.name), clock_timestamp())
    on conflict (tenant_id, source_id, url_hash) do update
      set run_id = excluded.run_id, status = 'queued', url = excluded.url, title = excluded.title, attempts = 0, not_before = null,
          nudges = case when p.run_id = excluded.run_id then p.nudges + 1 else 0 end, enqueued_at = excluded.enqueued_at,
          lease_token = null, lease_until = null, reason_code = null, reason = null, main_hash = null, updated_at = now()
    returning p.* into v_page;
  update public.files f set page_id = v_page.id where f.tenant_id = p_tenant_id and f.id = p_file_id and f.page_id is distinct from v_page.id;
  update public.crawl_runs r set found = r.found + (not v_was_open)::integer, updated_at = now(),
      fetched = r.fetched - v_was_read::integer
    where r.tenant_id = p_tenant_id and r.id = v_run.id;
  update public.sources s set status = 'crawling', last_run_id = v_run.id, error_code = null, error_message = null
    where s.tenant_id = p_tenant_id and s.id = p_source_id;
  perform private.notify_progress(p_tenant_id, v_run.id);
  return jsonb_build_object('runId', v_run.id, 'pageId', v_page.id, 'nudge', v_page.nudges,
    'place', (select count(*) from public.pages p where p.tenant_id = p_tenant_id and p.status in ('queued', 'fetching', 'embedding') and p.enqueued_at is not null));
end $$;

-- A worker asks to read a document. Returns {"state": "done"} when there is nothing to do, {"state": "wait", "waitMs"} while another has it, or
-- {"state": "go", "lease", "attempt", "agentId", "sourceName", "kind", "file": {"id", "name", "path", "sizeBytes"}, "text", "pairs": [{"question", "answer"}],
-- "linked": {"name", "parseAs"}}. kind: that of the source; "linked" for a document that its crawl has fetched.
create function service.claim_document(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease_ms integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_page public.pages;
  v_linked jsonb;
  v_lease uuid := gen_random_uuid();
begin
  select p.* into v_page from public.pages p
    join public.crawl_runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.status = 'running'
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.status in ('queued', 'fetching')
    for no key update of p skip locked;
  if not found then return '{"state": "done"}'; end if;
  select jsonb_build_object('name', d.name, 'parseAs', d.parse_as) into v_linked from private.fetched_documents d
    where d.tenant_id = p_tenant_id and d.page_id = p_page_id and d.run_id = p_run_id;
  if v_linked is null and not exists (select from public.sources s
      where s.tenant_id = p_tenant_id and s.id = v_page.source_id and s.kind in ('file', 'text', 'qa')) then return '{"state": "done"}'; end if;
  if v_page.status = 'fetching' and v_page.lease_until >= clock_timestamp() then
    return jsonb_build_object('state', 'wait', 'waitMs', ceil(extract(epoch from v_page.lease_until - clock_timestamp()) * 1000)::integer);
  end if;
  update public.pages p set status = 'fetching', attempts = p.attempts + 1, lease_token = v_lease,
      lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond', updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id;
  return (select jsonb_build_object('state', 'go', 'lease', v_lease, 'attempt', v_page.attempts + 1, 'agentId', v_page.agent_id,
      'sourceName', s.name, 'kind', case when v_linked is null then s.kind else 'linked' end, 'text', s.config ->> 'text', 'linked', v_linked,
      'file', (select jsonb_build_object('id', f.id, 'name', f.name, 'path', f.object_path, 'sizeBytes', f.size_bytes)
        from public.files f where f.tenant_id = p_tenant_id and f.page_id = p_page_id),
      'pairs', (select coalesce(jsonb_agg(jsonb_build_object('question', q.question, 'answer', q.answer) order by q.number), '[]')
        from public.qa_pairs q where q.tenant_id = p_tenant_id and q.source_id = s.id))
    from public.sources s where s.tenant_id = p_tenant_id and s.id = v_page.source_id);
end $$;

-- Puts a document back for later. p_counts false: the try was no fault of the file's, so it may be tried for as long as it takes.
create function service.defer_document(p_tenant_id uuid, p_page_id uuid, p_lease uuid, p_wait_ms integer, p_counts boolean) returns void
language sql volatile security definer set search_path = '' as $$
  update public.pages p set status = 'queued', not_before = clock_timestamp() + p_wait_ms * interval '1 millisecond',
      attempts = p.attempts - (not p_counts)::integer, lease_token = null, lease_until = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.lease_token = p_lease and p.status = 'fetching';
$$;

-- What a file turned out to be, for its member.
create function service.describe_file(p_tenant_id uuid, p_file_id uuid, p_kind text, p_place_count integer, p_notes text[]) returns void
language sql volatile security definer set search_path = '' as $$
  update public.files f set kind = p_kind, place_count = p_place_count, notes = p_notes where f.tenant_id = p_tenant_id and f.id = p_file_id;
$$;

-- A file that visitors may open: {"path", "name", "kind"}; null for every other.
create function service.public_file(p_file_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('path', f.object_path, 'name', f.name, 'kind', f.kind)
  from public.files f join public.pages p on p.tenant_id = f.tenant_id and p.id = f.page_id
  where f.id = p_file_id and f.is_public and p.live_version_id is not null;
$$;

-- Which of these files visitors may open.
create function service.public_files(p_tenant_id uuid, p_file_ids uuid[]) returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(f.id), '{}') from public.files f where f.tenant_id = p_tenant_id and f.id = any (p_file_ids) and f.is_public;
$$;

-- Removes the rows of uploads that were never confirmed, and returns paths of objects to remove from Storage; they come again after ten
-- minutes unless service.forget_objects is told that they are gone.
create function service.sweep_files(p_unconfirmed interval default '24 hours', p_limit integer default 200) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare v_paths text[];
begin
  delete from public.files f where f.id in (
    select u.id from public.files u where u.confirmed_at is null and u.created_at < now() - p_unconfirmed limit p_limit for update skip locked);
  with due as (
    update private.dead_objects d set due_at = now() + interval '10 minutes'
    where d.path in (select o.path from private.dead_objects o where o.due_at <= now() order by o.due_at limit p_limit for update skip locked)
    returning d.path)
  select coalesce(array_agg(due.path), '{}') into v_paths from due;
  return v_paths;
end $$;

create function service.forget_objects(p_paths text[]) returns void language sql volatile security definer set search_path = '' as $$
  delete from private.dead_objects d where d.path = any (p_paths);
$$;

grant execute on function
  service.queue_document(uuid, uuid, uuid, uuid),
  service.claim_document(uuid, uuid, uuid, integer),
  service.defer_document(uuid, uuid, uuid, integer, boolean),
  service.describe_file(uuid, uuid, text, integer, text[]),
  service.public_file(uuid),
  service.public_files(uuid, uuid[]),
  service.sweep_files(interval, integer),
  service.forget_objects(text[])
to alonchat_service;

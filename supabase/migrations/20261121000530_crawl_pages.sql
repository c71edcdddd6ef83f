-- The visit of a page. Every step may be repeated, and a step of a worker that lost its lease is refused.
--
-- page: queued → fetching → (embedding → published) | failed | excluded | duplicate;  published → gone when a later run no longer finds it

-- A worker asks to fetch a page. Returns {"state": "go", …} with a lease, {"state": "wait", "waitMs"} until its turn at the host or
-- until the lease of another ends, {"state": "document", "nudge"} when it was fetched and waits for who reads documents, or {"state": "done"} when
-- there is nothing to do (finished, cancelled).
-- Requests to a host are p_delay_ms apart (more if its robots.txt asks for it), whoever makes them. A page takes its place in the line
-- once; if it comes much too late, because the workers were busy, it joins the end again rather than crowd the pages behind it.
-- "go" with "blockedMs" > 0: the host asked for a pause so long that the page is to be closed instead.
-- p_readers: what makes chunks here, first of pages, then of documents, which counts where those are wanted. "rereadVersionId": the live version, when another reader made it; a page that the site says has not
-- changed is then read anew from what is kept of it.
create function service.claim_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease_ms integer, p_delay_ms integer, p_own_hosts text[],
  p_readers text[] default '{""}')
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

  if exists (select from private.fetched_documents d where d.tenant_id = p_tenant_id and d.page_id = p_page_id and d.run_id = p_run_id) then
    return jsonb_build_object('state', 'document', 'nudge', v_page.nudges);
  end if;

  v_host := private.lock_host(v_page.host);
  v_host := private.ease_host(v_host);
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
      'etag', case when v.id is not null then v_page.etag end, 'lastModified', case when v.id is not null then v_page.last_modified end,
      'rereadVersionId', case when v.reader <> all (case when s.read_documents then p_readers else p_readers[:1] end) then v.id end,
      'ignoreCanonical', coalesce(v_page.reason_code = 'main_page_missing', false),
      'blockedMs', floor(extract(epoch from v_blocked) * 1000)::bigint,
      'robotsAt', (select floor(extract(epoch from o.fetched_at) * 1000)::bigint from private.robots o
        where o.origin = substring(v_page.url from '^https?://[^/?#]+') and isfinite(o.fetched_at)),
      'agentId', v_page.agent_id, 'kind', s.kind, 'sourceUrl', coalesce(s.url, v_page.url), 'maxBytes', s.max_page_bytes, 'maxDepth', s.max_depth,
      'include', s.include_patterns, 'exclude', s.exclude_patterns, 'readDocuments', s.read_documents)
    from public.sources s
    left join public.page_versions v on v.tenant_id = p_tenant_id and v.id = v_page.live_version_id
    where s.tenant_id = p_tenant_id and s.id = v_page.source_id);
end $$;

-- Puts a page back for later: 429, 503, a network fault. p_whole_host when the host asked for it: then it is also asked less often from now on.
-- p_was_asked false: the site was not asked after all, so the claim was no try. False when the lease is lost.
create function service.defer_page(p_tenant_id uuid, p_page_id uuid, p_lease uuid, p_wait_ms integer, p_whole_host boolean, p_was_asked boolean default true)
returns boolean language plpgsql volatile security definer set search_path = '' as $$
declare
  v_host text;
  v_sent_at timestamptz;
  v_until timestamptz := clock_timestamp() + p_wait_ms * interval '1 millisecond';
begin
  select p.not_before into v_sent_at from public.pages p
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.lease_token = p_lease and p.status = 'fetching' for no key update;
  update public.pages p set status = 'queued', not_before = v_until, lease_token = null, lease_until = null, updated_at = now(),
      attempts = case when p_was_asked then p.attempts else greatest(p.attempts - 1, 0) end
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.lease_token = p_lease and p.status = 'fetching'
    returning p.host into v_host;
  if not found then return false; end if;
  if p_whole_host then
    perform private.slow_host(v_host, v_sent_at, v_until);
  end if;
  return true;
end $$;

-- The share of equal places of two MinHash signatures.
create function private.likeness(p_a integer[], p_b integer[]) returns real language sql immutable set search_path = '' as $$
  select (count(*) filter (where t.a = t.b))::real / greatest(count(*), 1) from unnest(p_a, p_b) as t (a, b);
$$;

-- A page was fetched and holds text. One call stores a new version only if the content changed, and returns the links that are new.
--
-- p_page   {"httpStatus", "etag", "lastModified", "title", "language", "description", "markdown", "contentHash", "wordCount", "metadata", "reader",
--           "fingerprint": {"key", "signature", "bands"} or null}
-- p_chunks [{"position", "kind", "headingPath", "anchor", "content", "tokenCount", "contentHash", "terms", "termFrequencies", "length",
--           "longWords": [[term, stem]], may be absent}]
-- p_links  [{"url", "hash", "host", "depth"}]
-- Returns {"outcome": "stored" (embed versionId) | "unchanged" | "duplicate" | "lost" (lease), "versionId", "place", "newPages": [{"id", "url", "nudge", "place"}], "runDone"}.
-- place: which of its tenant's pages that wait for embeddings it is, from 1.
-- Plans are made anew for each call: one that a connection made when a first crawl began reads whole tables at its end.
create function service.store_page(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_page jsonb, p_chunks jsonb, p_links jsonb)
returns jsonb language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_run public.crawl_runs;
  v_page public.pages;
  v_original public.pages;
  v_live public.page_versions;
  v_reader text := coalesce(p_page ->> 'reader', '');
  v_signature integer[] := (select array_agg(s.value::integer order by s.ordinality)
    from jsonb_array_elements_text(p_page #> '{fingerprint,signature}') with ordinality s);
  v_bands integer[] := (select array_agg(b.value::integer) from jsonb_array_elements_text(p_page #> '{fingerprint,bands}') b);
  v_near boolean := false;
  v_long_terms integer[];
  v_long_words text[];
  v_version_id uuid;
  v_outcome text;
  v_done boolean;
begin
  perform private.hold_source(p_tenant_id, p_page_id);
  select p.* into v_page from public.pages p
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.lease_token = p_lease and p.status = 'fetching' for no key update;
  if not found then return '{"outcome": "lost", "newPages": [], "runDone": false}'; end if;
  select r.* into v_run from public.crawl_runs r where r.tenant_id = p_tenant_id and r.id = p_run_id;

  -- Two pages with the same content, or almost the same, that arrive together must not both think they are the first. A page that was live with this content
  -- before this run stays the main one; should it be gone or changed by the end, its duplicates are read again.
  perform pg_advisory_xact_lock(hashtextextended(v_page.source_id::text || coalesce(p_page #>> '{fingerprint,key}', p_page ->> 'contentHash'), 11));
  select v.* into v_live from public.page_versions v
    where v.tenant_id = p_tenant_id and v.page_id = p_page_id and v.id = v_page.live_version_id;
  if v_live.content_hash is distinct from p_page ->> 'contentHash' then
    select o.* into v_original from public.page_versions v
      join public.pages o on o.tenant_id = v.tenant_id and o.id = v.page_id
      where v.tenant_id = p_tenant_id and v.content_hash = p_page ->> 'contentHash' and o.source_id = v_page.source_id and o.id <> p_page_id
        and (v.status = 'live' or o.status = 'embedding') and o.status in ('queued', 'fetching', 'embedding', 'published')
        and (o.run_id = p_run_id or v_page.reason_code is distinct from 'main_page_missing')
      order by v.id limit 1;
    if v_original.id is null and v_bands is not null then
      select o.* into v_original from public.page_versions v
        join public.pages o on o.tenant_id = v.tenant_id and o.id = v.page_id
        where v.tenant_id = p_tenant_id and v.near_bands && v_bands and o.source_id = v_page.source_id and o.id <> p_page_id
          and (v.status = 'live' or o.status = 'embedding') and o.status in ('queued', 'fetching', 'embedding', 'published')
          and (o.run_id = p_run_id or v_page.reason_code is distinct from 'main_page_missing')
          and private.likeness(v.near_signature, v_signature) >= 0.85
        order by v.id limit 1;
      v_near := v_original.id is not null;
    end if;
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
    select array_agg(w.term), array_agg(w.word) into v_long_terms, v_long_words from (
      select distinct on (1) (l.pair ->> 0)::integer as term, l.pair ->> 1 as word
      from jsonb_array_elements(p_chunks) as c, jsonb_array_elements(c -> 'longWords') as l (pair)) w;
    insert into public.page_versions (tenant_id, page_id, run_id, content_hash, title, language, description, markdown, metadata, reader, near_signature, near_bands,
      long_terms, long_words)
    values (p_tenant_id, p_page_id, p_run_id, p_page ->> 'contentHash', p_page ->> 'title', p_page ->> 'language', p_page ->> 'description',
      p_page ->> 'markdown', coalesce(p_page -> 'metadata', '{}'), v_reader, v_signature, v_bands,
      v_long_terms, v_long_words)
    returning id into v_version_id;
    insert into public.chunks (tenant_id, agent_id, source_id, page_id, page_version_id, position, kind, title, heading_path, anchor, content,
      token_count, content_hash, terms, term_frequencies, length)
    select p_tenant_id, v_page.agent_id, v_page.source_id, p_page_id, v_version_id, c.position, c.kind, p_page ->> 'title', c."headingPath",
      c.anchor, c.content, c."tokenCount", c."contentHash", c.terms, c."termFrequencies", c.length
    from jsonb_to_recordset(p_chunks) as c (position integer, kind text, "headingPath" text[], anchor text, content text,
        "tokenCount" integer, "contentHash" text, terms integer[], "termFrequencies" real[], length real);
  end if;

  update public.pages p set
      status = case v_outcome when 'stored' then 'embedding' when 'unchanged' then 'published' else 'duplicate' end::public.page_status,
      title = p_page ->> 'title', language = p_page ->> 'language', http_status = (p_page ->> 'httpStatus')::integer,
      rendered = coalesce((p_page ->> 'isRendered')::boolean, false),
      etag = p_page ->> 'etag', last_modified = p_page ->> 'lastModified',
      word_count = case when v_outcome = 'duplicate' then 0 else (p_page ->> 'wordCount')::integer end,
      reason_code = case when v_outcome = 'duplicate' then case when v_near then 'near_duplicate' else 'duplicate_content' end end,
      reason = case when v_outcome = 'duplicate' then case when v_near then 'Almost the same text as ' else 'Same text as ' end || case when v_original.url ~ '^https?:' then v_original.url else v_original.title end end, main_hash = v_original.url_hash,
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
  perform private.hold_source(p_tenant_id, p_page_id);
  update public.pages p set status = p_status, reason_code = p_code, reason = p_reason, http_status = p_http_status, main_hash = p_main_hash,
      rendered = p.rendered and p_status in ('failed', 'published'),
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

-- A source takes in more from now on (documents, other patterns, deeper pages): links to that were not kept with the pages that have them, so each
-- page is read anew from what is kept of it. A page beyond the limit was kept as a link. Drafts are of a crawl under way.
create function private.look_for_links() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.page_versions v set reader = '' from public.pages p
    where p.tenant_id = new.tenant_id and p.source_id = new.id and v.tenant_id = new.tenant_id and v.page_id = p.id;
  return null;
end $$;
create trigger look_for_links after update of read_documents, include_patterns, exclude_patterns, max_depth on public.sources for each row
  when (new.kind = 'website' and (new.read_documents and not old.read_documents or new.max_depth > old.max_depth
    or not old.exclude_patterns <@ new.exclude_patterns
    or old.include_patterns <> '{}' and (new.include_patterns = '{}' or not new.include_patterns <@ old.include_patterns)))
  execute function private.look_for_links();

grant execute on function
  service.claim_page(uuid, uuid, uuid, integer, integer, text[], text[]),
  service.defer_page(uuid, uuid, uuid, integer, boolean, boolean),
  service.store_page(uuid, uuid, uuid, uuid, jsonb, jsonb, jsonb),
  service.close_page(uuid, uuid, uuid, uuid, public.page_status, text, text, integer, jsonb, text)
to alonchat_service;

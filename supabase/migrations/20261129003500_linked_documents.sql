-- Documents that a crawl meets (PDF, Word, PowerPoint, Excel, CSV): fetched like any page, then read by the job that reads uploaded files, so that
-- no page waits for a parser.
--
-- page: queued → fetching → (handed over) queued → fetching → embedding → published | failed | excluded | duplicate

-- What the site sent, from the fetch until it is read. Left over from an earlier run it counts for nothing.
create table private.fetched_documents (
  tenant_id uuid not null,
  page_id uuid not null,
  run_id uuid not null,
  -- What the site calls the file.
  name text not null check (length(name) between 1 and 200),
  -- By what name the parser gets it: one that promises what is known of its content, and no more.
  parse_as text not null check (length(parse_as) between 1 and 200),
  body bytea not null check (octet_length(body) between 1 and 52428800),
  http_status integer not null,
  etag text,
  last_modified text,
  primary key (tenant_id, page_id),
  foreign key (tenant_id, page_id) references public.pages (tenant_id, id) on delete cascade
);
-- Documents are compressed already, and a piece of one is read without the rest.
alter table private.fetched_documents alter column body set storage external;
alter table private.fetched_documents enable row level security;
alter table private.fetched_documents force row level security;

-- A page turned out to be a document: its bytes are kept, and the page waits for who reads documents. Returns {"handedOver", "nudge", "place"};
-- handedOver false: the lease is lost. place: which of its tenant's documents it is, from 1.
create function service.hand_over_document(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_name text, p_parse_as text, p_body bytea,
  p_http_status integer, p_etag text, p_last_modified text)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare v_page public.pages;
begin
  perform private.hold_source(p_tenant_id, p_page_id);
  update public.pages p set status = 'queued', attempts = 0, not_before = null, lease_token = null, lease_until = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.run_id = p_run_id and p.lease_token = p_lease and p.status = 'fetching'
    returning p.* into v_page;
  if not found then return '{"handedOver": false, "nudge": 0, "place": 1}'; end if;
  insert into private.fetched_documents as d (tenant_id, page_id, run_id, name, parse_as, body, http_status, etag, last_modified)
    values (p_tenant_id, p_page_id, p_run_id, p_name, p_parse_as, p_body, p_http_status, p_etag, p_last_modified)
    on conflict (tenant_id, page_id) do update set run_id = excluded.run_id, name = excluded.name, parse_as = excluded.parse_as,
      body = excluded.body, http_status = excluded.http_status, etag = excluded.etag, last_modified = excluded.last_modified;
  return jsonb_build_object('handedOver', true, 'nudge', v_page.nudges,
    'place', (select count(*) from private.fetched_documents d where d.tenant_id = p_tenant_id));
end $$;

-- A piece of a fetched document, for who has the page's lease: empty behind the end, null without lease or document.
create function service.document_piece(p_tenant_id uuid, p_page_id uuid, p_lease uuid, p_offset integer, p_size integer) returns bytea
language sql stable security definer set search_path = '' as $$
  select substring(d.body from p_offset + 1 for p_size) from public.pages p
    join private.fetched_documents d on d.tenant_id = p.tenant_id and d.page_id = p.id and d.run_id = p.run_id
    where p.tenant_id = p_tenant_id and p.id = p_page_id and p.lease_token = p_lease and p.status = 'fetching';
$$;

-- store_page for a fetched document, which is forgotten with it. Documents lead nowhere.
create function service.store_document(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_page jsonb, p_chunks jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_stored jsonb;
begin
  v_stored := service.store_page(p_tenant_id, p_run_id, p_page_id, p_lease, p_page || coalesce((
    select jsonb_build_object('httpStatus', d.http_status, 'etag', d.etag, 'lastModified', d.last_modified)
    from private.fetched_documents d where d.tenant_id = p_tenant_id and d.page_id = p_page_id), '{}'), p_chunks, '[]');
  delete from private.fetched_documents d
    where d.tenant_id = p_tenant_id and d.page_id = p_page_id and v_stored ->> 'outcome' <> 'lost';
  return v_stored;
end $$;

-- close_page for a fetched document that gave no text, which is forgotten with it.
create function service.close_document(p_tenant_id uuid, p_run_id uuid, p_page_id uuid, p_lease uuid, p_status public.page_status, p_code text,
  p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_closed jsonb;
begin
  v_closed := service.close_page(p_tenant_id, p_run_id, p_page_id, p_lease, p_status, p_code, p_reason,
    (select d.http_status from private.fetched_documents d where d.tenant_id = p_tenant_id and d.page_id = p_page_id));
  delete from private.fetched_documents d
    where d.tenant_id = p_tenant_id and d.page_id = p_page_id and v_closed ->> 'outcome' <> 'lost';
  return v_closed;
end $$;

grant execute on function
  service.hand_over_document(uuid, uuid, uuid, uuid, text, text, bytea, integer, text, text),
  service.document_piece(uuid, uuid, uuid, integer, integer),
  service.store_document(uuid, uuid, uuid, uuid, jsonb, jsonb),
  service.close_document(uuid, uuid, uuid, uuid, public.page_status, text, text)
to alonchat_service;

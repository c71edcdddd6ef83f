-- What the site sent for each version of a page, compressed: hot in this table, cold in Storage under the tenant's folder. Pages can be read
-- anew from it when the reader changes, without asking the site for what has not changed.
--
-- body: here ──(older than so many days)──► uploading (here and perhaps there) ──► there alone

create table public.page_bodies (
  tenant_id uuid not null,
  page_version_id uuid not null,
  -- gzip; null when it is in Storage alone.
  body bytea,
  -- Before compression.
  size_bytes integer not null check (size_bytes >= 0),
  -- What reading depends on beside the bytes: content-type, x-robots-tag.
  headers jsonb not null default '{}',
  -- Nobody chooses it, so that nothing can lead into another tenant's folder.
  object_path text not null generated always as (tenant_id::text || '/bodies/' || page_version_id::text || '.gz') stored,
  -- An upload may be under way until then: only one worker moves a body at a time.
  moving_until timestamptz,
  moved_at timestamptz,
  fetched_at timestamptz not null default now(),
  primary key (tenant_id, page_version_id),
  check (body is not null or moved_at is not null),
  foreign key (tenant_id, page_version_id) references public.page_versions (tenant_id, id) on delete cascade
);
-- It is compressed already.
alter table public.page_bodies alter column body set storage external;
create index page_bodies_hot_idx on public.page_bodies (fetched_at) where body is not null;

-- No policy and no grant: bodies are for the functions below alone; members see what was read from them.
alter table public.page_bodies enable row level security;
alter table public.page_bodies force row level security;

-- With the row goes its object, whichever way the row went; an upload that may still be under way is waited for.
create function private.forget_body() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into private.dead_objects (path, due_at) values (old.object_path, greatest(now(), old.moving_until)) on conflict (path) do nothing;
  return null;
end $$;
create trigger forget_body after delete on public.page_bodies for each row
  when (old.moved_at is not null or old.moving_until is not null) execute function private.forget_body();

-- Keeps what was fetched for a version; the newest fetch counts. Nothing happens when the version is gone. moved_at stays: an older copy may lie
-- in Storage, and goes with the row.
create function service.put_page_body(p_tenant_id uuid, p_version_id uuid, p_body bytea, p_size_bytes integer, p_headers jsonb) returns void
language sql volatile security definer set search_path = '' as $$
  insert into public.page_bodies as b (tenant_id, page_version_id, body, size_bytes, headers)
  select v.tenant_id, v.id, p_body, p_size_bytes, p_headers from public.page_versions v
    where v.tenant_id = p_tenant_id and v.id = p_version_id for key share
  on conflict (tenant_id, page_version_id) do update
    set body = excluded.body, size_bytes = excluded.size_bytes, headers = excluded.headers, fetched_at = now();
$$;

-- What was fetched for a version: body null when object_path has to be asked in Storage; no row when nothing is kept.
create function service.page_body(p_tenant_id uuid, p_version_id uuid) returns table (body bytea, object_path text, headers jsonb)
language sql stable security definer set search_path = '' as $$
  select b.body, b.object_path, b.headers from public.page_bodies b where b.tenant_id = p_tenant_id and b.page_version_id = p_version_id;
$$;

-- Takes bodies older than p_older_than to be moved to Storage, for p_lease; oldest first. fetched_at tells mark_body_moved what was uploaded.
create function service.take_cold_bodies(p_older_than interval, p_lease interval default '10 minutes', p_limit integer default 20)
returns table (tenant_id uuid, page_version_id uuid, body bytea, object_path text, fetched_at timestamptz)
language sql volatile security definer set search_path = '' as $$
  update public.page_bodies b set moving_until = clock_timestamp() + p_lease
  where (b.tenant_id, b.page_version_id) in (
    select o.tenant_id, o.page_version_id from public.page_bodies o
    where o.body is not null and o.fetched_at < now() - p_older_than and coalesce(o.moving_until, '-infinity') < clock_timestamp()
    order by o.fetched_at limit p_limit for update skip locked)
  returning b.tenant_id, b.page_version_id, b.body, b.object_path, b.fetched_at;
$$;

-- The upload is complete: the copy here goes. False when the body was fetched anew meanwhile, or its version is gone.
create function service.mark_body_moved(p_tenant_id uuid, p_version_id uuid, p_fetched_at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.page_bodies b set body = null, moved_at = clock_timestamp(), moving_until = null
    where b.tenant_id = p_tenant_id and b.page_version_id = p_version_id and b.body is not null
      and date_trunc('milliseconds', b.fetched_at) = date_trunc('milliseconds', p_fetched_at);
  return found;
end $$;

grant execute on function
  service.put_page_body(uuid, uuid, bytea, integer, jsonb),
  service.page_body(uuid, uuid),
  service.take_cold_bodies(interval, interval, integer),
  service.mark_body_moved(uuid, uuid, timestamptz)
to alonchat_service;

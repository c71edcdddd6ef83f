-- Agents, their sources of knowledge, and crawl runs. What an agent says and how it answers is in its versions (agent_versions).

-- 16 letters and digits without look-alikes: the name of an agent in customers' pages. Not a secret, only unguessable.
create function private.new_public_id() returns text language sql volatile set search_path = '' as $$
  select 'ag_' || string_agg(substr('abcdefghjkmnpqrstuvwxyz23456789', 1 + get_byte(b, i) % 31, 1), '')
  from (select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) as b) r,
       -- bytes 6 and 8 of a version 4 UUID are not random
       unnest(array[0,1,2,3,4,5,9,10,11,12,13,14,15,16,17,18]) as i;
$$;

grant execute on function private.new_public_id() to authenticated;

create table public.agents (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  -- Unique over all tenants on purpose (lint L33): it is what a customer's page names, random, and so tells nobody anything.
  public_id text not null unique default private.new_public_id(),
  name text not null check (length(name) between 1 and 90),
  accent_color text not null default '#0f6b5c' check (accent_color ~ '^#[0-9a-f]{6}$'),
  -- Hosts that may embed the widget: example.com, *.example.com, localhost:4400.
  allowed_domains text[] not null default '{}' check (cardinality(allowed_domains) <= 50),
  language text not null default 'en' check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id)
);
create trigger touch_updated_at before update on public.agents for each row execute function private.touch_updated_at();

create type public.source_status as enum ('pending', 'crawling', 'ready', 'failed');

create table public.sources (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- website: crawled from url on; sitemap: the pages that the sitemap at url names; urls: config.urls and nothing else;
  -- file, text, qa: no crawl, what they hold is written by who reads it.
  kind text not null default 'website' check (kind in ('website', 'sitemap', 'urls', 'file', 'text', 'qa')),
  name text not null check (length(name) between 1 and 200),
  -- The start address of a website, or the address of a sitemap; the other kinds have none.
  url text check (length(url) <= 2000 and url ~ '^https?://'),
  -- What else a kind needs; validated by Zod where it is written. urls: {"urls": ["https://…"]}.
  config jsonb not null default '{}' check (jsonb_typeof(config) = 'object' and pg_column_size(config) <= 1000000),
  status public.source_status not null default 'pending',
  max_pages integer not null default 500 check (max_pages between 1 and 100000),
  max_depth integer not null default 20 check (max_depth between 0 and 100),
  -- Larger pages are left out.
  max_page_bytes integer not null default 5242880 check (max_page_bytes between 10000 and 20971520),
  -- PDF, Word, PowerPoint, Excel and CSV that its pages link to are read too; as large as uploaded files may be.
  read_documents boolean not null default true,
  -- A run that takes longer is ended; time in which it is paused does not count.
  max_run_minutes integer not null default 1440 check (max_run_minutes between 1 and 20160),
  include_patterns text[] not null default '{}' check (cardinality(include_patterns) <= 50),
  exclude_patterns text[] not null default '{}' check (cardinality(exclude_patterns) <= 50),
  refresh_schedule text not null default 'off' check (refresh_schedule in ('off', 'daily', 'weekly', 'monthly')),
  -- When the sweep refreshes it next; follows refresh_schedule, null when that is off.
  next_run_at timestamptz,
  error_code text,
  error_message text,
  last_run_id uuid,
  -- Set by a member to ask for a refresh: the write under row-level security is what authorises the run.
  refresh_requested_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  check ((url is not null) = (kind in ('website', 'sitemap'))),
  check (kind <> 'urls' or (config -> 'urls') is not null and jsonb_typeof(config -> 'urls') = 'array'),
  check (refresh_schedule = 'off' or kind in ('website', 'sitemap', 'urls')),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create unique index sources_agent_url_key on public.sources (tenant_id, agent_id, kind, url);
create index sources_due_idx on public.sources (next_run_at) where next_run_at is not null;
create trigger touch_updated_at before update on public.sources for each row execute function private.touch_updated_at();

-- How long it is from one scheduled refresh to the next; null for "off".
create function private.refresh_interval(p_schedule text) returns interval language sql immutable set search_path = '' as $$
  select case p_schedule when 'daily' then interval '1 day' when 'weekly' then interval '7 days' when 'monthly' then interval '1 month' end;
$$;

-- A new schedule counts from now. Members may write the schedule, never the moment.
create function private.plan_refresh() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.next_run_at := now() + private.refresh_interval(new.refresh_schedule);
  return new;
end $$;
create trigger plan_refresh_insert before insert on public.sources for each row execute function private.plan_refresh();
create trigger plan_refresh_update before update of refresh_schedule on public.sources for each row
  when (old.refresh_schedule is distinct from new.refresh_schedule) execute function private.plan_refresh();

create type public.run_status as enum ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled');

create table public.crawl_runs (
  id uuid primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  source_id uuid not null,
  status public.run_status not null default 'queued',
  -- A retry visits only the pages it was made for, and removes none.
  is_retry boolean not null default false,
  max_pages integer not null,
  -- found = pages the run knows of; each ends in one of published, unchanged, failed, excluded.
  found integer not null default 0,
  fetched integer not null default 0,
  published integer not null default 0,
  unchanged integer not null default 0,
  failed integer not null default 0,
  excluded integer not null default 0,
  chunks integer not null default 0,
  -- More pages were found than max_pages lets in.
  limit_reached boolean not null default false,
  error_code text,
  error_message text,
  notified_at timestamptz,
  nudges integer not null default 0,
  -- Pages of the tenant that may be out in the queue at once (MAX_QUEUE_SIZE), as told when the run began.
  queue_limit integer not null default 1000,
  -- Queued because the tenant has as much out already as it may.
  waiting boolean not null default false,
  -- While its first job reads the sitemaps: a run does not end before that, even if every page found so far is done.
  discovering boolean not null default false,
  started_at timestamptz,
  -- While it is paused; on resuming, deadline_at moves on by as much.
  paused_at timestamptz,
  deadline_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade
);
-- At most one active run a source.
create unique index crawl_runs_active_key on public.crawl_runs (tenant_id, source_id) where status in ('queued', 'running', 'paused');
create index crawl_runs_source_idx on public.crawl_runs (tenant_id, source_id, created_at desc);
create index crawl_runs_agent_idx on public.crawl_runs (tenant_id, agent_id);
create index crawl_runs_sweep_idx on public.crawl_runs (updated_at) where status in ('queued', 'running');

alter table public.agents enable row level security;
alter table public.agents force row level security;
alter table public.sources enable row level security;
alter table public.sources force row level security;
alter table public.crawl_runs enable row level security;
alter table public.crawl_runs force row level security;

grant select, delete on public.agents, public.sources to authenticated;
grant insert (tenant_id, name, accent_color, allowed_domains, language) on public.agents to authenticated;
grant update (name, accent_color, allowed_domains, language) on public.agents to authenticated;
grant insert (tenant_id, agent_id, kind, name, url, config, max_pages, max_depth, max_page_bytes, read_documents, max_run_minutes, include_patterns,
  exclude_patterns, refresh_schedule) on public.sources to authenticated;
grant update (name, config, max_pages, max_depth, max_page_bytes, read_documents, max_run_minutes, include_patterns, exclude_patterns,
  refresh_schedule, refresh_requested_at) on public.sources to authenticated;
grant select on public.crawl_runs to authenticated;

create policy agents_select_viewer on public.agents for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy agents_insert_admin on public.agents for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy agents_update_admin on public.agents for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy agents_delete_admin on public.agents for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy sources_select_viewer on public.sources for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy sources_insert_admin on public.sources for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy sources_update_admin on public.sources for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy sources_delete_admin on public.sources for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy crawl_runs_select_viewer on public.crawl_runs for select to authenticated using (tenant_id in (select private.tenant_ids()));

-- Schemas, the service role, tenants and members.
--
-- public   tables; REST shows them to members, under row-level security
-- private  helpers of policies and functions, and state of the platform itself; never exposed
-- service  functions that only the role alonchat_service may execute: the visitor's hot path and the workers.
--          They are security definer, so that this role needs no right on any table: what it may do is what is written there.

create schema if not exists extensions;
create extension if not exists vector with schema extensions;

create schema private;
create schema service;

-- Nobody gets a right that is not granted by name. Hosted Supabase grants everything in public to its API roles by default.
revoke all on schema private, service from public;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
revoke create on schema public from public;

do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'alonchat_service') then
    create role alonchat_service login noinherit nocreatedb nocreaterole;
  end if;
end $$;

grant usage on schema private to authenticated;
grant usage on schema service to alonchat_service;
-- Arguments of service functions are of the extension's types.
grant usage on schema extensions to alonchat_service, authenticated;

-- A UUIDv7: 48 bits of Unix time in milliseconds, then random bits. New rows go to one end of the primary key.
-- plpgsql, as is all that each answer calls: a function in SQL that cannot be inlined is parsed and planned anew by every statement.
create function private.uuid_v7() returns uuid language plpgsql volatile parallel safe set search_path = '' as $$
begin
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid;
end $$;

-- A column's default is evaluated as whoever inserts.
grant execute on function private.uuid_v7() to authenticated;

-- The roles in ascending order of power: comparisons (role >= 'admin') rest on it.
create type public.member_role as enum ('viewer', 'operator', 'admin', 'owner');

create table public.tenants (
  id uuid primary key default private.uuid_v7(),
  slug text not null unique check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 80),
  -- Answers a month; null is unlimited.
  monthly_message_limit integer check (monthly_message_limit > 0),
  -- Whether its widgets may go without the product's name; what sells plans sets it.
  may_white_label boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.members (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.member_role not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index members_user_id_idx on public.members (user_id);

-- People who run the platform: the queues page. Rows are written by hand or by the demo, never by the product.
create table private.platform_admins (
  user_id uuid primary key references auth.users (id) on delete cascade,
  created_at timestamptz not null default now()
);
alter table private.platform_admins enable row level security;
alter table private.platform_admins force row level security;

-- Tenants of the caller in which the caller has at least a role. Definer, because members is itself under a policy that asks this.
create function private.tenant_ids(p_min_role public.member_role default 'viewer')
returns setof uuid language sql stable security definer set search_path = '' as $$
  select m.tenant_id from public.members m where m.user_id = (select auth.uid()) and m.role >= p_min_role;
$$;
grant execute on function private.tenant_ids(public.member_role) to authenticated;

alter table public.tenants enable row level security;
alter table public.tenants force row level security;
alter table public.members enable row level security;
alter table public.members force row level security;

grant select on public.tenants, public.members to authenticated;
grant update (name) on public.tenants to authenticated;
create policy tenants_select_viewer on public.tenants for select to authenticated
  using (id in (select private.tenant_ids()));
create policy tenants_update_admin on public.tenants for update to authenticated
  using (id in (select private.tenant_ids('admin'))) with check (id in (select private.tenant_ids('admin')));
create policy members_select_viewer on public.members for select to authenticated
  using (tenant_id in (select private.tenant_ids()));

-- Whether the caller runs the platform; asked by the queues page.
create function public.is_platform_admin() returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from private.platform_admins p where p.user_id = (select auth.uid()));
$$;
grant execute on function public.is_platform_admin() to authenticated;

create function private.slugify(p_text text) returns text language sql immutable set search_path = '' as $$
  select coalesce(nullif(btrim(left(
    regexp_replace(lower(p_text), '[^a-z0-9]+', '-', 'g'), 40), '-'), ''), 'workspace');
$$;

-- The first sign-up of a person makes a workspace and its owner. The name comes from the sign-up form (user metadata: display only).
create function private.create_workspace() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v_name text := left(coalesce(nullif(btrim(new.raw_user_meta_data ->> 'workspace_name'), ''),
    split_part(coalesce(new.email, 'My workspace'), '@', 1)), 80);
  v_slug text := private.slugify(v_name);
  v_tenant_id uuid;
begin
  -- First segments of the product's own paths can't be workspaces: the words of RESERVED_SLUGS in lib/tenancy/schema.ts, and the
  -- one that stands for a name without letters.
  if v_slug in ('admin', 'api', 'auth', 'chat', 'docs', 'embed', 'favicon-ico', 'health', 'home', 'pricing', 'reset-password', 'sample', 'sign-in',
      'sign-out', 'sign-up', 'status', 'update-password', 'widget', 'workspace')
    or exists (select from public.tenants t where t.slug = v_slug) then
    v_slug := v_slug || '-' || left(md5(new.id::text), 6);
  end if;
  insert into public.tenants (slug, name) values (v_slug, v_name) returning id into v_tenant_id;
  insert into public.members (tenant_id, user_id, role) values (v_tenant_id, new.id, 'owner');
  return new;
end $$;
create trigger create_workspace after insert on auth.users for each row execute function private.create_workspace();

create function private.touch_updated_at() returns trigger language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end $$;
create trigger touch_updated_at before update on public.tenants for each row execute function private.touch_updated_at();

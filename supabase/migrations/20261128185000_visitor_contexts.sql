-- What is known of the visitor of a conversation beside what they say. `entries` is what the customer's page told, unverified, as
-- anything that comes from a browser; name and e-mail are what the customer's server vouched for.
create table public.visitor_contexts (
  tenant_id uuid not null,
  conversation_id uuid not null,
  entries jsonb not null default '{}' check (jsonb_typeof(entries) = 'object' and pg_column_size(entries) <= 16384),
  name text check (length(name) between 1 and 200),
  email text check (length(email) between 3 and 254),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

alter table public.visitor_contexts enable row level security;
alter table public.visitor_contexts force row level security;
grant select on public.visitor_contexts to authenticated;
-- As contact details (leads): not for who only looks on.
create policy visitor_contexts_select_operator on public.visitor_contexts for select to authenticated
  using (tenant_id in (select private.tenant_ids('operator')));

-- Keeps what the page tells of its visitor, in place of what it told before. status: ok, or as private.enter_conversation.
create function service.set_visitor_context(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid,
  p_entries jsonb, p_limits jsonb default null, p_is_identified boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_entered jsonb := private.enter_conversation(
    p_public_id, p_origin, p_app_origin, p_visitor_hash, p_address_hash, p_conversation_id, p_limits, p_is_identified);
begin
  if v_entered ->> 'status' <> 'ok' then return v_entered; end if;
  insert into public.visitor_contexts as x (tenant_id, conversation_id, entries)
    values ((v_entered ->> 'tenantId')::uuid, p_conversation_id, p_entries)
    on conflict (tenant_id, conversation_id) do update set entries = excluded.entries, updated_at = clock_timestamp()
      where x.entries <> excluded.entries;
  return v_entered;
end $$;

-- Keeps the name and the e-mail of a visitor whom the customer's server vouched for; of a conversation that is not theirs, nothing.
create function service.set_visitor_profile(
  p_tenant_id uuid, p_conversation_id uuid, p_visitor_hash text, p_name text, p_email text)
returns void language sql volatile security definer set search_path = '' as $$
  insert into public.visitor_contexts as x (tenant_id, conversation_id, name, email)
    select c.tenant_id, c.id, p_name, p_email from public.conversations c
      where c.tenant_id = p_tenant_id and c.id = p_conversation_id and c.visitor_hash = p_visitor_hash
    on conflict (tenant_id, conversation_id) do update set name = excluded.name, email = excluded.email, updated_at = clock_timestamp()
      where (x.name, x.email) is distinct from (excluded.name, excluded.email);
$$;

grant execute on function
  service.set_visitor_context(text, text, text, text, text, uuid, jsonb, jsonb, boolean),
  service.set_visitor_profile(uuid, uuid, text, text, text)
  to alonchat_service;

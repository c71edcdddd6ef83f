-- The registry of models: what this installation knows of them, what it offers to agents, and what they cost. Of the platform, not of a tenant:
-- platform admins write it, web and worker read it every few seconds and go on with what they read last (lib/models/README.md).

create table public.models (
  provider text not null check (provider in ('openai', 'anthropic', 'google', 'compatible', 'local')),
  -- The provider's own name of it.
  model text not null check (model ~ '^\S{1,200}$'),
  kind text not null check (kind in ('chat', 'embedding', 'rerank')),
  -- Of a kind the first of a provider is its default, and the first of a tier is what the tier means.
  position integer not null default 1000 check (position between 0 and 100000),
  -- Whether agents may choose it. What the environment names stays in use.
  enabled boolean not null default true,
  tier text check (tier in ('SLM_A', 'SLM_B', 'LLM')),
  -- Of an embedding model the longest text.
  context_tokens integer not null check (context_tokens between 1 and 100000000),
  max_output_tokens integer check (max_output_tokens between 1 and 100000000),
  -- Micro-USD per million tokens: 100000 is 0.10 USD.
  input_micro_usd integer not null default 0 check (input_micro_usd between 0 and 1000000000),
  cached_input_micro_usd integer not null default 0 check (cached_input_micro_usd between 0 and 1000000000),
  output_micro_usd integer not null default 0 check (output_micro_usd between 0 and 1000000000),
  -- Prices of the whole call once its prompt is longer than this.
  long_prompt_tokens integer check (long_prompt_tokens between 1 and 100000000),
  long_input_micro_usd integer check (long_input_micro_usd between 0 and 1000000000),
  long_cached_input_micro_usd integer check (long_cached_input_micro_usd between 0 and 1000000000),
  long_output_micro_usd integer check (long_output_micro_usd between 0 and 1000000000),
  -- Sent with each call; null: nothing.
  reasoning text check (reasoning in ('none', 'minimal', 'low', 'medium', 'high', 'xhigh')),
  dimensions integer check (dimensions between 1 and 4000),
  -- The model's own default is another length, so it is asked for in each request.
  request_dimensions boolean not null default false,
  max_batch_texts integer check (max_batch_texts between 1 and 10000),
  max_batch_tokens integer check (max_batch_tokens between 1 and 100000000),
  note text not null default '' check (length(note) <= 300),
  updated_at timestamptz not null default now(),
  -- Null: the product itself, or somebody who has left.
  updated_by uuid references auth.users (id) on delete set null,
  primary key (provider, model),
  check (num_nonnulls(long_prompt_tokens, long_input_micro_usd, long_cached_input_micro_usd, long_output_micro_usd) in (0, 4)),
  check (kind = 'chat' or num_nonnulls(tier, max_output_tokens, long_prompt_tokens, reasoning) = 0),
  check (num_nonnulls(dimensions, max_batch_texts, max_batch_tokens) = case kind when 'embedding' then 3 else 0 end)
);
create index models_updated_by_idx on public.models (updated_by) where updated_by is not null;

-- Each change, for ever: who, when, from what to what.
create table public.model_changes (
  id uuid primary key default private.uuid_v7(),
  provider text not null,
  model text not null,
  -- The row as it was; null: it was not there. And as it became; null: it is there no more.
  before jsonb,
  after jsonb,
  changed_at timestamptz not null default now(),
  changed_by uuid references auth.users (id) on delete set null,
  check (num_nonnulls(before, after) > 0)
);
create index model_changes_changed_by_idx on public.model_changes (changed_by) where changed_by is not null;

-- As lib/llm/catalog.ts has them; a test compares the two.
insert into public.models (provider, model, kind, position, tier, context_tokens, max_output_tokens, input_micro_usd, cached_input_micro_usd, output_micro_usd,
  long_prompt_tokens, long_input_micro_usd, long_cached_input_micro_usd, long_output_micro_usd, reasoning)
select m.provider, m.model, 'chat', m.position, m.tier, m.context_tokens, m.max_output_tokens::integer, m.input, m.cached, m.output,
  m.long_tokens::integer, m.long_input::integer, m.long_cached::integer, m.long_output::integer, m.reasoning
from (values
('openai', 'gpt-6-luna', 10, 'SLM_A', 1050000, null, 100000, 10000, 500000, 272000, 200000, 20000, 750000, 'none'),
  ('openai', 'gpt-6-sol', 20, 'LLM', 1050000, null, 2000000, 200000, 10000000, 272000, 4000000, 400000, 15000000, 'none'),
  ('openai', 'gpt-5.4-mini', 30, 'SLM_B', 400000, 128000, 750000, 75000, 4500000, null, null, null, null, 'none'),
  ('openai', 'gpt-5.4-nano', 40, 'SLM_A', 400000, 128000, 200000, 20000, 1250000, null, null, null, null, 'none'),
  ('openai', 'gpt-5-mini', 50, 'SLM_B', 400000, 128000, 250000, 25000, 2000000, null, null, null, null, 'minimal'),
  ('openai', 'gpt-5-nano', 60, 'SLM_A', 400000, 128000, 50000, 5000, 400000, null, null, null, null, 'minimal'),
  ('openai', 'gpt-4.1-mini', 70, 'SLM_B', 1047576, 32768, 400000, 100000, 1600000, null, null, null, null, null),
  ('openai', 'gpt-4o-mini', 80, 'SLM_A', 128000, 16384, 150000, 75000, 600000, null, null, null, null, null),
  ('anthropic', 'claude-haiku-5-5', 90, 'SLM_A', 1000000, null, 100000, 10000, 500000, 100000, 500000, 50000, 2500000, 'none'),
  ('anthropic', 'claude-haiku-4-5', 100, 'SLM_B', 200000, 64000, 1000000, 100000, 5000000, null, null, null, null, null),
  ('anthropic', 'claude-sonnet-5-5', 110, 'LLM', 1000000, null, 2000000, 100000, 10000000, null, null, null, null, 'low'),
  ('google', 'gemini-3.5-flash-lite', 120, 'SLM_A', 1048576, null, 300000, 30000, 2500000, null, null, null, null, 'minimal'),
  ('google', 'gemini-3.6-flash', 130, 'LLM', 1048576, null, 1500000, 150000, 7500000, null, null, null, null, 'minimal'),
  ('google', 'gemini-2.5-flash', 140, 'SLM_B', 1048576, 65535, 300000, 30000, 2500000, null, null, null, null, 'none'),
  ('google', 'gemini-2.5-flash-lite', 150, 'SLM_A', 1048576, 65535, 100000, 10000, 400000, null, null, null, null, null),
  ('local', 'extractive', 160, null, 1000000, null, 0, 0, 0, null, null, null, null, null)
) as m (provider, model, position, tier, context_tokens, max_output_tokens, input, cached, output, long_tokens, long_input, long_cached, long_output, reasoning);

insert into public.models (provider, model, kind, position, context_tokens, input_micro_usd, dimensions, request_dimensions, max_batch_texts, max_batch_tokens)
select m.provider, m.model, 'embedding', m.position, m.tokens, m.input, m.dimensions, m.request_dimensions, m.batch_texts, m.batch_tokens
from (values
  ('openai', 'text-embedding-3-small', 170, 8191, 20000, 1536, false, 256, 200000),
  ('openai', 'text-embedding-3-large', 180, 8191, 130000, 3072, false, 256, 200000),
  ('google', 'gemini-embedding-001', 190, 2048, 150000, 1536, true, 100, 100000),
  ('google', 'gemini-embedding-2', 200, 8192, 200000, 1536, true, 100, 100000),
  ('local', 'hash-384', 210, 1000000, 0, 384, false, 256, 1000000)
) as m (provider, model, position, tokens, input, dimensions, request_dimensions, batch_texts, batch_tokens);

create function private.stamp_model() returns trigger language plpgsql set search_path = '' as $$
begin
  -- Also what a person leaves behind who is deleted is an update.
  if tg_op = 'UPDATE' and to_jsonb(new) - array['updated_at', 'updated_by'] = to_jsonb(old) - array['updated_at', 'updated_by'] then return new; end if;
  new.updated_at := now();
  new.updated_by := auth.uid();
  return new;
end $$;
create trigger stamp_model before insert or update on public.models for each row execute function private.stamp_model();

-- A write that changes nothing is no change. Definer: nobody may write the record by hand.
create function private.record_model_change() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - array['updated_at', 'updated_by'] end;
  v_after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - array['updated_at', 'updated_by'] end;
begin
  if v_before is distinct from v_after then
    insert into public.model_changes (provider, model, before, after, changed_by)
    values (coalesce(v_after, v_before) ->> 'provider', coalesce(v_after, v_before) ->> 'model', v_before, v_after, auth.uid());
  end if;
  return null;
end $$;
create trigger record_model_change after insert or update or delete on public.models for each row execute function private.record_model_change();

alter table public.models enable row level security;
alter table public.models force row level security;
alter table public.model_changes enable row level security;
alter table public.model_changes force row level security;
grant select, delete on public.models to authenticated;
grant select on public.model_changes to authenticated;
-- What a model is does not change (vectors of another length would fit no index); what it costs and whether it is offered does.
grant insert (provider, model, kind, position, enabled, tier, context_tokens, max_output_tokens, input_micro_usd, cached_input_micro_usd, output_micro_usd,
    long_prompt_tokens, long_input_micro_usd, long_cached_input_micro_usd, long_output_micro_usd, reasoning, dimensions, request_dimensions, max_batch_texts, max_batch_tokens, note),
  update (position, enabled, tier, context_tokens, max_output_tokens, input_micro_usd, cached_input_micro_usd, output_micro_usd,
    long_prompt_tokens, long_input_micro_usd, long_cached_input_micro_usd, long_output_micro_usd, reasoning, max_batch_texts, max_batch_tokens, note)
  on public.models to authenticated;
create policy models_select_platform_admin on public.models for select to authenticated using ((select public.is_platform_admin()));
create policy models_insert_platform_admin on public.models for insert to authenticated with check ((select public.is_platform_admin()));
create policy models_update_platform_admin on public.models for update to authenticated
  using ((select public.is_platform_admin())) with check ((select public.is_platform_admin()));
create policy models_delete_platform_admin on public.models for delete to authenticated using ((select public.is_platform_admin()));
create policy model_changes_select_platform_admin on public.model_changes for select to authenticated using ((select public.is_platform_admin()));

-- Who changed models, for platform admins; one row a person.
create function public.model_editors() returns table (user_id uuid, email text) language sql stable security definer set search_path = '' as $$
  select u.id, u.email::text from auth.users u
  where exists (select from private.platform_admins p where p.user_id = auth.uid())
    and (exists (select from public.models m where m.updated_by = u.id) or exists (select from public.model_changes c where c.changed_by = u.id));
$$;
grant execute on function public.model_editors() to authenticated;

-- All models in their order, for web and worker. Of no tenant: what stands here is true for all.
create function service.list_models() returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(m) - array['note', 'updated_at', 'updated_by'] order by m.position, m.provider, m.model), '[]'::jsonb) from public.models m;
$$;
grant execute on function service.list_models() to alonchat_service;

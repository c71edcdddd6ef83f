-- Versions of an agent: what it says and how it answers. Members write the draft, visitors get the published version, retired ones stay for
-- comparing and going back.
--
-- draft → published → retired          an older version is published again as a new one

-- What a new agent begins with. lib/agents/settings.ts describes each field, and a test compares the two.
create function private.default_agent_settings() returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_object(
    'instructions', '', 'tone', 'neutral', 'model', null, 'temperature', 0.2,
    'welcomeMessage', 'Hi! Ask me anything about our products and help pages.', 'suggestedQuestions', '[]'::jsonb,
    'fallbackMessage', 'I could not find that in our help pages. Please contact our team and we will gladly help.',
    'fallbackMessages', '{}'::jsonb,
    -- Low: it is for questions that the knowledge plainly does not touch; between those and answers the model tells better than a number.
    'confidenceThreshold', 0.2,
    'languages', '[]'::jsonb, 'hours', null,
    'handover', '{"onRequest": true, "onLowConfidence": false, "keywords": []}'::jsonb);
$$;

-- The shape without which an answer could not begin; lib/agents/settings.ts is stricter and speaks to people.
create function private.are_agent_settings(p_settings jsonb) returns boolean language sql immutable set search_path = '' as $$
  select coalesce(
    jsonb_typeof(p_settings) = 'object' and pg_column_size(p_settings) <= 100000
    and not exists (
      select from unnest(
        array['instructions', 'tone', 'model', 'temperature', 'welcomeMessage', 'suggestedQuestions', 'fallbackMessage', 'fallbackMessages', 'confidenceThreshold', 'languages', 'hours', 'handover'],
        array['string', 'string', 'string null', 'number', 'string', 'array', 'string', 'object', 'number', 'array', 'object null', 'object']) as f (name, types)
      where not coalesce(jsonb_typeof(p_settings -> f.name) = any (string_to_array(f.types, ' ')), false))
    and length(p_settings ->> 'instructions') <= 8000 and length(p_settings ->> 'welcomeMessage') <= 500
    and length(p_settings ->> 'fallbackMessage') between 1 and 500
    and not jsonb_path_exists(p_settings, '$.fallbackMessages.keyvalue() ? (@.value.type() != "string" || !(@.key like_regex "^[a-z][a-z]$"))')
    and jsonb_path_match(p_settings, '$.temperature >= 0 && $.temperature <= 1 && $.confidenceThreshold >= 0 && $.confidenceThreshold <= 1')
    and jsonb_path_match(p_settings, '$.suggestedQuestions.size() <= 6 && $.languages.size() <= 30')
    and not jsonb_path_exists(p_settings, '$.suggestedQuestions[*] ? (@.type() != "string")')
    and not jsonb_path_exists(p_settings, '$.languages[*] ? (@.type() != "string")'), false);
$$;
-- A column's default and its check are evaluated as whoever writes.
grant execute on function private.default_agent_settings(), private.are_agent_settings(jsonb) to authenticated;

create table public.agent_versions (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- In the order of publication; a draft has none.
  number integer check (number > 0),
  state text not null default 'draft' check (state in ('draft', 'published', 'retired')),
  settings jsonb not null default private.default_agent_settings() check (private.are_agent_settings(settings)),
  -- What changed, in its members' words.
  note text not null default '' check (length(note) <= 300),
  -- Why it was published although the evaluation did not allow it, and what was not reached then: [{"name", "minPassRate", "passRate"}].
  override_reason text check (length(override_reason) <= 300 and btrim(override_reason) <> ''),
  gate_unmet jsonb,
  -- The version that was published again.
  restored_from uuid,
  -- Who wrote it last, and who published it.
  author_id uuid references auth.users (id) on delete set null,
  published_by uuid references auth.users (id) on delete set null,
  published_at timestamptz,
  retired_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, agent_id, id),
  unique (tenant_id, agent_id, number),
  check ((state = 'draft') = (number is null) and (state = 'draft') = (published_at is null)),
  check ((override_reason is null) = (gate_unmet is null) and (state <> 'draft' or gate_unmet is null)),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, agent_id, restored_from) references public.agent_versions (tenant_id, agent_id, id) on delete set null (restored_from)
);
create unique index agent_versions_draft_key on public.agent_versions (tenant_id, agent_id) where state = 'draft';
create unique index agent_versions_published_key on public.agent_versions (tenant_id, agent_id) where state = 'published';
create index agent_versions_restored_idx on public.agent_versions (tenant_id, agent_id, restored_from) where restored_from is not null;
create index agent_versions_author_idx on public.agent_versions (author_id) where author_id is not null;
create index agent_versions_publisher_idx on public.agent_versions (published_by) where published_by is not null;
create trigger touch_updated_at before update on public.agent_versions for each row execute function private.touch_updated_at();

alter table public.agent_versions enable row level security;
alter table public.agent_versions force row level security;
grant select, delete on public.agent_versions to authenticated;
-- A row with restored_from is published at once; any other is a draft. Publishing is a draft's update of state.
grant insert (tenant_id, agent_id, settings, note, restored_from, override_reason), update (settings, note, state, override_reason)
  on public.agent_versions to authenticated;
create policy agent_versions_select_viewer on public.agent_versions for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy agent_versions_insert_admin on public.agent_versions for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
-- What visitors get or got is never written again.
create policy agent_versions_update_admin on public.agent_versions for update to authenticated
  using (state = 'draft' and tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy agent_versions_delete_admin on public.agent_versions for delete to authenticated
  using (state = 'draft' and tenant_id in (select private.tenant_ids('admin')));

-- The conditions for publishing settings: each set of the agent with a minimum, and what its latest completed run of these very settings
-- reached in every repeat; null when there is none. What visitors are not answered with may differ.
create function public.publish_gate(p_tenant_id uuid, p_agent_id uuid, p_settings jsonb)
returns table (set_id uuid, name text, min_pass_rate real, pass_rate real, run_id uuid)
language sql stable security invoker set search_path = '' as $$
  with unasked as (select '{welcomeMessage,suggestedQuestions,hours,handover}'::text[] as fields)
  select s.id, s.name, s.min_pass_rate, (r.summary ->> 'passAll')::real, r.id
  from public.eval_sets s cross join unasked u
  left join lateral (
    select e.id, e.summary from public.eval_runs e
    where e.tenant_id = s.tenant_id and e.set_id = s.id and e.status = 'completed'
      and (e.config -> 'settings') - u.fields = p_settings - u.fields
    order by e.created_at desc limit 1) r on true
  where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id and s.min_pass_rate is not null
  order by s.name;
$$;
grant execute on function public.publish_gate(uuid, uuid, jsonb) to authenticated;

-- What a version becomes, whoever writes it: numbers, names and times are set here, and nothing is published past the gate
-- without a reason (PT409, which REST answers as such). A reason that was not needed is not kept.
create function private.agent_version_rules() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_from public.agent_versions;
begin
  -- Who may not write it is refused by the policy, which is asked after this: until then nothing is done and nothing told.
  if auth.uid() is not null and new.tenant_id not in (select private.tenant_ids('admin')) then return new; end if;
  if tg_op = 'UPDATE' and new.state is distinct from old.state
      and (old.state, new.state) not in (('draft', 'published'), ('published', 'retired')) then
    raise exception using errcode = 'check_violation', message = 'a version goes from draft to published to retired';
  end if;
  if new.state = 'retired' or (tg_op = 'UPDATE' and old.state <> 'draft') then return new; end if;
  new.author_id := coalesce(auth.uid(), new.author_id);
  if tg_op = 'INSERT' and new.restored_from is not null then
    select v.* into v_from from public.agent_versions v
      where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.id = new.restored_from and v.state <> 'draft';
    if not found then raise exception using errcode = 'foreign_key_violation', message = 'no such version'; end if;
    new.settings := v_from.settings;
    new.state := 'published';
  end if;
  if new.state <> 'published' then
    new.override_reason := null;
    return new;
  end if;
  -- Two who publish at once do so one after the other.
  perform from public.agents a where a.tenant_id = new.tenant_id and a.id = new.agent_id for no key update;
  select jsonb_agg(jsonb_build_object('name', g.name, 'minPassRate', g.min_pass_rate, 'passRate', g.pass_rate) order by g.name) into new.gate_unmet
    from public.publish_gate(new.tenant_id, new.agent_id, new.settings) g where g.pass_rate is null or g.pass_rate < g.min_pass_rate;
  if new.gate_unmet is null then
    new.override_reason := null;
  elsif coalesce(btrim(new.override_reason), '') = '' then
    raise exception using errcode = 'PT409', message = 'the evaluation does not allow publishing';
  end if;
  update public.agent_versions v set state = 'retired', retired_at = now()
    where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id and v.state = 'published';
  new.number := 1 + coalesce((select max(v.number) from public.agent_versions v where v.tenant_id = new.tenant_id and v.agent_id = new.agent_id), 0);
  new.published_by := auth.uid();
  new.published_at := now();
  return new;
end $$;
create trigger agent_version_rules before insert or update on public.agent_versions for each row execute function private.agent_version_rules();

-- An agent answers from its first moment: with the defaults, as version 1.
create function private.first_agent_version() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.agent_versions (tenant_id, agent_id, state) values (new.tenant_id, new.id, 'published');
  return new;
end $$;
-- After the policies of agents.
create trigger first_agent_version after insert on public.agents for each row execute function private.first_agent_version();

-- Who wrote and published the versions of an agent, for its members; one row a person.
create function public.agent_version_people(p_tenant_id uuid, p_agent_id uuid) returns table (user_id uuid, email text)
language sql stable security definer set search_path = '' as $$
  select u.id, u.email::text from auth.users u
  where exists (select from public.members m where m.tenant_id = p_tenant_id and m.user_id = auth.uid())
    and exists (select from public.agent_versions v
      where v.tenant_id = p_tenant_id and v.agent_id = p_agent_id and u.id in (v.author_id, v.published_by));
$$;
grant execute on function public.agent_version_people(uuid, uuid) to authenticated;

-- What an agent answers with: the given version, or the published one. Null when there is no such version.
create function private.answering_config(p_tenant_id uuid, p_agent_id uuid, p_version_id uuid default null) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('name', a.name, 'language', a.language, 'versionId', v.id, 'version', v.number, 'settings', v.settings,
    'embeddingModel', (select i.model from public.embedding_indexes i
      where i.tenant_id = a.tenant_id and i.agent_id = a.id and i.state = 'live'))
  from public.agents a
  join public.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
    and v.id = coalesce(p_version_id, (select p.id from public.agent_versions p
      where p.tenant_id = a.tenant_id and p.agent_id = a.id and p.state = 'published'))
  where a.tenant_id = p_tenant_id and a.id = p_agent_id);
end $$;

-- A run of a test set tries one version; null: the one that is published when it begins.
alter table public.eval_runs add column version_id uuid,
  add foreign key (tenant_id, agent_id, version_id) references public.agent_versions (tenant_id, agent_id, id) on delete set null (version_id);
create index eval_runs_version_idx on public.eval_runs (tenant_id, agent_id, version_id) where version_id is not null;
grant insert (version_id) on public.eval_runs to authenticated;

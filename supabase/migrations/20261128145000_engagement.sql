-- What the widget does beside answers: contact forms, people who take over, ratings of conversations, files of visitors, messages that
-- the agent sends first. One row an agent says which of it is on; nothing is until an admin says so.

create table public.engagement_settings (
  tenant_id uuid not null,
  agent_id uuid not null,
  -- Null: no form. Shapes of this and of proactive: lib/engagement/schema.ts.
  lead_form jsonb check (jsonb_typeof(lead_form) = 'object' and pg_column_size(lead_form) <= 20000),
  proactive jsonb not null default '[]' check (jsonb_typeof(proactive) = 'array' and pg_column_size(proactive) <= 20000),
  csat boolean not null default false,
  attachments boolean not null default false,
  handover boolean not null default false,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.engagement_settings for each row execute function private.touch_updated_at();

-- Contact details that a visitor left, sealed by the application (lib/core/field-cipher.ts) for this very row: the database cannot read
-- them. One a conversation; leaving them again replaces them.
create table public.leads (
  tenant_id uuid not null,
  conversation_id uuid not null,
  agent_id uuid not null,
  sealed_values text not null check (length(sealed_values) between 1 and 40000),
  -- The key that sealed them, so that a change of keys finds the rows that are left.
  key_id text not null check (length(key_id) between 1 and 32),
  -- What the visitor agreed to, word for word, and when.
  consent_text text not null check (length(consent_text) between 1 and 2000),
  consented_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);
create index leads_agent_idx on public.leads (tenant_id, agent_id, created_at desc);
create index leads_key_idx on public.leads (key_id);

-- agent     the agent answers; a conversation without a row is there too
-- waiting   somebody shall take over; the agent goes on answering, so that nobody is left alone meanwhile
-- human     a member answers and the agent is silent
-- closed    done; the next message of the visitor goes to the agent
create type public.handover_state as enum ('agent', 'waiting', 'human', 'closed');

-- The name of a public Realtime channel that cannot be guessed: who knows it may hear that something happened, never what.
create function private.new_live_topic() returns text language sql volatile set search_path = '' as $$
  select 'conversation:' || encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex');
$$;
-- A column's default is evaluated as whoever inserts.
grant execute on function private.new_live_topic() to authenticated;

create table public.handovers (
  tenant_id uuid not null,
  conversation_id uuid not null,
  state public.handover_state not null,
  -- Who asked for a person: the visitor, a rule of the agent, or the member who took over unasked.
  reason text not null default 'visitor' check (reason in ('visitor', 'low_confidence', 'keyword', 'operator')),
  topic text not null default private.new_live_topic(),
  operator_id uuid references auth.users (id) on delete set null,
  -- As visitors see it.
  operator_name text check (length(operator_name) between 1 and 60),
  requested_at timestamptz not null default now(),
  joined_at timestamptz,
  closed_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);
create index handovers_waiting_idx on public.handovers (tenant_id, requested_at) where state = 'waiting';
create index handovers_human_idx on public.handovers (updated_at) where state = 'human';
create index handovers_operator_idx on public.handovers (operator_id);

create table public.conversation_surveys (
  tenant_id uuid not null,
  conversation_id uuid not null,
  score smallint not null check (score between 1 and 5),
  comment text not null default '' check (length(comment) <= 1000),
  created_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

-- Files that visitors send. allowed → (put into Storage, looked at) → ready, or the row goes. Nobody opens one that is not ready.
create table public.attachments (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  size_bytes bigint not null check (size_bytes between 1 and 10485760),
  -- What the content is, not what the visitor's browser called it; null until it was looked at.
  media_type text check (length(media_type) <= 100),
  state text not null default 'allowed' check (state in ('allowed', 'ready')),
  -- Where Storage keeps it. Nobody chooses it, so that no name can lead into another tenant's folder.
  object_path text not null generated always as
    (tenant_id::text || '/attachments/' || conversation_id::text || '/' || id::text) stored,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);
create index attachments_conversation_idx on public.attachments (tenant_id, conversation_id, created_at);
create index attachments_unready_idx on public.attachments (created_at) where state <> 'ready';

alter table public.engagement_settings enable row level security;
alter table public.engagement_settings force row level security;
alter table public.leads enable row level security;
alter table public.leads force row level security;
alter table public.handovers enable row level security;
alter table public.handovers force row level security;
alter table public.conversation_surveys enable row level security;
alter table public.conversation_surveys force row level security;
alter table public.attachments enable row level security;
alter table public.attachments force row level security;

grant select, insert (tenant_id, agent_id, lead_form, proactive, csat, attachments, handover),
  update (lead_form, proactive, csat, attachments, handover) on public.engagement_settings to authenticated;
grant select, delete on public.leads to authenticated;
grant select, insert (tenant_id, conversation_id, state, operator_name), update (state, operator_name) on public.handovers to authenticated;
grant select on public.conversation_surveys, public.attachments to authenticated;
-- Only as an operator: see private.speak_as_operator.
grant insert (id, tenant_id, conversation_id, role, content, status) on public.messages to authenticated;

create policy engagement_settings_select_viewer on public.engagement_settings for select to authenticated
  using (tenant_id in (select private.tenant_ids()));
create policy engagement_settings_insert_admin on public.engagement_settings for insert to authenticated
  with check (tenant_id in (select private.tenant_ids('admin')));
create policy engagement_settings_update_admin on public.engagement_settings for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));

create policy leads_select_operator on public.leads for select to authenticated using (tenant_id in (select private.tenant_ids('operator')));
create policy leads_delete_admin on public.leads for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy handovers_select_viewer on public.handovers for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy handovers_insert_operator on public.handovers for insert to authenticated
  with check (tenant_id in (select private.tenant_ids('operator')));
create policy handovers_update_operator on public.handovers for update to authenticated
  using (tenant_id in (select private.tenant_ids('operator'))) with check (tenant_id in (select private.tenant_ids('operator')));

create policy conversation_surveys_select_viewer on public.conversation_surveys for select to authenticated
  using (tenant_id in (select private.tenant_ids()));
create policy attachments_select_viewer on public.attachments for select to authenticated using (tenant_id in (select private.tenant_ids()));

create policy messages_insert_operator on public.messages for insert to authenticated
  with check (tenant_id in (select private.tenant_ids('operator')) and role = 'operator' and status = 'complete');

-- Nudges the visitor's widget: something of the conversation changed. p_event: message | state. Without a word of what.
create function private.nudge_visitor(p_topic text, p_event text) returns void language sql volatile security definer set search_path = '' as $$
  select realtime.send('{}', p_event, p_topic, false);
$$;

-- Tells the members' screens that an agent's conversations changed.
create function private.nudge_members(p_tenant_id uuid, p_conversation_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.nudge_inbox(c.tenant_id, c.agent_id) from public.conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id;
end $$;

-- Which state may follow which. A member who takes over from another stays in human.
create function private.may_follow(p_from public.handover_state, p_to public.handover_state) returns boolean
language sql immutable set search_path = '' as $$
  select case p_from
    when 'agent' then p_to in ('waiting', 'human')
    when 'waiting' then p_to in ('human', 'agent', 'closed')
    when 'human' then p_to in ('human', 'agent', 'closed')
    when 'closed' then p_to in ('agent', 'waiting', 'human')
  end;
$$;

-- Keeps the states in order, whoever writes: a member (auth.uid()) may take over, hand back and close; asking for a person is the
-- visitor's and the rules' way, through service.request_handover. Who takes over is the caller, under a name.
create function private.keep_handover() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_member uuid := (select auth.uid());
begin
  if not private.may_follow(case when tg_op = 'INSERT' then 'agent' else old.state end, new.state)
    or (v_member is not null and new.state = 'waiting') then
    raise exception using errcode = 'ALH01', message = 'this state cannot follow';
  end if;
  if v_member is not null and new.state = 'human' then
    if new.operator_name is null then raise exception using errcode = 'ALH01', message = 'who takes over needs a name'; end if;
    new.operator_id := v_member;
    if tg_op = 'INSERT' then new.reason := 'operator'; end if;
  end if;
  if new.state <> 'human' then
    new.operator_id := null;
    new.operator_name := null;
  end if;
  new.joined_at := case when new.state = 'human' then coalesce(new.joined_at, clock_timestamp()) end;
  new.closed_at := case when new.state = 'closed' then clock_timestamp() end;
  new.updated_at := clock_timestamp();
  return new;
end $$;
create trigger keep_handover before insert or update on public.handovers for each row execute function private.keep_handover();

create function private.tell_handover() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.nudge_visitor(new.topic, 'state');
  perform private.nudge_members(new.tenant_id, new.conversation_id);
  return null;
end $$;
create trigger tell_handover after insert or update of state on public.handovers for each row execute function private.tell_handover();

-- A member speaks only in a conversation that they have taken over, under the name that the visitor was told.
create function private.speak_as_operator() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_handover public.handovers;
begin
  select h.* into v_handover from public.handovers h
    where h.tenant_id = new.tenant_id and h.conversation_id = new.conversation_id and h.state = 'human'
      and h.operator_id = (select auth.uid()) for no key update;
  if not found or new.content = '' then
    raise exception using errcode = 'insufficient_privilege', message = 'the conversation is not taken over by the caller';
  end if;
  new.author := v_handover.operator_name;
  new.finished_at := clock_timestamp();
  return new;
end $$;
create trigger speak_as_operator before insert on public.messages for each row when (new.role = 'operator')
  execute function private.speak_as_operator();

create function private.tell_operator_message() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_topic text;
begin
  update public.handovers h set updated_at = clock_timestamp()
    where h.tenant_id = new.tenant_id and h.conversation_id = new.conversation_id returning h.topic into v_topic;
  update public.conversations c set last_message_at = now() where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
  perform private.nudge_visitor(v_topic, 'message');
  return null;
end $$;
create trigger tell_operator_message after insert on public.messages for each row when (new.role = 'operator')
  execute function private.tell_operator_message();

-- A visitor's message where a member answers: kept and told. A closed conversation goes back to the agent with it.
-- Returns whether a member has the conversation, so that the agent does not answer; called by service.begin_turn.
create function private.leave_for_operator(p_tenant_id uuid, p_conversation_id uuid, p_message_id uuid, p_text text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare v_handover public.handovers;
begin
  select h.* into v_handover from public.handovers h
    where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id and h.state in ('human', 'closed') for no key update;
  if not found then return false; end if;
  if v_handover.state = 'closed' then
    update public.handovers h set state = 'agent' where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id;
    return false;
  end if;
  insert into public.messages (id, tenant_id, conversation_id, role, content, status, finished_at)
    values (p_message_id, p_tenant_id, p_conversation_id, 'visitor', p_text, 'complete', clock_timestamp())
    on conflict (id) do nothing;
  if not found then
    -- The same message again, or an id that is somebody else's.
    if not exists (select from public.messages m where m.tenant_id = p_tenant_id and m.id = p_message_id
        and m.conversation_id = p_conversation_id and m.role = 'visitor') then
      raise exception using errcode = 'unique_violation', message = 'message id is taken';
    end if;
    return true;
  end if;
  update public.handovers h set updated_at = clock_timestamp() where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id;
  perform private.nudge_visitor(v_handover.topic, 'message');
  return true;
end $$;

-- What of all this an agent's widget shows: fields of its configuration.
create function private.widget_parts(p_tenant_id uuid, p_agent_id uuid) returns jsonb language sql stable set search_path = '' as $$
  select coalesce((select jsonb_build_object('leadForm', s.lead_form, 'proactive', s.proactive, 'csat', s.csat,
      'attachments', s.attachments, 'handover', s.handover)
    from public.engagement_settings s where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id),
    '{"leadForm": null, "proactive": [], "csat": false, "attachments": false, "handover": false}');
$$;

-- What a conversation is beside its messages, for the visitor who holds its key.
create function private.conversation_parts(p_tenant_id uuid, p_conversation_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'state', coalesce(h.state, 'agent'),
    'operator', case when h.state = 'human' then jsonb_build_object('name', h.operator_name) end,
    'topic', h.topic,
    'hasLead', exists (select from public.leads l where l.tenant_id = p_tenant_id and l.conversation_id = p_conversation_id),
    'hasSurvey', exists (select from public.conversation_surveys s where s.tenant_id = p_tenant_id and s.conversation_id = p_conversation_id),
    'files', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'sizeBytes', f.size_bytes, 'type', f.media_type,
        'createdAt', f.created_at) order by f.created_at, f.id)
      from public.attachments f where f.tenant_id = p_tenant_id and f.conversation_id = p_conversation_id and f.state = 'ready'), '[]'))
  from (select) one left join public.handovers h on h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id;
$$;

-- Who asks for one of these things, checked as begin_turn checks: agent, origin, key, rate. The conversation is made when it is not there
-- yet, because a form may come before the first message.
-- Returns {"status": "ok", "tenantId", "agentId"} or {"status": agent_unavailable | origin_not_allowed | conversation_unavailable | message_first |
-- rate_limited}.
create function private.enter_conversation(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid, p_limits jsonb,
  p_is_identified boolean)
returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_agent public.agents;
  v_wait_ms integer := 0;
begin
  select a.* into v_agent from public.agents a where a.public_id = p_public_id;
  if not found then return '{"status": "agent_unavailable"}'; end if;
  if p_origin is distinct from p_app_origin and not private.origin_allowed(p_origin, v_agent.allowed_domains) then
    return '{"status": "origin_not_allowed"}';
  end if;
  if p_limits is not null then
    v_wait_ms := private.take_token('visitor:' || v_agent.id || ':' || p_visitor_hash,
      (p_limits ->> 'visitorPerMinute')::real, ((p_limits ->> 'visitorPerMinute')::real / 60)::real);
    if v_wait_ms = 0 and p_address_hash is not null then
      v_wait_ms := private.take_token('address:' || v_agent.id || ':' || p_address_hash,
        (p_limits ->> 'addressPerMinute')::real, ((p_limits ->> 'addressPerMinute')::real / 60)::real);
    end if;
    if v_wait_ms > 0 then return jsonb_build_object('status', 'rate_limited', 'retryAfterMs', v_wait_ms); end if;
  end if;
  -- Who would have to do or show something before the first message does not get around it here.
  if not exists (select from public.conversations c where c.id = p_conversation_id)
    and private.admit_visitor(v_agent.tenant_id, v_agent.id, p_visitor_hash, p_is_identified, false, p_limits, null) ->> 'status' <> 'ok' then
    return '{"status": "message_first"}';
  end if;
  insert into public.conversations (id, tenant_id, agent_id, channel, visitor_hash, origin_host)
    values (p_conversation_id, v_agent.tenant_id, v_agent.id, 'widget', p_visitor_hash, regexp_replace(p_origin, '^https?://', ''))
    on conflict (id) do nothing;
  if not exists (select from public.conversations c where c.tenant_id = v_agent.tenant_id and c.id = p_conversation_id
      and c.agent_id = v_agent.id and c.visitor_hash = p_visitor_hash and c.channel = 'widget') then
    return '{"status": "conversation_unavailable"}';
  end if;
  return jsonb_build_object('status', 'ok', 'tenantId', v_agent.tenant_id, 'agentId', v_agent.id);
end $$;

-- The form that a visitor may fill in, as it is now: {"status": "ok", "tenantId", "form"}; unavailable where there is none. Otherwise as
-- private.enter_conversation.
create function service.lead_form(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid,
  p_limits jsonb default null, p_is_identified boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_entered jsonb := private.enter_conversation(
    p_public_id, p_origin, p_app_origin, p_visitor_hash, p_address_hash, p_conversation_id, p_limits, p_is_identified);
  v_form jsonb := (select s.lead_form from public.engagement_settings s
    where s.tenant_id = (v_entered ->> 'tenantId')::uuid and s.agent_id = (v_entered ->> 'agentId')::uuid);
begin
  if v_entered ->> 'status' <> 'ok' then return v_entered; end if;
  if v_form is null then return '{"status": "unavailable"}'; end if;
  return v_entered || jsonb_build_object('form', v_form);
end $$;

-- Keeps sealed contact details of a conversation.
create function service.add_lead(
  p_tenant_id uuid, p_conversation_id uuid, p_sealed_values text, p_key_id text, p_consent_text text) returns void
language sql volatile security definer set search_path = '' as $$
  insert into public.leads as l (tenant_id, conversation_id, agent_id, sealed_values, key_id, consent_text)
    select p_tenant_id, c.id, c.agent_id, p_sealed_values, p_key_id, p_consent_text
    from public.conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
    on conflict (tenant_id, conversation_id) do update
      set sealed_values = excluded.sealed_values, key_id = excluded.key_id, consent_text = excluded.consent_text,
          consented_at = now();
$$;

-- Leads that one of these keys sealed: [{"tenantId", "conversationId", "sealed"}].
create function service.leads_to_rekey(p_key_ids text[], p_limit integer default 200) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('tenantId', l.tenant_id, 'conversationId', l.conversation_id, 'sealed', l.sealed_values)), '[]')
  from (select * from public.leads l where l.key_id = any (p_key_ids) limit p_limit) l;
$$;

-- Puts what was sealed anew in place of what was read, unless the visitor has left other details meanwhile.
create function service.rekey_lead(p_tenant_id uuid, p_conversation_id uuid, p_old text, p_new text, p_key_id text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.leads l set sealed_values = p_new, key_id = p_key_id
    where l.tenant_id = p_tenant_id and l.conversation_id = p_conversation_id and l.sealed_values = p_old;
  return found;
end $$;

-- A visitor asks for a person. Asking again changes nothing. status: ok with "state" (waiting | human) and "hours", unavailable where the agent does not offer it, or as
-- private.enter_conversation.
create function service.request_handover(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid,
  p_limits jsonb default null, p_is_identified boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_entered jsonb := private.enter_conversation(
    p_public_id, p_origin, p_app_origin, p_visitor_hash, p_address_hash, p_conversation_id, p_limits, p_is_identified);
  v_tenant_id uuid := (v_entered ->> 'tenantId')::uuid;
  v_agent_id uuid := (v_entered ->> 'agentId')::uuid;
  v_settings jsonb;
begin
  if v_entered ->> 'status' <> 'ok' then return v_entered; end if;
  v_settings := private.answering_config(v_tenant_id, v_agent_id) -> 'settings';
  if not coalesce((v_settings #>> '{handover,onRequest}')::boolean, true) or not exists (
      select from public.engagement_settings s where s.tenant_id = v_tenant_id and s.agent_id = v_agent_id and s.handover) then
    return '{"status": "unavailable"}';
  end if;
  return v_entered || jsonb_build_object('state', service.hand_over(v_tenant_id, p_conversation_id, 'visitor'), 'hours', v_settings -> 'hours');
end $$;

-- A conversation goes to the people, because of p_reason (as in handovers). Returns the state that it is in then; one that waits or is
-- with somebody stays so.
create function service.hand_over(p_tenant_id uuid, p_conversation_id uuid, p_reason text) returns public.handover_state
language plpgsql volatile security definer set search_path = '' as $$
declare v_state public.handover_state;
begin
  insert into public.handovers as h (tenant_id, conversation_id, state, reason) values (p_tenant_id, p_conversation_id, 'waiting', p_reason)
    on conflict (tenant_id, conversation_id) do update set state = 'waiting', reason = excluded.reason, requested_at = clock_timestamp()
      where h.state in ('agent', 'closed')
    returning h.state into v_state;
  return coalesce(v_state, (select h.state from public.handovers h where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id));
end $$;

-- As the agent's rules say (a word that calls for a person, an answer that it does not know), where a person may be asked for at all.
create function service.hand_over_by_rule(p_tenant_id uuid, p_conversation_id uuid, p_reason text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  if not exists (select from public.conversations c
      join public.engagement_settings s on s.tenant_id = c.tenant_id and s.agent_id = c.agent_id and s.handover
      where c.tenant_id = p_tenant_id and c.id = p_conversation_id and c.channel = 'widget') then
    return false;
  end if;
  return service.hand_over(p_tenant_id, p_conversation_id, p_reason) = 'waiting';
end $$;

-- A visitor says how the conversation was; once. status: ok (also for the same words again), rated before with other ones, unavailable, or as
-- private.enter_conversation.
create function service.add_survey(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid,
  p_score integer, p_comment text, p_limits jsonb default null, p_is_identified boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_entered jsonb := private.enter_conversation(
    p_public_id, p_origin, p_app_origin, p_visitor_hash, p_address_hash, p_conversation_id, p_limits, p_is_identified);
  v_tenant_id uuid := (v_entered ->> 'tenantId')::uuid;
begin
  if v_entered ->> 'status' <> 'ok' then return v_entered; end if;
  if not exists (select from public.engagement_settings s
      where s.tenant_id = v_tenant_id and s.agent_id = (v_entered ->> 'agentId')::uuid and s.csat) then
    return '{"status": "unavailable"}';
  end if;
  insert into public.conversation_surveys (tenant_id, conversation_id, score, comment)
    values (v_tenant_id, p_conversation_id, p_score, p_comment) on conflict do nothing;
  if not exists (select from public.conversation_surveys s where s.tenant_id = v_tenant_id and s.conversation_id = p_conversation_id
      and s.score = p_score and s.comment = p_comment) then
    return '{"status": "rated"}';
  end if;
  return v_entered;
end $$;

-- Allows a visitor to put one file into Storage. At most 20 a conversation. status: ok with "id" and "path", unavailable, too_many, or as private.enter_conversation.
create function service.add_attachment(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_address_hash text, p_conversation_id uuid,
  p_name text, p_size_bytes bigint, p_limits jsonb default null, p_is_identified boolean default false)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_entered jsonb := private.enter_conversation(
    p_public_id, p_origin, p_app_origin, p_visitor_hash, p_address_hash, p_conversation_id, p_limits, p_is_identified);
  v_tenant_id uuid := (v_entered ->> 'tenantId')::uuid;
  v_file public.attachments;
begin
  if v_entered ->> 'status' <> 'ok' then return v_entered; end if;
  if not exists (select from public.engagement_settings s
      where s.tenant_id = v_tenant_id and s.agent_id = (v_entered ->> 'agentId')::uuid and s.attachments) then
    return '{"status": "unavailable"}';
  end if;
  perform from public.conversations c where c.tenant_id = v_tenant_id and c.id = p_conversation_id for no key update;
  if (select count(*) from public.attachments f where f.tenant_id = v_tenant_id and f.conversation_id = p_conversation_id) >= 20 then
    return '{"status": "too_many"}';
  end if;
  insert into public.attachments (tenant_id, conversation_id, name, size_bytes)
    values (v_tenant_id, p_conversation_id, p_name, p_size_bytes) returning * into v_file;
  return v_entered || jsonb_build_object('id', v_file.id, 'path', v_file.object_path);
end $$;

-- A file of this visitor that was allowed: {"status": "ok", "tenantId", "name", "path", "sizeBytes", "state", "type"}, or not_found.
create function service.attachment(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_conversation_id uuid, p_attachment_id uuid)
returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('status', 'ok', 'tenantId', f.tenant_id, 'name', f.name, 'path', f.object_path,
      'sizeBytes', f.size_bytes, 'state', f.state, 'type', f.media_type)
    from public.agents a
    join public.conversations c on c.tenant_id = a.tenant_id and c.agent_id = a.id
    join public.attachments f on f.tenant_id = c.tenant_id and f.conversation_id = c.id
    where a.public_id = p_public_id and c.visitor_hash = p_visitor_hash and c.id = p_conversation_id and f.id = p_attachment_id
      and (p_origin is not distinct from p_app_origin or private.origin_allowed(p_origin, a.allowed_domains))),
    '{"status": "not_found"}');
$$;

-- A file was looked at: p_media_type what it is, or null for one that is refused, which goes with its object.
create function service.settle_attachment(p_tenant_id uuid, p_attachment_id uuid, p_media_type text, p_size_bytes bigint) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare v_conversation_id uuid;
begin
  if p_media_type is null then
    delete from public.attachments f where f.tenant_id = p_tenant_id and f.id = p_attachment_id and f.state <> 'ready';
    return;
  end if;
  update public.attachments f set state = 'ready', media_type = p_media_type, size_bytes = p_size_bytes
    where f.tenant_id = p_tenant_id and f.id = p_attachment_id and f.state = 'allowed' returning f.conversation_id into v_conversation_id;
  if not found then return; end if;
  update public.conversations c set last_message_at = now() where c.tenant_id = p_tenant_id and c.id = v_conversation_id;
  perform private.nudge_members(p_tenant_id, v_conversation_id);
end $$;

-- With a file's row goes its object. An upload that may still be under way is waited for.
create function private.forget_attachment() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into private.dead_objects (path, due_at)
    values (old.object_path, case when old.state = 'allowed' then greatest(now(), old.created_at + interval '3 hours') else now() end)
    on conflict (path) do nothing;
  return null;
end $$;
create trigger forget_attachment after delete on public.attachments for each row execute function private.forget_attachment();

-- Ends what people forgot: conversations in which nobody wrote for so long go back to the agent with the next message, and files that never
-- came are removed. Returns how many conversations.
create function service.sweep_engagement(p_idle interval default '24 hours') returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare v_count integer;
begin
  delete from public.attachments f where f.id in (
    select u.id from public.attachments u where u.state = 'allowed' and u.created_at < now() - interval '24 hours' limit 200 for update skip locked);
  with idle as (
    update public.handovers h set state = 'closed'
    where (h.tenant_id, h.conversation_id) in (
      select i.tenant_id, i.conversation_id from public.handovers i
      where i.state = 'human' and i.updated_at < now() - p_idle limit 200 for update skip locked)
    returning 1)
  select count(*) into v_count from idle;
  return v_count;
end $$;

grant execute on function
  service.lead_form(text, text, text, text, text, uuid, jsonb, boolean),
  service.add_lead(uuid, uuid, text, text, text),
  service.leads_to_rekey(text[], integer),
  service.rekey_lead(uuid, uuid, text, text, text),
  service.request_handover(text, text, text, text, text, uuid, jsonb, boolean),
  service.hand_over(uuid, uuid, text),
  service.hand_over_by_rule(uuid, uuid, text),
  service.add_survey(text, text, text, text, text, uuid, integer, text, jsonb, boolean),
  service.add_attachment(text, text, text, text, text, uuid, text, bigint, jsonb, boolean),
  service.attachment(text, text, text, text, uuid, uuid),
  service.settle_attachment(uuid, uuid, text, bigint),
  service.sweep_engagement(interval)
to alonchat_service;

-- Conversations of visitors with agents, and what every answer and model call cost.

create type public.conversation_channel as enum ('widget', 'playground');
-- operator: a member who has taken the conversation over.
create type public.message_role as enum ('visitor', 'assistant', 'operator');
-- no_answer: the knowledge does not hold it, and the agent said so. stopped: the visitor stopped it.
create type public.message_status as enum ('streaming', 'complete', 'no_answer', 'stopped', 'failed');

create type public.rating_value as enum ('up', 'down');

create table public.conversations (
  -- Made by the visitor's browser, so that a first message can be sent again after a lost reply.
  id uuid primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  channel public.conversation_channel not null default 'widget',
  -- SHA-256 of the key that the visitor's browser keeps: who holds the key may read the conversation.
  visitor_hash text not null check (length(visitor_hash) = 64),
  origin_host text,
  created_at timestamptz not null default now(),
  last_message_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create index conversations_agent_idx on public.conversations (tenant_id, agent_id, last_message_at desc);

create table public.messages (
  id uuid primary key,
  tenant_id uuid not null,
  conversation_id uuid not null,
  role public.message_role not null,
  -- An answer names the question it belongs to; one answer a question.
  question_id uuid,
  -- An operator's name as the visitor sees it.
  author text check (length(author) between 1 and 60),
  content text not null default '' check (length(content) <= 40000),
  status public.message_status not null,
  confidence real,
  error_code text,
  -- Prompt id, model, timings, counts: numbers, no texts.
  details jsonb not null default '{}',
  -- What the answer says and the sources do not: [{"start", "end", "kind", "items"}], places in content.
  checks jsonb not null default '[]' check (jsonb_typeof(checks) = 'array'),
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  check ((role = 'assistant') = (question_id is not null))
);
create index messages_conversation_idx on public.messages (tenant_id, conversation_id, created_at);
create unique index messages_question_key on public.messages (tenant_id, question_id) where question_id is not null;
create index messages_streaming_idx on public.messages (created_at) where status = 'streaming';

create table public.citations (
  tenant_id uuid not null,
  message_id uuid not null,
  number integer not null check (number between 1 and 99),
  -- No foreign keys: a citation outlives the chunk, which the next crawl may replace.
  chunk_id uuid not null,
  page_id uuid not null,
  -- Null for what visitors cannot open: a file that is not public, a text.
  url text,
  title text not null,
  heading text not null default '',
  quote text not null default '',
  primary key (tenant_id, message_id, number),
  foreign key (tenant_id, message_id) references public.messages (tenant_id, id) on delete cascade
);

-- What a visitor thinks of an answer.
create table public.ratings (
  tenant_id uuid not null,
  message_id uuid not null,
  rating public.rating_value not null,
  reason text check (reason in ('wrong', 'incomplete', 'off_topic', 'other')),
  comment text check (length(comment) between 1 and 1000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, message_id),
  foreign key (tenant_id, message_id) references public.messages (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.ratings for each row execute function private.touch_updated_at();

-- Every call of a model, whoever made it. Money is integer millionths of a US dollar.
create table public.llm_calls (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  -- No foreign keys: what was spent stays known when the agent, run or message is deleted.
  agent_id uuid,
  run_id uuid,
  message_id uuid,
  step text not null,
  provider text not null,
  model text not null,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  cached_tokens integer not null default 0,
  -- True where the provider reported no usage and the tokens were counted here.
  estimated boolean not null default false,
  cost_micro_usd bigint not null default 0,
  latency_ms integer not null,
  first_token_ms integer,
  outcome text not null check (outcome in ('ok', 'error', 'aborted', 'timeout')),
  error_code text,
  created_at timestamptz not null default now()
);
create index llm_calls_tenant_idx on public.llm_calls (tenant_id, created_at desc);

-- Counters a month. reserved = answers under way: counted when they begin, settled when they end.
-- fillfactor: every answer of a tenant writes the same row anew. A page that counts as full early is cleaned early; else each look at the row
-- walks through a hundred dead versions of it.
create table public.usage_counters (
  tenant_id uuid not null references public.tenants (id) on delete cascade,
  month date not null check (month = date_trunc('month', month)::date),
  metric text not null,
  used bigint not null default 0,
  reserved bigint not null default 0 check (reserved >= 0),
  primary key (tenant_id, month, metric)
) with (fillfactor = 10);

-- Token buckets. Keys are hashes or ids, never addresses. Rows idle for an hour are swept.
create unlogged table private.rate_buckets (
  key text primary key,
  tokens real not null,
  updated_at timestamptz not null
) with (fillfactor = 50);
alter table private.rate_buckets enable row level security;
alter table private.rate_buckets force row level security;

alter table public.conversations enable row level security;
alter table public.conversations force row level security;
alter table public.messages enable row level security;
alter table public.messages force row level security;
alter table public.citations enable row level security;
alter table public.citations force row level security;
alter table public.ratings enable row level security;
alter table public.ratings force row level security;
alter table public.llm_calls enable row level security;
alter table public.llm_calls force row level security;
alter table public.usage_counters enable row level security;
alter table public.usage_counters force row level security;

grant select on public.conversations, public.messages, public.citations, public.ratings, public.llm_calls, public.usage_counters to authenticated;
create policy conversations_select_viewer on public.conversations for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy messages_select_viewer on public.messages for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy citations_select_viewer on public.citations for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy ratings_select_viewer on public.ratings for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy llm_calls_select_admin on public.llm_calls for select to authenticated using (tenant_id in (select private.tenant_ids('admin')));
create policy usage_counters_select_viewer on public.usage_counters for select to authenticated using (tenant_id in (select private.tenant_ids()));

-- Takes one token. Returns 0, or the milliseconds until there is one (and takes none).
create function private.take_token(p_key text, p_capacity real, p_per_second real)
returns integer language plpgsql volatile set search_path = '' as $$
declare v_tokens real;
begin
  insert into private.rate_buckets as b (key, tokens, updated_at) values (p_key, p_capacity - 1, clock_timestamp())
  on conflict (key) do update
    set tokens = least(p_capacity, b.tokens + p_per_second * extract(epoch from excluded.updated_at - b.updated_at)::real) - 1,
        updated_at = excluded.updated_at
    where least(p_capacity, b.tokens + p_per_second * extract(epoch from excluded.updated_at - b.updated_at)::real) >= 1
  returning b.tokens into v_tokens;
  if found then return 0; end if;
  select least(p_capacity, b.tokens + p_per_second * extract(epoch from clock_timestamp() - b.updated_at)::real)
    into v_tokens from private.rate_buckets b where b.key = p_key;
  return greatest(1, ceil((1 - coalesce(v_tokens, 0)) / p_per_second * 1000))::integer;
end $$;

-- Whether an Origin header ('https://shop.example:8443') may use an agent. Entries: host, host:port, *.host. No origin: no.
create function private.origin_allowed(p_origin text, p_allowed text[])
returns boolean language sql immutable set search_path = '' as $$
  with o as (
    select lower(regexp_replace(p_origin, '^https?://', '')) as host_port
    where p_origin ~ '^https?://[^/?#@\s]+$'),
  h as (select o.host_port, regexp_replace(o.host_port, ':[0-9]+$', '') as host from o)
  select coalesce((select bool_or(
      a.entry in (h.host, h.host_port)
      or (a.entry like '*.%' and right(h.host, length(a.entry) - 1) = substr(a.entry, 2)))
    from h, unnest(p_allowed) as a (entry)), false);
$$;

-- An answer with its citations as the widget's API shows it.
create function private.citations_json(p_tenant_id uuid, p_message_id uuid) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'number', c.number, 'url', c.url, 'title', c.title, 'heading', c.heading, 'quote', c.quote) order by c.number), '[]')
  from public.citations c where c.tenant_id = p_tenant_id and c.message_id = p_message_id;
$$;

-- What the widget needs to draw itself. status: ok | agent_unavailable | origin_not_allowed. p_app_origin is always allowed (previews).
create function service.widget_config(p_public_id text, p_origin text, p_app_origin text)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v_agent public.agents;
  v_settings jsonb;
begin
  select a.* into v_agent from public.agents a where a.public_id = p_public_id;
  if not found then return '{"status": "agent_unavailable"}'; end if;
  if p_origin is distinct from p_app_origin and not private.origin_allowed(p_origin, v_agent.allowed_domains) then
    return '{"status": "origin_not_allowed"}';
  end if;
  v_settings := private.answering_config(v_agent.tenant_id, v_agent.id) -> 'settings';
  return jsonb_build_object('status', 'ok', 'agentId', v_agent.public_id, 'name', v_agent.name,
    'welcomeMessage', v_settings -> 'welcomeMessage', 'suggestedQuestions', v_settings -> 'suggestedQuestions', 'hours', v_settings -> 'hours',
    'handoverOnRequest', coalesce((v_settings #>> '{handover,onRequest}')::boolean, true),
    'accentColor', v_agent.accent_color, 'language', v_agent.language) || (
    select jsonb_build_object('theme', s.theme, 'position', s.position, 'avatarPath', s.avatar_path, 'launcherText', s.launcher_text,
      'variables', s.variables, 'poweredBy', not (s.white_label and t.may_white_label),
      'consent', case when s.consent_text is not null then jsonb_build_object('text', s.consent_text, 'acceptLabel', s.consent_label) end,
      'challenge', s.challenge_mode = 'always' or s.challenge_mode = 'auto' and exists (
        select from private.alarms l where l.tenant_id = s.tenant_id and l.agent_id = s.agent_id and l.until_at > now()))
    from public.widget_settings s join public.tenants t on t.id = s.tenant_id
    where s.tenant_id = v_agent.tenant_id and s.agent_id = v_agent.id)
    || private.widget_parts(v_agent.tenant_id, v_agent.id);
end $$;

-- A conversation for the visitor who holds its key, or null. p_after: only what came after that message.
-- plpgsql, because a function that it calls is made by a later migration.
create function service.read_conversation(p_public_id text, p_visitor_hash text, p_conversation_id uuid, p_after uuid default null)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare v_after public.messages;
begin
  -- One that is not there (any more): all of it.
  select m.* into v_after from public.messages m where m.conversation_id = p_conversation_id and m.id = p_after;
  return (select private.conversation_parts(c.tenant_id, c.id) || jsonb_build_object('conversationId', c.id, 'messages', coalesce((
    select jsonb_agg(jsonb_build_object('id', m.id, 'role', m.role, 'text', m.content, 'status', m.status,
        'createdAt', m.created_at, 'author', m.author, 'citations', private.citations_json(m.tenant_id, m.id), 'checks', m.checks, 'cut', m.details -> 'cut',
        'rating', (select r.rating from public.ratings r where r.tenant_id = m.tenant_id and r.message_id = m.id)) order by m.created_at, m.id)
    from (select * from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
            and (v_after.id is null or (m.created_at, m.id) > (v_after.created_at, v_after.id))
          order by m.created_at desc, m.id desc limit 200) m), '[]'))
  from public.conversations c
  join public.agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
  where c.id = p_conversation_id and a.public_id = p_public_id and c.visitor_hash = p_visitor_hash);
end $$;

-- A visitor's message arrives: everything that has to be known or written before the answer, in one call.
--
-- p_limits {"visitorPerMinute", "addressPerMinute", "agentPerMinute", "unknownPerMinute", "challengeBits"} or null for none;
-- p_address_hash: of the network address, or null. p_is_identified: the visitor is a user whom the customer's server vouched for.
-- p_proof: the solved challenge. p_reserve_tokens: of an answer at most, without what the visitor said.
-- p_tenant_id only for the playground, where a member was authorised for that tenant; then no origin is asked.
-- Returns {"status": …}:
--   ok            tenantId, agentId, agent {…}, history [{role, text}] oldest first (without the new message)
--   replay        the same message came before and was answered: answerId, answerStatus, text, citations, checks, cut
--   in_progress   the same message came before and is being answered: answerId, unless both came this instant
--   operator      a member has the conversation: the message is kept for them, and the agent does not answer
--   rate_limited  retryAfterMs · quota_exceeded · agent_unavailable · origin_not_allowed · conversation_unavailable · version_unavailable
--   identity_required · challenge_required {challenge} · budget_exceeded retryAfterMs; see private.admit_visitor and private.count_answer
-- p_version_id only for the playground: the version to try; visitors are answered with the published one.
-- Nothing is written unless the status is ok. The rows that all answers of an agent share, and the tenant's quota, are locked last.
create function service.begin_turn(
  p_public_id text, p_origin text, p_app_origin text, p_tenant_id uuid, p_channel public.conversation_channel,
  p_visitor_hash text, p_address_hash text, p_conversation_id uuid, p_message_id uuid, p_answer_id uuid, p_text text,
  p_limits jsonb default null, p_history_limit integer default 8, p_is_identified boolean default false, p_proof jsonb default null,
  p_reserve_tokens bigint default 4000, p_version_id uuid default null)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_agent public.agents;
  v_conversation public.conversations;
  v_answer public.messages;
  v_wait_ms integer := 0;
  v_config jsonb;
  v_history jsonb;
  v_month date := date_trunc('month', now() at time zone 'utc')::date;
  v_limit integer;
  v_admission jsonb;
  v_refusal text;
  v_now timestamptz;
begin
  select a.* into v_agent from public.agents a
    where a.public_id = p_public_id and (p_channel = 'widget' or a.tenant_id = p_tenant_id);
  if not found then return '{"status": "agent_unavailable"}'; end if;
  if p_channel = 'widget' and p_origin is distinct from p_app_origin and not private.origin_allowed(p_origin, v_agent.allowed_domains) then
    return '{"status": "origin_not_allowed"}';
  end if;
  v_config := private.answering_config(v_agent.tenant_id, v_agent.id, case when p_channel = 'playground' then p_version_id end);
  if v_config is null then return '{"status": "version_unavailable"}'; end if;

  select c.* into v_conversation from public.conversations c where c.id = p_conversation_id;
  if found and (v_conversation.tenant_id, v_conversation.agent_id, v_conversation.visitor_hash, v_conversation.channel)
      is distinct from (v_agent.tenant_id, v_agent.id, p_visitor_hash, p_channel) then
    return '{"status": "conversation_unavailable"}';
  end if;

  select m.* into v_answer from public.messages m where m.tenant_id = v_agent.tenant_id and m.question_id = p_message_id;
  if found then
    if v_answer.conversation_id <> p_conversation_id then return '{"status": "conversation_unavailable"}'; end if;
    if v_answer.status = 'streaming' then return jsonb_build_object('status', 'in_progress', 'answerId', v_answer.id); end if;
    if v_answer.status <> 'failed' then
      return jsonb_build_object('status', 'replay', 'answerId', v_answer.id, 'answerStatus', v_answer.status,
        'text', v_answer.content, 'citations', private.citations_json(v_answer.tenant_id, v_answer.id), 'checks', v_answer.checks,
        'cut', v_answer.details -> 'cut');
    end if;
  end if;

  if p_limits is not null then
    v_wait_ms := private.take_token('visitor:' || v_agent.id || ':' || p_visitor_hash,
      (p_limits ->> 'visitorPerMinute')::real, ((p_limits ->> 'visitorPerMinute')::real / 60)::real);
    if v_wait_ms = 0 and p_address_hash is not null then
      v_wait_ms := private.take_token('address:' || v_agent.id || ':' || p_address_hash,
        (p_limits ->> 'addressPerMinute')::real, ((p_limits ->> 'addressPerMinute')::real / 60)::real);
    end if;
    if v_wait_ms > 0 then
      return jsonb_build_object('status', 'rate_limited', 'retryAfterMs', v_wait_ms);
    end if;
  end if;
  if p_channel = 'widget' then
    v_admission := private.admit_visitor(v_agent.tenant_id, v_agent.id, p_visitor_hash, p_is_identified, v_conversation.id is not null, p_limits, p_proof);
    if v_admission ->> 'status' <> 'ok' then return v_admission; end if;
  end if;

  if v_conversation.id is null then
    insert into public.conversations (id, tenant_id, agent_id, channel, visitor_hash, origin_host)
    values (p_conversation_id, v_agent.tenant_id, v_agent.id, p_channel, p_visitor_hash,
      regexp_replace(p_origin, '^https?://', ''))
    on conflict (id) do nothing;
    -- Two first messages at once: the loser is sent away and comes again.
    if not found then return '{"status": "in_progress"}'; end if;
    v_history := '[]';
  else
    update public.conversations c set last_message_at = now() where c.tenant_id = v_agent.tenant_id and c.id = p_conversation_id;
    if private.leave_for_operator(v_agent.tenant_id, p_conversation_id, p_message_id, p_text) then return '{"status": "operator"}'; end if;
    select coalesce(jsonb_agg(jsonb_build_object(
        'role', case h.role when 'visitor' then 'visitor' else 'assistant' end, 'text', h.content) order by h.created_at, h.id), '[]')
      into v_history
      from (select m.id, m.role, m.content, m.created_at from public.messages m
            where m.tenant_id = v_agent.tenant_id and m.conversation_id = p_conversation_id and m.id <> p_message_id
              and m.status in ('complete', 'no_answer', 'stopped') and m.content <> ''
            order by m.created_at desc, m.id desc limit p_history_limit) h;
  end if;

  if v_answer.id is not null then
    -- A failed answer is tried again under its question.
    delete from public.messages m where m.tenant_id = v_agent.tenant_id and m.id = v_answer.id;
  end if;
  v_now := clock_timestamp();
  -- An id that is taken by another message, of a turn that began this instant or of somebody else, is a unique_violation.
  insert into public.messages (id, tenant_id, conversation_id, role, question_id, content, status, created_at, finished_at)
  select w.* from (values
    (p_message_id, v_agent.tenant_id, p_conversation_id, 'visitor'::public.message_role, null::uuid, p_text, 'complete'::public.message_status,
      v_now, v_now),
    -- After its question, wherever they stand in one order.
    (p_answer_id, v_agent.tenant_id, p_conversation_id, 'assistant', p_message_id, '', 'streaming', v_now + interval '1 microsecond', null))
    as w (id, tenant_id, conversation_id, role)
  where v_answer.id is null or w.role = 'assistant';

  if p_channel = 'widget' then
    v_refusal := private.count_answer(v_agent.tenant_id, v_agent.id, p_answer_id, v_admission, p_limits,
      p_reserve_tokens + (length(p_text) + length(v_config #>> '{settings,instructions}') + length(v_history::text)) / 3);
    if v_refusal is not null then raise exception using errcode = 'ALQ02', message = 'refused', detail = v_refusal; end if;
  end if;

  select t.monthly_message_limit into v_limit from public.tenants t where t.id = v_agent.tenant_id;
  insert into public.usage_counters as u (tenant_id, month, metric, reserved) values (v_agent.tenant_id, v_month, 'answers', 1)
  on conflict (tenant_id, month, metric) do update set reserved = u.reserved + 1
    where v_limit is null or u.used + u.reserved < v_limit;
  -- Undoes the writes above: an exception is the only way to do so inside one call.
  if not found then raise exception using errcode = 'ALQ01', message = 'quota exceeded'; end if;

  return jsonb_build_object('status', 'ok', 'tenantId', v_agent.tenant_id, 'agentId', v_agent.id, 'history', v_history,
    'agent', v_config);
exception
  when sqlstate 'ALQ01' then return '{"status": "quota_exceeded"}';
  when sqlstate 'ALQ02' then
    get stacked diagnostics v_refusal = pg_exception_detail;
    return v_refusal;
  when unique_violation then return '{"status": "in_progress"}';
end $$;

-- Model calls to rows. p_calls: [{"tenantId", "agentId", "runId", "messageId", "step", "provider", "model", "inputTokens", …}].
create function service.record_llm_calls(p_calls jsonb) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into public.llm_calls (tenant_id, agent_id, run_id, message_id, step, provider, model, input_tokens, output_tokens,
    cached_tokens, estimated, cost_micro_usd, latency_ms, first_token_ms, outcome, error_code)
  select c."tenantId", c."agentId", c."runId", c."messageId", c.step, c.provider, c.model, coalesce(c."inputTokens", 0),
    coalesce(c."outputTokens", 0), coalesce(c."cachedTokens", 0), coalesce(c.estimated, false), coalesce(c."costMicroUsd", 0),
    c."latencyMs", c."firstTokenMs", c.outcome, c."errorCode"
  from jsonb_to_recordset(p_calls) as c ("tenantId" uuid, "agentId" uuid, "runId" uuid, "messageId" uuid, step text,
    provider text, model text, "inputTokens" integer, "outputTokens" integer, "cachedTokens" integer, estimated boolean,
    "costMicroUsd" bigint, "latencyMs" integer, "firstTokenMs" integer, outcome text, "errorCode" text)
  -- A tenant that was deleted meanwhile has no bill.
  where exists (select from public.tenants t where t.id = c."tenantId");
end $$;

-- An answer ends: text, citations, model calls, and the reserved quota settled. False when it had ended before: nothing is billed twice.
-- p_citations: [{"number", "chunkId", "pageId", "url", "title", "heading", "quote"}]. A failed answer is not counted as used.
create function service.finish_turn(
  p_tenant_id uuid, p_answer_id uuid, p_status public.message_status, p_text text, p_confidence real default null,
  p_error_code text default null, p_citations jsonb default '[]', p_calls jsonb default '[]', p_details jsonb default '{}',
  p_checks jsonb default '[]')
returns boolean language plpgsql volatile security definer set search_path = '' as $$
declare v_created_at timestamptz;
begin
  if p_status = 'streaming' then raise exception using errcode = 'check_violation', message = 'a finished turn cannot be streaming'; end if;
  update public.messages m
    set status = p_status, content = p_text, confidence = p_confidence, error_code = p_error_code, details = p_details, checks = p_checks,
        finished_at = clock_timestamp()
    -- As text: the index of all that are streaming is no way to one of them, and a planner without statistics takes it for one.
    where m.tenant_id = p_tenant_id and m.id = p_answer_id and m.status::text = 'streaming'
    returning m.created_at into v_created_at;
  if not found then
    perform service.record_llm_calls(p_calls);
    return false;
  end if;
  delete from private.running_answers r where r.tenant_id = p_tenant_id and r.answer_id = p_answer_id;
  insert into public.citations (tenant_id, message_id, number, chunk_id, page_id, url, title, heading, quote)
    select p_tenant_id, p_answer_id, c.number, c."chunkId", c."pageId", c.url, c.title, coalesce(c.heading, ''), coalesce(c.quote, '')
    from jsonb_to_recordset(p_citations) as c (number integer, "chunkId" uuid, "pageId" uuid, url text, title text, heading text, quote text);
  perform service.record_llm_calls(p_calls);
  perform private.settle_tokens(p_tenant_id, p_answer_id, p_calls);
  update public.usage_counters u
    set reserved = greatest(u.reserved - 1, 0), used = u.used + case when p_status = 'failed' then 0 else 1 end
    where u.tenant_id = p_tenant_id and u.metric = 'answers'
      and u.month = date_trunc('month', v_created_at at time zone 'utc')::date;
  return true;
end $$;

grant execute on function
  service.widget_config(text, text, text),
  service.read_conversation(text, text, uuid, uuid),
  service.begin_turn(text, text, text, uuid, public.conversation_channel, text, text, uuid, uuid, uuid, text, jsonb, integer, boolean, jsonb, bigint, uuid),
  service.record_llm_calls(jsonb),
  service.finish_turn(uuid, uuid, public.message_status, text, real, text, jsonb, jsonb, jsonb, jsonb)
to alonchat_service;

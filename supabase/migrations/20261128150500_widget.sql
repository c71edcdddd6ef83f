-- The widget on customers' pages: how it looks, who may use it, what it costs at most, and how attacks are met.

-- One row an agent, made with it. Not versioned: looks and protection hold for every version of the agent.
create table public.widget_settings (
  tenant_id uuid not null,
  agent_id uuid not null,
  theme text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
  position text not null default 'right' check (position in ('left', 'right')),
  -- In the private bucket, '<tenant>/avatars/<agent>/<sha256>.<type>'; shown through the widget's API.
  avatar_path text check (length(avatar_path) <= 200 and avatar_path like tenant_id::text || '/avatars/' || agent_id::text || '/%'),
  -- Beside the bubble's icon; empty: the icon alone.
  launcher_text text not null default '' check (length(launcher_text) <= 40),
  -- CSS variables of the widget, {"radius": "4px"}; names and values are validated by Zod where they are written and where they are read.
  variables jsonb not null default '{}' check (jsonb_typeof(variables) = 'object' and pg_column_size(variables) <= 4000),
  -- Wished for; it holds while tenants.may_white_label.
  white_label boolean not null default false,
  -- Asked before anything is stored; null: not asked.
  consent_text text check (length(consent_text) between 1 and 1000),
  consent_label text not null default '' check (length(consent_label) <= 40),
  -- Only users whom the customer's server vouches for.
  identity_required boolean not null default false,
  -- Work that browsers of unknown visitors do before their first question: never, under attack, always.
  challenge_mode text not null default 'auto' check (challenge_mode in ('off', 'auto', 'always')),
  -- Tokens of models that visitors may use up in a day (UTC); null: no limit.
  daily_token_budget bigint check (daily_token_budget between 1000 and 1000000000000),
  -- The page /chat/<public id>.
  share_enabled boolean not null default true,
  share_indexed boolean not null default false,
  share_title text not null default '' check (length(share_title) <= 120),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, agent_id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.widget_settings for each row execute function private.touch_updated_at();

create function private.add_widget_settings() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into public.widget_settings (tenant_id, agent_id) values (new.tenant_id, new.id);
  return null;
end $$;
create trigger add_widget_settings after insert on public.agents for each row execute function private.add_widget_settings();
insert into public.widget_settings (tenant_id, agent_id) select a.tenant_id, a.id from public.agents a;

-- A picture that is no longer shown leaves Storage with the next sweep, but not at once: pages may hold the older configuration.
create function private.forget_avatar() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into private.dead_objects (path, due_at) values (old.avatar_path, now() + interval '1 day') on conflict (path) do nothing;
  return null;
end $$;
create trigger forget_avatar_update after update of avatar_path on public.widget_settings for each row
  when (old.avatar_path is not null and old.avatar_path is distinct from new.avatar_path) execute function private.forget_avatar();
create trigger forget_avatar_delete after delete on public.widget_settings for each row
  when (old.avatar_path is not null) execute function private.forget_avatar();
-- The same picture chosen again is kept.
create function private.keep_avatar() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from private.dead_objects d where d.path = new.avatar_path;
  return null;
end $$;
create trigger keep_avatar after update of avatar_path on public.widget_settings for each row
  when (new.avatar_path is not null) execute function private.keep_avatar();

-- Keys with which a customer's server vouches for its users. The secret is sealed by the app (context 'identity_keys:<id>').
create table public.identity_keys (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  sealed text not null check (length(sealed) between 20 and 400),
  -- The last characters of the secret: enough to tell keys apart.
  hint text not null check (length(hint) between 1 and 8),
  -- Set when another took its place: it holds until then.
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create index identity_keys_agent_idx on public.identity_keys (tenant_id, agent_id);

-- Tokens that visitors of an agent used up on a day, while it has a budget.
create table public.token_days (
  tenant_id uuid not null,
  agent_id uuid not null,
  day date not null,
  used bigint not null default 0 check (used >= 0),
  primary key (tenant_id, agent_id, day),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
) with (fillfactor = 10);

-- What answers under way may still use up. There is no running sum: what is reserved is what these rows say, so that it cannot drift.
create table private.token_reservations (
  tenant_id uuid not null,
  answer_id uuid not null,
  agent_id uuid not null,
  day date not null,
  tokens bigint not null check (tokens > 0),
  primary key (tenant_id, answer_id),
  foreign key (tenant_id, answer_id) references public.messages (tenant_id, id) on delete cascade
);
create index token_reservations_agent_idx on private.token_reservations (tenant_id, agent_id, day);
alter table private.token_reservations enable row level security;
alter table private.token_reservations force row level security;

-- Hosts whose pages asked for the widget, written at most once an hour a host.
create table public.widget_sightings (
  tenant_id uuid not null,
  agent_id uuid not null,
  host text not null check (length(host) between 1 and 255),
  -- Whether it was among the allowed domains then.
  allowed boolean not null,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  primary key (tenant_id, agent_id, host),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);

-- That somebody's data was erased, and how much of it; nothing of who it was.
create table public.visitor_erasures (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  conversations integer not null,
  messages integer not null,
  -- Asked for by a user whom the customer's server vouched for.
  identified boolean not null,
  erased_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create index visitor_erasures_agent_idx on public.visitor_erasures (tenant_id, agent_id, erased_at desc);

create index conversations_visitor_idx on public.conversations (tenant_id, agent_id, visitor_hash, last_message_at desc);

-- Agents that are met by too many unknown visitors, and until when their browsers have to work.
create unlogged table private.alarms (
  tenant_id uuid not null,
  agent_id uuid primary key,
  until_at timestamptz not null
);
alter table private.alarms enable row level security;
alter table private.alarms force row level security;

-- Salts of challenges that were solved and used: kept until they expire, so that no work counts twice.
create table private.used_salts (
  salt text primary key,
  expires_at timestamptz not null
);
create index used_salts_expires_idx on private.used_salts (expires_at);
alter table private.used_salts enable row level security;
alter table private.used_salts force row level security;

-- What challenges are signed with, as HMAC has it: two keys of a whole block, here independent ones. Never leaves the database.
create table private.challenge_keys (
  id boolean primary key default true check (id),
  inner_key bytea not null check (length(inner_key) = 64),
  outer_key bytea not null check (length(outer_key) = 64)
);
alter table private.challenge_keys enable row level security;
alter table private.challenge_keys force row level security;
insert into private.challenge_keys (inner_key, outer_key)
  select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

alter table public.widget_settings enable row level security;
alter table public.widget_settings force row level security;
alter table public.identity_keys enable row level security;
alter table public.identity_keys force row level security;
alter table public.token_days enable row level security;
alter table public.token_days force row level security;
alter table public.widget_sightings enable row level security;
alter table public.widget_sightings force row level security;
alter table public.visitor_erasures enable row level security;
alter table public.visitor_erasures force row level security;

grant select on public.widget_settings, public.identity_keys, public.token_days, public.widget_sightings, public.visitor_erasures to authenticated;
grant update (theme, position, avatar_path, launcher_text, variables, white_label, consent_text, consent_label, identity_required, challenge_mode,
  daily_token_budget, share_enabled, share_indexed, share_title) on public.widget_settings to authenticated;
grant insert (id, tenant_id, agent_id, sealed, hint), update (expires_at), delete on public.identity_keys to authenticated;

create policy widget_settings_select_viewer on public.widget_settings for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy widget_settings_update_admin on public.widget_settings for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy identity_keys_select_admin on public.identity_keys for select to authenticated using (tenant_id in (select private.tenant_ids('admin')));
create policy identity_keys_insert_admin on public.identity_keys for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy identity_keys_update_admin on public.identity_keys for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy identity_keys_delete_admin on public.identity_keys for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));
create policy token_days_select_viewer on public.token_days for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy widget_sightings_select_viewer on public.widget_sightings for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy visitor_erasures_select_admin on public.visitor_erasures for select to authenticated using (tenant_id in (select private.tenant_ids('admin')));

-- The signature of a challenge, in hex. What is signed names the agent: work done for one counts for no other.
create function private.sign_challenge(p_agent_id uuid, p_salt text, p_bits integer, p_expires_ms bigint)
returns text language sql stable set search_path = '' as $$
  select encode(sha256(k.outer_key || sha256(k.inner_key || convert_to(concat_ws('|', p_agent_id, p_salt, p_bits, p_expires_ms), 'UTF8'))), 'hex')
  from private.challenge_keys k;
$$;

-- A challenge for five minutes. p_bits: leading zero bits that SHA-256(salt:n) must have; each doubles the work.
create function private.new_challenge(p_agent_id uuid, p_bits integer) returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_salt text := encode(uuid_send(gen_random_uuid()), 'hex');
  v_expires_ms bigint := floor(extract(epoch from clock_timestamp() + interval '5 minutes') * 1000);
begin
  return jsonb_build_object('salt', v_salt, 'difficultyBits', p_bits, 'expiresAt', v_expires_ms,
    'signature', private.sign_challenge(p_agent_id, v_salt, p_bits, v_expires_ms));
end $$;

-- Whether a proof {"salt", "n", "expiresAt", "signature"} answers a challenge of this agent; its salt is used up with that.
create function private.use_proof(p_agent_id uuid, p_proof jsonb, p_bits integer) returns boolean language plpgsql volatile set search_path = '' as $$
declare
  v_salt text := p_proof ->> 'salt';
  v_expires_ms bigint := (p_proof ->> 'expiresAt')::bigint;
  v_digest text := encode(sha256(convert_to(v_salt || ':' || (p_proof ->> 'n'), 'UTF8')), 'hex');
begin
  if v_salt is null or v_digest is null or v_expires_ms is null
    or v_expires_ms <= extract(epoch from clock_timestamp()) * 1000
    or p_proof ->> 'signature' is distinct from private.sign_challenge(p_agent_id, v_salt, p_bits, v_expires_ms)
    or ('x' || left(v_digest, 8))::bit(32)::bigint >> (32 - p_bits) <> 0 then
    return false;
  end if;
  insert into private.used_salts (salt, expires_at) values (v_salt, to_timestamp(v_expires_ms / 1000.0)) on conflict (salt) do nothing;
  return found;
end $$;

-- An unknown visitor asks: above p_per_minute of them (null: however many) the agent's alarm goes on, or on for longer, for ten minutes.
create function private.note_unknown_visitor(p_tenant_id uuid, p_agent_id uuid, p_per_minute real) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if p_per_minute is null or private.take_token('unknown:' || p_agent_id, p_per_minute, (p_per_minute / 60)::real) = 0 then return; end if;
  insert into private.alarms as a (tenant_id, agent_id, until_at) values (p_tenant_id, p_agent_id, now() + interval '10 minutes')
  on conflict (agent_id) do update set until_at = excluded.until_at where a.until_at < excluded.until_at - interval '1 minute';
end $$;

-- Whether a visitor may ask at all; part of begin_turn, after the visitor's own limits and before anything is written.
-- p_is_known: the conversation is one of theirs. Returns {"status": "ok", "isUnknown", "budget"} or a refusal for begin_turn to return:
-- identity_required · challenge_required {challenge}.
create function private.admit_visitor(
  p_tenant_id uuid, p_agent_id uuid, p_visitor_hash text, p_is_identified boolean, p_is_known boolean, p_limits jsonb, p_proof jsonb)
returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_settings record;
  v_unknown boolean;
  v_bits integer := coalesce((p_limits ->> 'challengeBits')::integer, 16);
begin
  select s.identity_required, s.challenge_mode, s.daily_token_budget into v_settings
    from public.widget_settings s where s.tenant_id = p_tenant_id and s.agent_id = p_agent_id;
  if v_settings.identity_required and not p_is_identified then return '{"status": "identity_required"}'; end if;
  v_unknown := v_settings.challenge_mode <> 'off' and not p_is_identified and not p_is_known and not exists (
    select from public.conversations c where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and c.visitor_hash = p_visitor_hash);
  if v_unknown and (v_settings.challenge_mode = 'always' or p_limits is not null and exists (
      select from private.alarms a where a.tenant_id = p_tenant_id and a.agent_id = p_agent_id and a.until_at > now()))
    and not coalesce(private.use_proof(p_agent_id, p_proof, v_bits), false) then
    perform private.note_unknown_visitor(p_tenant_id, p_agent_id, (p_limits ->> 'unknownPerMinute')::real);
    return jsonb_build_object('status', 'challenge_required', 'challenge', private.new_challenge(p_agent_id, v_bits));
  end if;
  return jsonb_build_object('status', 'ok', 'isUnknown', v_unknown, 'budget', v_settings.daily_token_budget);
end $$;

-- Counts an answer that begins against what all visitors of the agent share; part of begin_turn, late, because these rows are contended.
-- p_tokens: what the answer may use up at most, as far as can be told before. Returns null, or a refusal after which begin_turn undoes what
-- it wrote: rate_limited {retryAfterMs} · budget_exceeded {retryAfterMs} until the next day.
create function private.count_answer(
  p_tenant_id uuid, p_agent_id uuid, p_answer_id uuid, p_admission jsonb, p_limits jsonb, p_tokens bigint)
returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_wait_ms integer;
  v_day date := (now() at time zone 'utc')::date;
  v_budget bigint := (p_admission ->> 'budget')::bigint;
  v_used bigint;
begin
  if p_limits ? 'agentPerMinute' then
    v_wait_ms := private.take_token('agent:' || p_agent_id, (p_limits ->> 'agentPerMinute')::real, ((p_limits ->> 'agentPerMinute')::real / 60)::real);
    if v_wait_ms > 0 then return jsonb_build_object('status', 'rate_limited', 'retryAfterMs', v_wait_ms); end if;
  end if;
  if (p_admission ->> 'isUnknown')::boolean then
    perform private.note_unknown_visitor(p_tenant_id, p_agent_id, (p_limits ->> 'unknownPerMinute')::real);
  end if;
  if v_budget is null then return null; end if;
  -- Writes nothing new and locks the day: those who ask at once are counted one after the other.
  insert into public.token_days as d (tenant_id, agent_id, day) values (p_tenant_id, p_agent_id, v_day)
    on conflict (tenant_id, agent_id, day) do update set used = d.used returning d.used into v_used;
  if v_used + p_tokens + coalesce((select sum(r.tokens) from private.token_reservations r
      where r.tenant_id = p_tenant_id and r.agent_id = p_agent_id and r.day = v_day), 0) > v_budget then
    return jsonb_build_object('status', 'budget_exceeded',
      'retryAfterMs', ceil(extract(epoch from (v_day + 1)::timestamp at time zone 'utc' - now()) * 1000)::bigint);
  end if;
  insert into private.token_reservations (tenant_id, answer_id, agent_id, day, tokens) values (p_tenant_id, p_answer_id, p_agent_id, v_day, p_tokens);
  return null;
end $$;

-- An answer has ended: its reservation becomes what its calls used up. Once: the reservation is gone with it.
create function private.settle_tokens(p_tenant_id uuid, p_answer_id uuid, p_calls jsonb) returns void language plpgsql volatile set search_path = '' as $$
begin
  with settled as (
    delete from private.token_reservations r where r.tenant_id = p_tenant_id and r.answer_id = p_answer_id returning r.agent_id, r.day)
  update public.token_days d set used = d.used + (
      select coalesce(sum(greatest(coalesce(c."inputTokens", 0), 0) + greatest(coalesce(c."outputTokens", 0), 0)), 0)
      from jsonb_to_recordset(p_calls) as c ("inputTokens" bigint, "outputTokens" bigint))
    from settled s where d.tenant_id = p_tenant_id and d.agent_id = s.agent_id and d.day = s.day;
end $$;

-- Forgets what has run out; part of sweep_turns.
create function private.sweep_widget() returns void language sql volatile set search_path = '' as $$
  delete from private.used_salts s where s.expires_at < now();
  delete from private.alarms a where a.until_at < now();
  delete from public.identity_keys k where k.expires_at < now() - interval '7 days';
  delete from public.widget_sightings w where w.last_seen_at < now() - interval '90 days';
  delete from public.token_days d where d.day < (now() at time zone 'utc')::date - 90;
$$;

-- What is needed to verify a user of an agent: {"tenantId", "agentId", "keys": [{"id", "sealed"}]}, or null for no such agent.
create function service.identity_keys(p_public_id text) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('tenantId', a.tenant_id, 'agentId', a.id, 'keys', (
    select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'sealed', k.sealed) order by k.id desc), '[]')
    from public.identity_keys k where k.tenant_id = a.tenant_id and k.agent_id = a.id and (k.expires_at is null or k.expires_at > now())))
  from public.agents a where a.public_id = p_public_id;
$$;

-- A visitor turned out to be a user: what they said before in this browser is the user's from now on. Returns how many conversations.
create function service.claim_conversations(p_tenant_id uuid, p_agent_id uuid, p_user_hash text, p_visitor_hash text)
returns integer language plpgsql volatile security definer set search_path = '' as $$
declare v_count integer;
begin
  update public.conversations c set visitor_hash = p_user_hash
    where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and c.visitor_hash = p_visitor_hash and c.channel = 'widget';
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- A visitor's conversations with an agent, newest first, at most 50: [{"id", "title", "lastMessageAt", "preview"}]. The title is their
-- first question, the preview what was said last; both cut.
create function service.list_visitor_conversations(p_public_id text, p_visitor_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'title', left(first.content, 120), 'lastMessageAt', c.last_message_at,
    'preview', left(last.content, 200)) order by c.last_message_at desc, c.id), '[]')
  from public.agents a
  cross join lateral (select c.* from public.conversations c
    where c.tenant_id = a.tenant_id and c.agent_id = a.id and c.visitor_hash = p_visitor_hash and c.channel = 'widget'
    order by c.last_message_at desc limit 50) c
  cross join lateral (select m.content from public.messages m
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'visitor' order by m.created_at, m.id limit 1) first
  cross join lateral (select m.content from public.messages m
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.content <> '' order by m.created_at desc, m.id desc limit 1) last
  where a.public_id = p_public_id;
$$;

-- Erases all that an agent keeps of a visitor: conversations with everything below them, and what limits remember. Objects in Storage
-- follow through private.dead_objects. False: no such agent.
create function service.erase_visitor(p_public_id text, p_visitor_hashes text[], p_is_identified boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_agent public.agents;
  v_messages integer;
  v_conversations integer;
begin
  select a.* into v_agent from public.agents a where a.public_id = p_public_id;
  if not found then return false; end if;
  select count(*) into v_messages from public.messages m
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where c.tenant_id = v_agent.tenant_id and c.agent_id = v_agent.id and c.visitor_hash = any (p_visitor_hashes) and c.channel = 'widget';
  delete from public.conversations c
    where c.tenant_id = v_agent.tenant_id and c.agent_id = v_agent.id and c.visitor_hash = any (p_visitor_hashes) and c.channel = 'widget';
  get diagnostics v_conversations = row_count;
  if v_conversations > 0 then
    insert into public.visitor_erasures (tenant_id, agent_id, conversations, messages, identified)
    values (v_agent.tenant_id, v_agent.id, v_conversations, v_messages, p_is_identified);
  end if;
  return true;
end $$;

-- A page asked for the widget. Told about every now and then by each process; written at most once an hour, and 100 hosts an agent at most.
create function service.record_sighting(p_public_id text, p_host text, p_allowed boolean) returns void
language sql volatile security definer set search_path = '' as $$
  insert into public.widget_sightings as w (tenant_id, agent_id, host, allowed)
    select a.tenant_id, a.id, lower(p_host), p_allowed from public.agents a
    where a.public_id = p_public_id and length(p_host) between 1 and 255
      and (exists (select from public.widget_sightings w where w.tenant_id = a.tenant_id and w.agent_id = a.id and w.host = lower(p_host))
        or (select count(*) from public.widget_sightings w where w.tenant_id = a.tenant_id and w.agent_id = a.id) < 100)
  on conflict (tenant_id, agent_id, host) do update set last_seen_at = now(), allowed = excluded.allowed
    where w.last_seen_at < now() - interval '1 hour' or w.allowed <> excluded.allowed;
$$;

-- A member checks a page: ten a minute a workspace. Returns 0, or the milliseconds until the next may begin.
create function service.begin_install_check(p_tenant_id uuid) returns integer language sql volatile security definer set search_path = '' as $$
  select private.take_token('install-check:' || p_tenant_id, 10::real, (10 / 60.0)::real);
$$;

-- What pages around the widget need (/chat, /embed) and where the picture lies; null: no such agent.
create function service.widget_page(p_public_id text) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', a.name, 'language', a.language, 'accentColor', a.accent_color, 'allowedDomains', to_jsonb(a.allowed_domains),
    'isShared', s.share_enabled, 'isIndexed', s.share_indexed, 'title', s.share_title, 'theme', s.theme, 'avatarPath', s.avatar_path,
    'isWhiteLabel', s.white_label and t.may_white_label)
  from public.agents a
  join public.widget_settings s on s.tenant_id = a.tenant_id and s.agent_id = a.id
  join public.tenants t on t.id = a.tenant_id
  where a.public_id = p_public_id;
$$;

grant execute on function
  service.identity_keys(text),
  service.claim_conversations(uuid, uuid, text, text),
  service.list_visitor_conversations(text, text),
  service.erase_visitor(text, text[], boolean),
  service.record_sighting(text, text, boolean),
  service.begin_install_check(uuid),
  service.widget_page(text)
to alonchat_service;

-- Answers under way, so that another process can read on or stop what one of them is writing.

-- What an answer says so far. Unlogged: it is worth seconds, `messages` holds what lasts, and a reader finds the rest there. Written a few
-- times a second by the process that makes the answer, after its first second; gone with finish_turn.
create unlogged table private.running_answers (
  tenant_id uuid not null,
  answer_id uuid primary key,
  text text not null default '',
  -- Of the text, in UTF-16 units, as the writer counts: a piece goes in where the one before ended, and nowhere else.
  length integer not null default 0,
  checks jsonb not null default '[]',
  -- The process that makes the answer lives. Without it the sweep ends the answer.
  beat_at timestamptz not null default now(),
  stop_asked_at timestamptz,
  foreign key (tenant_id, answer_id) references public.messages (tenant_id, id) on delete cascade
) with (fillfactor = 50);
create index running_answers_message_idx on private.running_answers (tenant_id, answer_id);
create index running_answers_stop_idx on private.running_answers (answer_id) where stop_asked_at is not null;
alter table private.running_answers enable row level security;
alter table private.running_answers force row level security;

-- What the answers of one process said since the last call, for all of them at once.
--
-- p_pieces: [{"tenantId", "answerId", "at", "length", "text", "checks"}]: text stands at `at`, after it the answer has `length`; 0 means that it
-- is the whole text. checks null: as before. A piece without text is a sign of life. p_open: every answer that the process is making.
-- Returns {"stop": those of p_open that a visitor wants stopped, "resend": those that are not known up to `at`, to be sent whole}.
create function service.append_running_answers(p_pieces jsonb, p_open uuid[])
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare v_resend jsonb;
begin
  with piece as (
    select * from jsonb_to_recordset(p_pieces)
      as p ("tenantId" uuid, "answerId" uuid, at integer, length integer, text text, checks jsonb)),
  known as (
    update private.running_answers r
      set text = case when p.at = 0 then p.text else r.text || p.text end, length = p.length,
          checks = coalesce(p.checks, r.checks), beat_at = clock_timestamp()
      from piece p
      where r.tenant_id = p."tenantId" and r.answer_id = p."answerId" and p.at in (0, r.length)
      returning r.answer_id),
  fresh as (
    insert into private.running_answers (tenant_id, answer_id, text, length, checks)
      select m.tenant_id, m.id, p.text, p.length, coalesce(p.checks, '[]')
      from piece p join public.messages m on m.tenant_id = p."tenantId" and m.id = p."answerId" and m.status = 'streaming'
      where p.at = 0 and not exists (
        select from private.running_answers r where r.tenant_id = p."tenantId" and r.answer_id = p."answerId")
      on conflict do nothing)
  select coalesce(jsonb_agg(p."answerId"), '[]') into v_resend from piece p
    where p.at > 0 and not exists (select from known k where k.answer_id = p."answerId");
  return jsonb_build_object('resend', v_resend, 'stop', coalesce((
    select jsonb_agg(r.answer_id) from private.running_answers r
    where r.stop_asked_at is not null and r.answer_id = any (p_open)), '[]'));
end $$;

-- An answer that the visitor with this key may read, or null. An origin that may not use the agent may not read it either.
create function private.answer_of(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_answer_id uuid)
returns public.messages language sql stable set search_path = '' as $$
  select m.* from public.agents a
    join public.messages m on m.tenant_id = a.tenant_id and m.id = p_answer_id and m.role = 'assistant'
    join public.conversations c on c.tenant_id = a.tenant_id and c.id = m.conversation_id and c.agent_id = a.id
  where a.public_id = p_public_id and c.channel = 'widget' and c.visitor_hash = p_visitor_hash
    and (p_origin is not distinct from p_app_origin or private.origin_allowed(p_origin, a.allowed_domains));
$$;

-- An answer as it stands, under way or ended, for the visitor who holds the key of its conversation; null for everybody else.
-- {"tenantId", "answerId", "messageId", "conversationId", "status", "text", "checks", "citations", "errorCode", "cut"}
create function service.read_answer(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_answer_id uuid)
returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('tenantId', m.tenant_id, 'answerId', m.id, 'messageId', m.question_id, 'conversationId', m.conversation_id,
    'status', m.status, 'text', case when m.status = 'streaming' then coalesce(r.text, '') else m.content end,
    'checks', case when m.status = 'streaming' then coalesce(r.checks, '[]') else m.checks end,
    'citations', private.citations_json(m.tenant_id, m.id), 'errorCode', m.error_code, 'cut', m.details -> 'cut')
  from private.answer_of(p_public_id, p_origin, p_app_origin, p_visitor_hash, p_answer_id) m
  left join private.running_answers r on r.tenant_id = m.tenant_id and r.answer_id = m.id
  where m.id is not null;
$$;

-- The visitor who holds the key wants no more of an answer. The process that makes it hears of it with its next piece.
-- False when there is no such answer for that visitor; true as well when it has ended.
create function service.stop_answer(
  p_public_id text, p_origin text, p_app_origin text, p_visitor_hash text, p_answer_id uuid)
returns boolean language plpgsql volatile security definer set search_path = '' as $$
declare v_answer public.messages := private.answer_of(p_public_id, p_origin, p_app_origin, p_visitor_hash, p_answer_id);
begin
  if v_answer.id is null then return false; end if;
  if v_answer.status = 'streaming' then
    insert into private.running_answers as r (tenant_id, answer_id, stop_asked_at)
      values (v_answer.tenant_id, v_answer.id, clock_timestamp())
      on conflict (answer_id) do update set stop_asked_at = clock_timestamp()
        where r.tenant_id = excluded.tenant_id and r.stop_asked_at is null;
  end if;
  return true;
end $$;

-- Answers whose process died: ended, with what they said, as stopped where the visitor wanted that, else as failed. Their quota is given
-- back as finish_turn does. Also forgets idle rate buckets. Returns how many answers.
-- p_older_than: since the last sign of life of the process.
create function service.sweep_turns(p_older_than interval default '1 minute') returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_turn record;
  v_count integer := 0;
begin
  for v_turn in select m.tenant_id, m.id, coalesce(r.text, '') as text, coalesce(r.checks, '[]') as checks, r.stop_asked_at
      from public.messages m
      left join private.running_answers r on r.tenant_id = m.tenant_id and r.answer_id = m.id
      where m.status = 'streaming' and m.created_at < now() - p_older_than and coalesce(r.beat_at, m.created_at) < now() - p_older_than
      limit 500 loop
    if service.finish_turn(v_turn.tenant_id, v_turn.id,
        case when v_turn.stop_asked_at is null then 'failed' else 'stopped' end::public.message_status, v_turn.text, null,
        case when v_turn.stop_asked_at is null then 'interrupted' end, p_checks => v_turn.checks) then
      v_count := v_count + 1;
    end if;
  end loop;
  -- Written by a process while another ended the answer.
  delete from private.running_answers r where r.beat_at < now() - p_older_than and not exists (
    select from public.messages m where m.tenant_id = r.tenant_id and m.id = r.answer_id and m.status = 'streaming');
  delete from private.rate_buckets b where b.updated_at < now() - interval '1 hour';
  perform private.sweep_widget();
  return v_count;
end $$;

grant execute on function
  service.append_running_answers(jsonb, uuid[]),
  service.read_answer(text, text, text, text, uuid),
  service.stop_answer(text, text, text, text, uuid),
  service.sweep_turns(interval)
to alonchat_service;

-- From a bad answer to better knowledge: corrections, which become questions with answers of the agent's knowledge, and gaps, which are
-- questions of visitors that it does not answer, put together by what they ask.
--
-- gap: open ⇄ dismissed | solved; a solved one opens again when the same is asked and not answered after that

-- An operator's insert is the permission; service.place_correction makes a pair of it.
create table public.corrections (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- The answer that was corrected; null once its conversation is gone: what was learned stays.
  message_id uuid,
  question text not null check (length(question) between 1 and 500),
  answer text not null check (length(answer) between 1 and 4000),
  -- Null until it is placed. A pair that is deleted takes its corrections along.
  pair_id uuid,
  corrected_by uuid default auth.uid() references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, message_id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, message_id) references public.messages (tenant_id, id) on delete set null (message_id),
  foreign key (tenant_id, pair_id) references public.qa_pairs (tenant_id, id) on delete cascade
);
create index corrections_agent_idx on public.corrections (tenant_id, agent_id, created_at desc);
create index corrections_pair_idx on public.corrections (tenant_id, pair_id);
create index corrections_corrected_by_idx on public.corrections (corrected_by);
create trigger touch_updated_at before update on public.corrections for each row execute function private.touch_updated_at();

-- The lists that hold an agent's corrections. Small ones, because a list is read anew as a whole, and its member waits for that.
create table private.correction_sources (
  source_id uuid primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  foreign key (tenant_id, source_id) references public.sources (tenant_id, id) on delete cascade
);
create index correction_sources_agent_idx on private.correction_sources (tenant_id, agent_id, source_id);

create table public.knowledge_gaps (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- The first question of it that is still there, and the answer to that: whose words go takes them out of here too.
  title text not null check (length(title) between 1 and 500),
  message_id uuid,
  status text not null default 'open' check (status in ('open', 'solved', 'dismissed')),
  status_at timestamptz not null default now(),
  -- Of the title, by the model named; what others are compared with.
  model text not null,
  embedding real[] not null,
  -- What came nearest to an answer, when something did. No foreign key: a page that is gone is only not linked.
  near_page_id uuid,
  near_source_id uuid,
  near_title text,
  near_confidence real,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create index knowledge_gaps_agent_idx on public.knowledge_gaps (tenant_id, agent_id, status);
create trigger touch_updated_at before update on public.knowledge_gaps for each row execute function private.touch_updated_at();

-- Answers that show a gap. Written with the answer or its rating; gap_id is null until the job has compared its question.
create table public.gap_questions (
  tenant_id uuid not null,
  -- The answer.
  message_id uuid not null,
  agent_id uuid not null,
  gap_id uuid,
  -- unanswered: the agent did not know · disliked: the visitor said so · unsupported: it said what its sources do not
  reason text not null check (reason in ('unanswered', 'disliked', 'unsupported')),
  asked_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, message_id),
  foreign key (tenant_id, message_id) references public.messages (tenant_id, id) on delete cascade,
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, gap_id) references public.knowledge_gaps (tenant_id, id) on delete cascade
);
create index gap_questions_gap_idx on public.gap_questions (tenant_id, gap_id, asked_at desc);
create index gap_questions_agent_idx on public.gap_questions (tenant_id, agent_id);
create index gap_questions_waiting_idx on public.gap_questions (agent_id, asked_at, message_id) where gap_id is null;

-- Who compares an agent's questions, one worker at a time, and how often somebody was asked to.
create table private.gap_work (
  agent_id uuid primary key,
  tenant_id uuid not null,
  -- Goes up for ever, because it makes a job's id new; the tries since something was done make the pause.
  nudges integer not null default 0,
  tries integer not null default 0,
  nudged_at timestamptz not null default '-infinity',
  lease uuid,
  lease_until timestamptz,
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);

alter table public.corrections enable row level security;
alter table public.corrections force row level security;
alter table public.knowledge_gaps enable row level security;
alter table public.knowledge_gaps force row level security;
alter table public.gap_questions enable row level security;
alter table public.gap_questions force row level security;
alter table private.correction_sources enable row level security;
alter table private.correction_sources force row level security;
alter table private.gap_work enable row level security;
alter table private.gap_work force row level security;

grant select on public.corrections, public.knowledge_gaps, public.gap_questions to authenticated;
grant insert (tenant_id, agent_id, message_id, question, answer), update (question, answer) on public.corrections to authenticated;
grant update (status) on public.knowledge_gaps to authenticated;
create policy corrections_select_viewer on public.corrections for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy corrections_insert_operator on public.corrections for insert to authenticated with check (tenant_id in (select private.tenant_ids('operator')));
create policy corrections_update_operator on public.corrections for update to authenticated
  using (tenant_id in (select private.tenant_ids('operator'))) with check (tenant_id in (select private.tenant_ids('operator')));
create policy knowledge_gaps_select_viewer on public.knowledge_gaps for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy knowledge_gaps_update_operator on public.knowledge_gaps for update to authenticated
  using (tenant_id in (select private.tenant_ids('operator'))) with check (tenant_id in (select private.tenant_ids('operator')));
create policy gap_questions_select_viewer on public.gap_questions for select to authenticated using (tenant_id in (select private.tenant_ids()));

create function private.gap_status_changed() returns trigger language plpgsql set search_path = '' as $$
begin
  new.status_at := clock_timestamp();
  return new;
end $$;
create trigger gap_status_changed before update of status on public.knowledge_gaps for each row
  when (old.status is distinct from new.status) execute function private.gap_status_changed();

-- Remembers an answer that shows a gap. What members ask in the playground shows none. "unanswered" stays what it is: it says the most.
create function private.add_gap_question(p_tenant_id uuid, p_message_id uuid, p_reason text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.gap_questions as g (tenant_id, message_id, agent_id, reason, asked_at)
  select m.tenant_id, m.id, c.agent_id, p_reason, m.created_at from public.messages m
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id and c.channel = 'widget'
  where m.tenant_id = p_tenant_id and m.id = p_message_id
  on conflict (tenant_id, message_id) do update set reason = excluded.reason where g.reason = 'unsupported';
end $$;

create function private.answer_shows_gap() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.add_gap_question(new.tenant_id, new.id, case new.status when 'no_answer' then 'unanswered' else 'unsupported' end);
  return null;
end $$;
create trigger answer_shows_gap after update of status on public.messages for each row
  when (old.status = 'streaming' and (new.status = 'no_answer' or (new.status = 'complete' and new.checks <> '[]')))
  execute function private.answer_shows_gap();

-- A rating that is taken back leaves what the answer itself shows.
create function private.rating_shows_gap() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'DELETE' and new.rating = 'down' then
    perform private.add_gap_question(new.tenant_id, new.message_id, 'disliked');
  elsif tg_op <> 'INSERT' then
    delete from public.gap_questions g where g.tenant_id = old.tenant_id and g.message_id = old.message_id and g.reason = 'disliked';
    perform private.add_gap_question(m.tenant_id, m.id, 'unsupported') from public.messages m
      where m.tenant_id = old.tenant_id and m.id = old.message_id and m.status = 'complete' and m.checks <> '[]';
  end if;
  return null;
end $$;
create trigger rating_shows_gap after insert or update or delete on public.ratings for each row execute function private.rating_shows_gap();

-- A gap goes with its last question, and is named anew, and compared anew, when the one that named it goes.
create function private.gap_question_gone() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from public.knowledge_gaps k where k.tenant_id = old.tenant_id and k.id = old.gap_id
    and not exists (select from public.gap_questions q where q.tenant_id = old.tenant_id and q.gap_id = old.gap_id);
  update public.knowledge_gaps k set title = n.title, message_id = n.message_id, model = 'none', embedding = '{}'
    from (select coalesce(nullif(btrim(regexp_replace(left(v.content, 500), '\s+', ' ', 'g')), ''), '(no text)') as title, q.message_id
      from public.gap_questions q
      join public.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id
      join public.messages v on v.tenant_id = m.tenant_id and v.id = m.question_id
      where q.tenant_id = old.tenant_id and q.gap_id = old.gap_id order by q.asked_at, q.message_id limit 1) n
    where k.tenant_id = old.tenant_id and k.id = old.gap_id and k.message_id = old.message_id;
  return null;
end $$;
create trigger gap_question_gone after delete on public.gap_questions for each row when (old.gap_id is not null) execute function private.gap_question_gone();

-- Makes a pair of a correction, in a list named "Corrections" of its agent, which it makes when there is none with room; the question that one of
-- these lists has already gets the new answer. The gap that the corrected answer showed is solved. Returns {"sourceId", "pairId"}; null when there
-- is no such correction, or it corrects an answer of another agent.
create function service.place_correction(p_tenant_id uuid, p_correction_id uuid, p_list_size integer default 250) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_correction public.corrections;
  v_pair public.qa_pairs;
  v_old_pair_id uuid;
  v_source_id uuid;
  v_lists integer;
begin
  select c.* into v_correction from public.corrections c where c.tenant_id = p_tenant_id and c.id = p_correction_id for no key update;
  if not found then return null; end if;
  if v_correction.message_id is not null and not exists (
    select from public.messages m join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.tenant_id = p_tenant_id and m.id = v_correction.message_id and m.role = 'assistant' and c.agent_id = v_correction.agent_id) then
    delete from public.corrections c where c.tenant_id = p_tenant_id and c.id = p_correction_id;
    return null;
  end if;
  -- Two first corrections at once make one list.
  perform pg_advisory_xact_lock(hashtextextended(v_correction.agent_id::text, 17));
  select q.* into v_pair from public.qa_pairs q
    join private.correction_sources s on s.tenant_id = q.tenant_id and s.source_id = q.source_id
    where q.tenant_id = p_tenant_id and s.agent_id = v_correction.agent_id and q.question = v_correction.question limit 1;
  v_old_pair_id := v_correction.pair_id;
  if v_pair.id is not null then
    update public.qa_pairs q set answer = v_correction.answer where q.tenant_id = p_tenant_id and q.id = v_pair.id;
  elsif v_old_pair_id is not null and not exists (
    select from public.corrections c where c.tenant_id = p_tenant_id and c.pair_id = v_old_pair_id and c.id <> p_correction_id) then
    update public.qa_pairs q set question = v_correction.question, answer = v_correction.answer
      where q.tenant_id = p_tenant_id and q.id = v_old_pair_id returning q.* into v_pair;
  else
    select s.source_id into v_source_id from private.correction_sources s
      where s.tenant_id = p_tenant_id and s.agent_id = v_correction.agent_id
        and (select count(*) from public.qa_pairs q where q.tenant_id = p_tenant_id and q.source_id = s.source_id) < p_list_size
      order by s.source_id limit 1;
    if v_source_id is null then
      select count(*) into v_lists from private.correction_sources s where s.tenant_id = p_tenant_id and s.agent_id = v_correction.agent_id;
      insert into public.sources (tenant_id, agent_id, kind, name)
        values (p_tenant_id, v_correction.agent_id, 'qa', 'Corrections' || case when v_lists > 0 then ' ' || (v_lists + 1) else '' end)
        returning id into v_source_id;
      insert into private.correction_sources (source_id, tenant_id, agent_id) values (v_source_id, p_tenant_id, v_correction.agent_id);
    end if;
    insert into public.qa_pairs (tenant_id, source_id, question, answer)
      values (p_tenant_id, v_source_id, v_correction.question, v_correction.answer) returning * into v_pair;
  end if;
  update public.corrections c set pair_id = v_pair.id where c.tenant_id = p_tenant_id and c.id = p_correction_id;
  -- Its former question, when nothing else stands for it.
  delete from public.qa_pairs q where q.tenant_id = p_tenant_id and q.id = v_old_pair_id and q.id <> v_pair.id
    and not exists (select from public.corrections c where c.tenant_id = p_tenant_id and c.pair_id = q.id);
  update public.knowledge_gaps g set status = 'solved' where g.tenant_id = p_tenant_id and g.status = 'open' and g.id in (
    select k.gap_id from public.gap_questions k where k.tenant_id = p_tenant_id and k.message_id = v_correction.message_id);
  return jsonb_build_object('sourceId', v_pair.source_id, 'pairId', v_pair.id);
end $$;

-- How far a document is: the status of its page, or null.
create function service.document_status(p_tenant_id uuid, p_page_id uuid) returns text language sql stable security definer set search_path = '' as $$
  select p.status::text from public.pages p where p.tenant_id = p_tenant_id and p.id = p_page_id;
$$;

-- Agents whose questions wait to be compared and that nobody has been asked about lately: [{"tenantId", "agentId", "nudge"}].
-- Each nudge waits twice as long as the one before (up to 128 × p_idle), from the last that did something.
create function service.sweep_gaps(p_idle interval default '30 seconds', p_limit integer default 200) returns jsonb
language sql volatile security definer set search_path = '' as $$
  with waiting as (
    select distinct g.tenant_id, g.agent_id from public.gap_questions g where g.gap_id is null limit p_limit),
  nudged as (
    insert into private.gap_work as w (agent_id, tenant_id, nudges, tries, nudged_at) select n.agent_id, n.tenant_id, 1, 1, clock_timestamp() from waiting n
    on conflict (agent_id) do update set nudges = w.nudges + 1, tries = w.tries + 1, nudged_at = clock_timestamp()
      where (w.tries = 0 or w.nudged_at < clock_timestamp() - p_idle * 2 ^ least(w.tries, 7)) and (w.lease_until is null or w.lease_until < clock_timestamp())
    returning w.tenant_id, w.agent_id, w.nudges)
  select coalesce(jsonb_agg(jsonb_build_object('tenantId', n.tenant_id, 'agentId', n.agent_id, 'nudge', n.nudges)), '[]') from nudged n;
$$;

-- Questions of an agent that wait, oldest first, with the gaps to compare them with, for who holds the lease until p_lease_ms have passed. Null when
-- nothing waits, or another holds it.
-- {"model" (of the live index, or null), "language", "questions": [{"messageId", "question"}], "gaps": [{"id", "title", "model", "embedding"}]}
create function service.claim_gaps(p_tenant_id uuid, p_agent_id uuid, p_lease uuid, p_lease_ms integer default 120000, p_limit integer default 50)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare v_questions jsonb;
begin
  insert into private.gap_work (agent_id, tenant_id) select a.id, a.tenant_id from public.agents a where a.tenant_id = p_tenant_id and a.id = p_agent_id
    on conflict (agent_id) do nothing;
  update private.gap_work w set lease = p_lease, lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    where w.tenant_id = p_tenant_id and w.agent_id = p_agent_id and (w.lease = p_lease or w.lease_until is null or w.lease_until < clock_timestamp());
  if not found then return null; end if;
  select jsonb_agg(jsonb_build_object('messageId', g.message_id, 'question', left(q.content, 500)) order by g.asked_at, g.message_id) into v_questions
    from (select * from public.gap_questions k where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.gap_id is null
      order by k.asked_at, k.message_id limit p_limit) g
    join public.messages m on m.tenant_id = g.tenant_id and m.id = g.message_id
    join public.messages q on q.tenant_id = m.tenant_id and q.id = m.question_id;
  if v_questions is null then
    update private.gap_work w set lease = null, lease_until = null, tries = 0 where w.agent_id = p_agent_id and w.lease = p_lease;
    return null;
  end if;
  return (select jsonb_build_object('language', a.language, 'questions', v_questions,
      'model', (select i.model from public.embedding_indexes i where i.tenant_id = p_tenant_id and i.agent_id = p_agent_id and i.state = 'live'),
      'gaps', (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'title', k.title, 'model', k.model, 'embedding', k.embedding) order by k.id), '[]')
        from (select * from public.knowledge_gaps l where l.tenant_id = p_tenant_id and l.agent_id = p_agent_id order by l.id desc limit 1000) k))
    from public.agents a where a.tenant_id = p_tenant_id and a.id = p_agent_id);
end $$;

-- Puts questions to their gaps, new ones first: what one worker found in one transaction. False, and nothing is written, when the lease is lost.
-- p_gaps [{"id", "title", "messageId", "model", "embedding", "nearPageId", "nearSourceId", "nearTitle", "nearConfidence"}] new, or embedded anew by another model;
-- p_questions [{"messageId", "gapId"}]. A solved gap opens again when a question of it was asked after it was solved.
create function service.place_gap_questions(p_tenant_id uuid, p_agent_id uuid, p_lease uuid, p_gaps jsonb, p_questions jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform from private.gap_work w where w.tenant_id = p_tenant_id and w.agent_id = p_agent_id and w.lease = p_lease for update;
  if not found then return false; end if;
  insert into public.knowledge_gaps as k (id, tenant_id, agent_id, title, message_id, model, embedding, near_page_id, near_source_id, near_title, near_confidence)
    select g.id, p_tenant_id, p_agent_id, g.title, g."messageId", g.model, g.embedding, g."nearPageId", g."nearSourceId", g."nearTitle", g."nearConfidence"
    from jsonb_to_recordset(p_gaps) as g (id uuid, title text, "messageId" uuid, model text, embedding real[], "nearPageId" uuid, "nearSourceId" uuid, "nearTitle" text,
      "nearConfidence" real)
    on conflict (id) do update set model = excluded.model, embedding = excluded.embedding where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id;
  update public.gap_questions q set gap_id = p."gapId" from jsonb_to_recordset(p_questions) as p ("messageId" uuid, "gapId" uuid)
    where q.tenant_id = p_tenant_id and q.agent_id = p_agent_id and q.message_id = p."messageId" and q.gap_id is null;
  update public.knowledge_gaps k set status = 'open' where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.status = 'solved'
    and exists (select from public.gap_questions q join jsonb_to_recordset(p_questions) as p ("messageId" uuid) on p."messageId" = q.message_id
      where q.tenant_id = p_tenant_id and q.gap_id = k.id and q.asked_at > k.status_at);
  -- A correction may have come before its question was compared.
  update public.knowledge_gaps k set status = 'solved' where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.status = 'open'
    and not exists (select from public.gap_questions q where q.tenant_id = p_tenant_id and q.gap_id = k.id
      and not exists (select from public.corrections c where c.tenant_id = p_tenant_id and c.message_id = q.message_id))
    and exists (select from public.gap_questions q where q.tenant_id = p_tenant_id and q.gap_id = k.id);
  perform private.nudge_inbox(p_tenant_id, p_agent_id);
  return true;
end $$;

grant execute on function
  service.place_correction(uuid, uuid, integer),
  service.document_status(uuid, uuid),
  service.sweep_gaps(interval, integer),
  service.claim_gaps(uuid, uuid, uuid, integer, integer),
  service.place_gap_questions(uuid, uuid, uuid, jsonb, jsonb)
to alonchat_service;

-- An agent's gaps of one status, the one asked most in the last 30 days first, each with its counts and five newest questions. weeks: questions in
-- each of the last eight weeks, the present one last. Gaps whose questions are all gone are left out. Security invoker, as all lists.
create function public.list_gaps(p_tenant_id uuid, p_agent_id uuid, p_status text, p_limit integer default 100, p_now timestamptz default now())
returns table (id uuid, title text, status text, status_at timestamptz, questions bigint, recent bigint, unanswered bigint, disliked bigint, unsupported bigint,
  first_at timestamptz, last_at timestamptz, weeks integer[], near_page_id uuid, near_source_id uuid, near_title text, near_confidence real, examples jsonb)
language sql stable security invoker set search_path = '' as $$
  select k.id, k.title, k.status, k.status_at, s.questions, s.recent, s.unanswered, s.disliked, s.unsupported, s.first_at, s.last_at,
    (select array_agg((select count(*)::integer from public.gap_questions q where q.tenant_id = k.tenant_id and q.gap_id = k.id
        and q.asked_at > p_now - w.week * interval '7 days' and q.asked_at <= p_now - (w.week - 1) * interval '7 days') order by w.week desc)
      from generate_series(1, 8) as w (week)),
    case when p.id is not null then k.near_page_id end, case when p.id is not null then p.source_id end, k.near_title, k.near_confidence, e.examples
  from public.knowledge_gaps k
  cross join lateral (
    select count(*) as questions, count(*) filter (where q.asked_at > p_now - interval '30 days') as recent,
      count(*) filter (where q.reason = 'unanswered') as unanswered, count(*) filter (where q.reason = 'disliked') as disliked,
      count(*) filter (where q.reason = 'unsupported') as unsupported, min(q.asked_at) as first_at, max(q.asked_at) as last_at
    from public.gap_questions q where q.tenant_id = k.tenant_id and q.gap_id = k.id) s
  cross join lateral (
    select jsonb_agg(jsonb_build_object('messageId', n.message_id, 'conversationId', n.conversation_id, 'question', n.question, 'reason', n.reason,
      'askedAt', n.asked_at) order by n.asked_at desc, n.message_id desc) as examples
    from (select q.message_id, m.conversation_id, left(v.content, 500) as question, q.reason, q.asked_at from public.gap_questions q
      join public.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id
      join public.messages v on v.tenant_id = m.tenant_id and v.id = m.question_id
      where q.tenant_id = k.tenant_id and q.gap_id = k.id order by q.asked_at desc, q.message_id desc limit 5) n) e
  left join public.pages p on p.tenant_id = k.tenant_id and p.id = k.near_page_id and p.live_version_id is not null
  where k.tenant_id = p_tenant_id and k.agent_id = p_agent_id and k.status = p_status and s.questions > 0
  order by s.recent desc, s.last_at desc, k.id limit p_limit;
$$;
grant execute on function public.list_gaps(uuid, uuid, text, integer, timestamptz) to authenticated;

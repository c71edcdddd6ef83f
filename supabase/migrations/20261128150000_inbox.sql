-- What members see of conversations: tags, the list with its filters, and how each conversation ended; and what visitors say of answers.

create table public.conversation_tags (
  tenant_id uuid not null,
  conversation_id uuid not null,
  tag text not null check (tag = btrim(tag) and length(tag) between 1 and 40),
  created_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, tag),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

-- When an agent's members were last told that something is new. Not logged: after a crash they are told once more.
create unlogged table private.inbox_nudges (
  agent_id uuid primary key,
  sent_at timestamptz not null
) with (fillfactor = 10);

alter table public.conversation_tags enable row level security;
alter table public.conversation_tags force row level security;
alter table private.inbox_nudges enable row level security;
alter table private.inbox_nudges force row level security;

grant select, delete on public.conversation_tags to authenticated;
grant insert (tenant_id, conversation_id, tag) on public.conversation_tags to authenticated;
grant delete on public.conversations to authenticated;
create policy conversation_tags_select_viewer on public.conversation_tags for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy conversation_tags_insert_operator on public.conversation_tags for insert to authenticated
  with check (tenant_id in (select private.tenant_ids('operator')));
create policy conversation_tags_delete_operator on public.conversation_tags for delete to authenticated
  using (tenant_id in (select private.tenant_ids('operator')));
create policy conversations_delete_admin on public.conversations for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

-- Tells the members' screens on 'tenant:<id>:inbox' that an agent's conversations changed: {"agentId"}. At most one message in 400 ms an
-- agent, so that a busy one does not pay for each answer; screens wait longer than that before they load, and so see what was left out.
-- It never waits: who finds the row locked knows that another tells them in this moment.
create function private.nudge_inbox(p_tenant_id uuid, p_agent_id uuid) returns void language plpgsql volatile set search_path = '' as $$
begin
  perform from private.inbox_nudges n where n.agent_id = p_agent_id and n.sent_at >= clock_timestamp() - interval '400 milliseconds';
  if found then return; end if;
  insert into private.inbox_nudges (agent_id, sent_at) values (p_agent_id, '-infinity') on conflict (agent_id) do nothing;
  update private.inbox_nudges n set sent_at = clock_timestamp() where n.agent_id in (
    select d.agent_id from private.inbox_nudges d
    where d.agent_id = p_agent_id and d.sent_at < clock_timestamp() - interval '400 milliseconds' for update skip locked);
  if not found then return; end if;
  perform realtime.send(jsonb_build_object('agentId', p_agent_id), 'changed', 'tenant:' || p_tenant_id || ':inbox', true);
end $$;

create function private.message_changed() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_agent_id uuid;
begin
  select c.agent_id into v_agent_id from public.conversations c where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
  if found then perform private.nudge_inbox(new.tenant_id, v_agent_id); end if;
  return null;
end $$;
-- A question that arrives, and the end of an answer; a streaming answer's beginning is told with its question.
create trigger message_added after insert on public.messages for each row when (new.role <> 'assistant') execute function private.message_changed();
create trigger message_ended after update of status on public.messages for each row
  when (old.status is distinct from new.status) execute function private.message_changed();

create function private.rating_changed() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v_tenant_id uuid := coalesce(new.tenant_id, old.tenant_id);
  v_agent_id uuid;
begin
  select c.agent_id into v_agent_id from public.messages m
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.tenant_id = v_tenant_id and m.id = coalesce(new.message_id, old.message_id);
  if found then perform private.nudge_inbox(v_tenant_id, v_agent_id); end if;
  return null;
end $$;
create trigger rating_changed after insert or update or delete on public.ratings for each row execute function private.rating_changed();

-- A visitor rates an answer of a conversation whose key the visitor holds; p_rating null takes the rating back. False when there is no such answer,
-- or it has not ended yet. A rating that is given again replaces the one before, its reason and comment too.
create function service.rate_answer(p_public_id text, p_visitor_hash text, p_answer_id uuid, p_rating public.rating_value,
  p_reason text default null, p_comment text default null)
returns boolean language plpgsql volatile security definer set search_path = '' as $$
declare v_tenant_id uuid;
begin
  select m.tenant_id into v_tenant_id from public.messages m
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    join public.agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
    where m.id = p_answer_id and m.role = 'assistant' and m.status in ('complete', 'no_answer', 'stopped')
      and c.visitor_hash = p_visitor_hash and a.public_id = p_public_id;
  if not found then return false; end if;
  if p_rating is null then
    delete from public.ratings r where r.tenant_id = v_tenant_id and r.message_id = p_answer_id;
  else
    insert into public.ratings as r (tenant_id, message_id, rating, reason, comment)
      values (v_tenant_id, p_answer_id, p_rating, p_reason, p_comment)
      on conflict (tenant_id, message_id) do update set rating = excluded.rating, reason = excluded.reason, comment = excluded.comment;
  end if;
  return true;
end $$;
grant execute on function service.rate_answer(text, text, uuid, public.rating_value, text, text) to alonchat_service;

-- How an agent's conversations with visitors that began in [p_from, p_to) ended, as docs/resolution.md defines it: escalated | confirmed | open |
-- abandoned | assumed. p_ids null: all of them. Those of the playground, and those without any answer, are not judged.
create function private.conversation_outcomes(p_tenant_id uuid, p_agent_id uuid, p_from timestamptz, p_to timestamptz, p_ids uuid[] default null,
  p_now timestamptz default now())
returns table (conversation_id uuid, outcome text) language sql stable security invoker set search_path = '' as $$
  select c.id, case
      when exists (select from public.handovers h where h.tenant_id = c.tenant_id and h.conversation_id = c.id) then 'escalated'
      when v.verdict = 'up' then 'confirmed'
      when l.status = 'streaming' or c.last_message_at > p_now - interval '24 hours' then 'open'
      when v.verdict = 'down' or l.status <> 'complete' then 'abandoned'
      else 'assumed' end
  from public.conversations c
  cross join lateral (
    select m.status, m.created_at, r.rating, r.updated_at as rated_at from public.messages m
    left join public.ratings r on r.tenant_id = m.tenant_id and r.message_id = m.id
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'assistant'
    order by m.created_at desc, m.id desc limit 1) l
  left join public.conversation_surveys s on s.tenant_id = c.tenant_id and s.conversation_id = c.id and s.score <> 3
    and s.created_at >= l.created_at and s.created_at >= coalesce(l.rated_at, '-infinity')
  cross join lateral (select case when s.score >= 4 then 'up' when s.score <= 2 then 'down' else l.rating::text end as verdict) v
  where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and c.channel = 'widget' and c.created_at >= p_from and c.created_at < p_to
    and (p_ids is null or c.id = any (p_ids));
$$;

-- How one conversation ended; null for one that is not judged. Security invoker, as the list.
create function public.conversation_outcome(p_tenant_id uuid, p_conversation_id uuid) returns text
language sql stable security invoker set search_path = '' as $$
  select o.outcome from public.conversations c
  cross join lateral private.conversation_outcomes(c.tenant_id, c.agent_id, '-infinity', 'infinity', array[c.id]) o
  where c.tenant_id = p_tenant_id and c.id = p_conversation_id;
$$;

-- The raw counts behind every rate: conversations that began in [p_from, p_to) by how they ended, and their answers by status and rating.
-- Security invoker: row-level security decides what is counted.
create function public.resolution(p_tenant_id uuid, p_agent_id uuid, p_from timestamptz, p_to timestamptz, p_now timestamptz default now())
returns table (conversations bigint, open bigint, confirmed bigint, assumed bigint, escalated bigint, abandoned bigint,
  answers bigint, complete bigint, no_answer bigint, stopped bigint, failed bigint, up bigint, down bigint)
language sql stable security invoker set search_path = '' as $$
  with held as (select o.conversation_id, o.outcome from private.conversation_outcomes(p_tenant_id, p_agent_id, p_from, p_to, null, p_now) o),
  said as (
    select count(*) as answers, count(*) filter (where m.status = 'complete') as complete, count(*) filter (where m.status = 'no_answer') as no_answer,
      count(*) filter (where m.status = 'stopped') as stopped, count(*) filter (where m.status = 'failed') as failed,
      count(*) filter (where r.rating = 'up') as up, count(*) filter (where r.rating = 'down') as down
    from held h
    join public.messages m on m.tenant_id = p_tenant_id and m.conversation_id = h.conversation_id and m.role = 'assistant'
    left join public.ratings r on r.tenant_id = m.tenant_id and r.message_id = m.id)
  select count(h.conversation_id), count(*) filter (where h.outcome = 'open'), count(*) filter (where h.outcome = 'confirmed'),
    count(*) filter (where h.outcome = 'assumed'), count(*) filter (where h.outcome = 'escalated'), count(*) filter (where h.outcome = 'abandoned'),
    s.answers, s.complete, s.no_answer, s.stopped, s.failed, s.up, s.down
  from said s left join held h on true
  group by s.answers, s.complete, s.no_answer, s.stopped, s.failed, s.up, s.down;
$$;

-- An agent's conversations, the one spoken in last first, as the dashboard lists and exports them; each row with the total of all that fit.
-- Every filter that is null lets all through. p_query: words that stand in a message, as they are written. p_answer: unanswered (the agent did not
-- know) | failed | marked (says what the sources do not) | complete (none of these). p_from and p_to: when it began, as resolution counts. Security
-- invoker: row-level security decides what is listed.
create function public.list_conversations(p_tenant_id uuid, p_agent_id uuid, p_query text default null, p_channel public.conversation_channel default null,
  p_answer text default null, p_rating public.rating_value default null, p_outcome text default null, p_language text default null,
  p_tag text default null, p_from timestamptz default null, p_to timestamptz default null, p_limit integer default 30, p_offset integer default 0)
returns table (id uuid, channel public.conversation_channel, origin_host text, created_at timestamptz, last_message_at timestamptz, question text,
  last_question text, questions bigint, unanswered bigint, failed bigint, marked bigint, up bigint, down bigint, language text, tags text[], outcome text,
  total bigint)
language sql stable security invoker set search_path = '' as $$
  with fitting as (
    select c.*, count(*) over () as total from public.conversations c
    where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id
      and (p_channel is null or c.channel = p_channel)
      and (p_from is null or c.created_at >= p_from) and (p_to is null or c.created_at < p_to)
      and (p_query is null or exists (select from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
        and m.content ilike '%' || regexp_replace(p_query, '([\\%_])', '\\\1', 'g') || '%'))
      and (p_answer is null or case when p_answer = 'complete' then not exists (select from public.messages m
          where m.tenant_id = c.tenant_id and m.conversation_id = c.id and (m.status in ('no_answer', 'failed') or m.checks <> '[]'))
        else exists (select from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'assistant'
          and case p_answer when 'unanswered' then m.status = 'no_answer' when 'failed' then m.status = 'failed' when 'marked' then m.checks <> '[]' else false end) end)
      and (p_rating is null or exists (select from public.messages m join public.ratings r on r.tenant_id = m.tenant_id and r.message_id = m.id
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and r.rating = p_rating))
      and (p_language is null or exists (select from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
        and m.details ->> 'language' = p_language))
      and (p_tag is null or exists (select from public.conversation_tags t where t.tenant_id = c.tenant_id and t.conversation_id = c.id and t.tag = p_tag))
      and (p_outcome is null or c.id in (select o.conversation_id
        from private.conversation_outcomes(p_tenant_id, p_agent_id, '-infinity', 'infinity') o where o.outcome = p_outcome))
    order by c.last_message_at desc, c.id desc limit least(p_limit, 200) offset p_offset)
  select c.id, c.channel, c.origin_host, c.created_at, c.last_message_at, s.question, s.last_question, s.questions, s.unanswered, s.failed, s.marked,
    s.up, s.down, s.language, coalesce((select array_agg(t.tag order by t.tag) from public.conversation_tags t
      where t.tenant_id = c.tenant_id and t.conversation_id = c.id), '{}'),
    (select o.outcome from private.conversation_outcomes(p_tenant_id, p_agent_id, '-infinity', 'infinity', array[c.id]) o), c.total
  from fitting c
  cross join lateral (
    select (array_agg(left(m.content, 300) order by m.created_at, m.id) filter (where m.role = 'visitor'))[1] as question,
      (array_agg(left(m.content, 300) order by m.created_at desc, m.id desc) filter (where m.role = 'visitor'))[1] as last_question,
      count(*) filter (where m.role = 'visitor') as questions, count(*) filter (where m.status = 'no_answer') as unanswered,
      count(*) filter (where m.status = 'failed') as failed, count(*) filter (where m.checks <> '[]') as marked,
      count(*) filter (where r.rating = 'up') as up, count(*) filter (where r.rating = 'down') as down,
      (array_agg(m.details ->> 'language' order by m.created_at desc) filter (where m.details ->> 'language' is not null))[1] as language
    from public.messages m left join public.ratings r on r.tenant_id = m.tenant_id and r.message_id = m.id
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id) s
  order by c.last_message_at desc, c.id desc;
$$;

-- What the filters of an agent's list offer: the languages that answers were given in, and the tags in use. Security invoker, as the list.
create function public.conversation_facets(p_tenant_id uuid, p_agent_id uuid) returns jsonb language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object(
    'languages', (select coalesce(jsonb_agg(distinct m.details ->> 'language'), '[]') from public.conversations c
      join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'assistant'
      where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id and m.details ->> 'language' is not null
        and c.last_message_at > now() - interval '90 days'),
    'tags', (select coalesce(jsonb_agg(distinct t.tag), '[]') from public.conversation_tags t
      join public.conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
      where c.tenant_id = p_tenant_id and c.agent_id = p_agent_id));
$$;

grant execute on function
  private.conversation_outcomes(uuid, uuid, timestamptz, timestamptz, uuid[], timestamptz),
  public.conversation_outcome(uuid, uuid),
  public.resolution(uuid, uuid, timestamptz, timestamptz, timestamptz),
  public.list_conversations(uuid, uuid, text, public.conversation_channel, text, public.rating_value, text, text, text, timestamptz, timestamptz, integer, integer),
  public.conversation_facets(uuid, uuid)
to authenticated;

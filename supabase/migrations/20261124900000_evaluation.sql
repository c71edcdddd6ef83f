-- Evaluation: test sets of an agent, and runs that put their questions to it. A run's rows are the truth: one a question and repeat,
-- written when the run begins, settled once each. Whoever holds the run's lease works on those that are not settled.
--
-- run: queued → running → completed | failed | cancelled        result: queued → done

create table public.eval_sets (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  name text not null check (length(name) between 1 and 120),
  -- The share of questions that must pass before the agent is published; null: the set is no condition.
  min_pass_rate real check (min_pass_rate > 0 and min_pass_rate <= 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, agent_id, name),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.eval_sets for each row execute function private.touch_updated_at();

create table public.eval_questions (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  set_id uuid not null,
  question text not null check (length(question) between 1 and 2000),
  -- Phrases that a right answer holds, all of them.
  expected_facts text[] not null default '{}' check (cardinality(expected_facts) <= 20),
  -- Addresses or titles of pages; one of them must be cited.
  expected_sources text[] not null default '{}' check (cardinality(expected_sources) <= 20),
  must_refuse boolean not null default false,
  origin text not null default 'written' check (origin in ('written', 'imported', 'knowledge', 'conversation')),
  -- Keeps the order in which they were written or imported.
  number bigint not null generated always as identity,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, set_id, question),
  check (not must_refuse or (expected_facts = '{}' and expected_sources = '{}')),
  foreign key (tenant_id, set_id) references public.eval_sets (tenant_id, id) on delete cascade
);
create trigger touch_updated_at before update on public.eval_questions for each row execute function private.touch_updated_at();

create table public.eval_runs (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  agent_id uuid not null,
  set_id uuid not null,
  -- What distinguishes it, in its members' words: "shorter instructions".
  label text not null default '' check (length(label) <= 120),
  repeats integer not null default 1 check (repeats between 1 and 5),
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  -- What it answers with (private.answering_config), as it was when the run began: a change of the draft in its middle changes nothing.
  config jsonb,
  chat_model text,
  total integer not null default 0,
  done integer not null default 0,
  summary jsonb,
  error_code text,
  error_message text,
  cancel_requested_at timestamptz,
  lease_token uuid,
  lease_until timestamptz,
  nudges integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, set_id) references public.eval_sets (tenant_id, id) on delete cascade
);
create index eval_runs_agent_idx on public.eval_runs (tenant_id, agent_id, created_at);
create index eval_runs_set_idx on public.eval_runs (tenant_id, set_id, created_at);
create unique index eval_runs_open_idx on public.eval_runs (tenant_id, set_id) where status in ('queued', 'running');
create index eval_runs_sweep_idx on public.eval_runs (updated_at) where status in ('queued', 'running');

create table public.eval_results (
  id uuid primary key default private.uuid_v7(),
  tenant_id uuid not null,
  run_id uuid not null,
  number integer not null,
  repeat integer not null,
  -- As they were when the run began.
  question text not null,
  expected_facts text[] not null,
  expected_sources text[] not null,
  must_refuse boolean not null,
  status text not null default 'queued' check (status in ('queued', 'done')),
  attempts integer not null default 0,
  answer text not null default '',
  answer_status text check (answer_status in ('complete', 'no_answer', 'stopped', 'failed')),
  citations jsonb not null default '[]',
  retrieved jsonb not null default '[]',
  checks jsonb not null default '[]',
  passed boolean,
  recall real,
  reciprocal_rank real,
  grounded boolean,
  first_token_ms integer,
  total_ms integer,
  cost_micro_usd bigint not null default 0,
  error_code text,
  finished_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, run_id, number, repeat),
  foreign key (tenant_id, run_id) references public.eval_runs (tenant_id, id) on delete cascade
);

alter table public.eval_sets enable row level security;
alter table public.eval_sets force row level security;
alter table public.eval_questions enable row level security;
alter table public.eval_questions force row level security;
alter table public.eval_runs enable row level security;
alter table public.eval_runs force row level security;
alter table public.eval_results enable row level security;
alter table public.eval_results force row level security;

grant select, delete on public.eval_sets, public.eval_questions, public.eval_runs to authenticated;
grant select on public.eval_results to authenticated;
grant insert (tenant_id, agent_id, name), update (name, min_pass_rate) on public.eval_sets to authenticated;
grant insert (tenant_id, set_id, question, expected_facts, expected_sources, must_refuse, origin),
  update (question, expected_facts, expected_sources, must_refuse) on public.eval_questions to authenticated;
grant insert (tenant_id, agent_id, set_id, label, repeats), update (cancel_requested_at) on public.eval_runs to authenticated;

create policy eval_sets_select_viewer on public.eval_sets for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy eval_sets_insert_admin on public.eval_sets for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_sets_update_admin on public.eval_sets for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_sets_delete_admin on public.eval_sets for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy eval_questions_select_viewer on public.eval_questions for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy eval_questions_insert_admin on public.eval_questions for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_questions_update_admin on public.eval_questions for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_questions_delete_admin on public.eval_questions for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

-- The insert is the permission to run: it costs model calls. The set must be the agent's own.
create policy eval_runs_select_viewer on public.eval_runs for select to authenticated using (tenant_id in (select private.tenant_ids()));
create policy eval_runs_insert_admin on public.eval_runs for insert to authenticated with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_runs_update_admin on public.eval_runs for update to authenticated
  using (tenant_id in (select private.tenant_ids('admin'))) with check (tenant_id in (select private.tenant_ids('admin')));
create policy eval_runs_delete_admin on public.eval_runs for delete to authenticated using (tenant_id in (select private.tenant_ids('admin')));

create policy eval_results_select_viewer on public.eval_results for select to authenticated using (tenant_id in (select private.tenant_ids()));

-- A run tests the agent of its set, whatever its insert says.
create function private.eval_run_of_set() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.eval_sets s where s.tenant_id = new.tenant_id and s.id = new.set_id and s.agent_id = new.agent_id) then
    raise exception using errcode = 'foreign_key_violation', message = 'the set belongs to another agent';
  end if;
  return new;
end $$;
-- After the policies, so that it tells nobody whether a row of another tenant exists.
create constraint trigger eval_run_of_set after insert on public.eval_runs for each row execute function private.eval_run_of_set();

-- The figures of a run: rates and means in [0, 1], milliseconds, micro-dollars; null where no question says what to expect.
create function private.eval_summary(p_tenant_id uuid, p_run_id uuid) returns jsonb language sql stable set search_path = '' as $$
  with r as (select * from public.eval_results e where e.tenant_id = p_tenant_id and e.run_id = p_run_id and e.status = 'done'),
  q as (select bool_and(r.passed) as always, bool_or(r.passed) as once from r group by r.number)
  select jsonb_build_object(
    'questions', (select count(*) from q), 'answers', count(*),
    'passRate', avg(r.passed::integer), 'passAll', (select avg(q.always::integer) from q), 'passAny', (select avg(q.once::integer) from q),
    'recall', avg(r.recall), 'mrr', avg(r.reciprocal_rank),
    'grounded', avg(r.grounded::integer),
    'refusedRightly', avg((r.answer_status = 'no_answer')::integer) filter (where r.must_refuse),
    'refusedWrongly', avg((r.answer_status = 'no_answer')::integer) filter (where not r.must_refuse),
    'errors', count(*) filter (where r.error_code is not null),
    'firstTokenP50Ms', percentile_disc(0.5) within group (order by r.first_token_ms),
    'totalP50Ms', percentile_disc(0.5) within group (order by r.total_ms),
    'totalP95Ms', percentile_disc(0.95) within group (order by r.total_ms),
    'costMicroUsd', coalesce(sum(r.cost_micro_usd), 0))
  from r;
$$;

create function private.end_eval_run(p_tenant_id uuid, p_run_id uuid, p_status text, p_code text default null, p_message text default null)
returns void language sql volatile set search_path = '' as $$
  update public.eval_runs r set status = p_status, error_code = p_code, error_message = p_message, finished_at = clock_timestamp(),
      lease_token = null, lease_until = null, updated_at = now(), summary = private.eval_summary(p_tenant_id, p_run_id)
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running');
$$;

-- The next questions of a run, for the holder of its lease: {"state": "work", "agentId", "config", "questions": [{"resultId", "question",
-- "expectedFacts", "expectedSources", "mustRefuse", "attempt"}]}; {"state": "held"} while another has it; {"state": "over"} when nothing is left:
-- the run ends here. The first claim copies the set's questions, once for each repeat.
create function service.claim_eval_batch(p_tenant_id uuid, p_run_id uuid, p_lease uuid, p_lease_ms integer, p_limit integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run public.eval_runs;
  v_questions jsonb;
begin
  select r.* into v_run from public.eval_runs r
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status in ('queued', 'running') for no key update;
  if not found then return '{"state": "over"}'; end if;
  if v_run.lease_token <> p_lease and v_run.lease_until > clock_timestamp() then return '{"state": "held"}'; end if;
  if v_run.cancel_requested_at is not null then
    perform private.end_eval_run(p_tenant_id, p_run_id, 'cancelled');
    return '{"state": "over"}';
  end if;
  if v_run.status = 'queued' then
    insert into public.eval_results (tenant_id, run_id, number, repeat, question, expected_facts, expected_sources, must_refuse)
      select p_tenant_id, p_run_id, q.n, k, q.question, q.expected_facts, q.expected_sources, q.must_refuse
      from (select row_number() over (order by e.number) as n, e.* from public.eval_questions e
            where e.tenant_id = p_tenant_id and e.set_id = v_run.set_id order by e.number limit 2000) q,
        generate_series(1, v_run.repeats) k;
    update public.eval_runs r set status = 'running', started_at = clock_timestamp(),
        config = private.answering_config(p_tenant_id, v_run.agent_id, v_run.version_id),
        total = (select count(*) from public.eval_results e where e.tenant_id = p_tenant_id and e.run_id = p_run_id)
      where r.tenant_id = p_tenant_id and r.id = p_run_id returning r.* into v_run;
    if v_run.total = 0 then
      perform private.end_eval_run(p_tenant_id, p_run_id, 'failed', 'bad_request', 'The set holds no questions. Add some and run it again.');
      return '{"state": "over"}';
    end if;
  end if;
  with next as (
    update public.eval_results e set attempts = e.attempts + 1
      where e.tenant_id = p_tenant_id and e.id in (select n.id from public.eval_results n
        where n.tenant_id = p_tenant_id and n.run_id = p_run_id and n.status = 'queued' order by n.repeat, n.number limit p_limit)
      returning e.*)
  select jsonb_agg(jsonb_build_object('resultId', n.id, 'question', n.question, 'expectedFacts', n.expected_facts,
      'expectedSources', n.expected_sources, 'mustRefuse', n.must_refuse, 'attempt', n.attempts) order by n.repeat, n.number)
    into v_questions from next n;
  if v_questions is null then
    perform private.end_eval_run(p_tenant_id, p_run_id, 'completed');
    return '{"state": "over"}';
  end if;
  update public.eval_runs r set lease_token = p_lease, lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond', updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id;
  return jsonb_build_object('state', 'work', 'agentId', v_run.agent_id, 'config', v_run.config, 'questions', v_questions);
end $$;

-- Settles one question of a run, once: false when it was settled before or the lease is another's. The model calls are recorded either way,
-- because they were made. p_result: the columns of eval_results in camel case.
create function service.store_eval_result(p_tenant_id uuid, p_run_id uuid, p_lease uuid, p_result_id uuid, p_chat_model text, p_result jsonb,
  p_calls jsonb default '[]') returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform service.record_llm_calls(p_calls);
  perform from public.eval_runs r
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.status = 'running' and r.lease_token = p_lease for no key update;
  if not found then return false; end if;
  update public.eval_results e
    set status = 'done', answer = left(v.answer, 40000), answer_status = v."answerStatus", citations = coalesce(v.citations, '[]'),
        retrieved = coalesce(v.retrieved, '[]'), checks = coalesce(v.checks, '[]'), passed = v.passed, recall = v.recall,
        reciprocal_rank = v."reciprocalRank", grounded = v.grounded, first_token_ms = v."firstTokenMs", total_ms = v."totalMs",
        cost_micro_usd = coalesce(v."costMicroUsd", 0), error_code = v."errorCode", finished_at = clock_timestamp()
    from jsonb_to_record(p_result) as v (answer text, "answerStatus" text, citations jsonb, retrieved jsonb, checks jsonb, passed boolean,
      recall real, "reciprocalRank" real, grounded boolean, "firstTokenMs" integer, "totalMs" integer, "costMicroUsd" bigint, "errorCode" text)
    where e.tenant_id = p_tenant_id and e.run_id = p_run_id and e.id = p_result_id and e.status = 'queued';
  if not found then return false; end if;
  update public.eval_runs r set done = r.done + 1, chat_model = p_chat_model, nudges = 0, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = p_run_id;
  return true;
end $$;

-- Ends a run that cannot succeed, with the reason for members. What was answered stays.
create function service.fail_eval_run(p_tenant_id uuid, p_run_id uuid, p_code text, p_message text) returns void
language sql volatile security definer set search_path = '' as $$
  select private.end_eval_run(p_tenant_id, p_run_id, 'failed', p_code, p_message);
$$;

-- Gives the lease back, so that the next try need not wait for its end.
create function service.release_eval_run(p_tenant_id uuid, p_run_id uuid, p_lease uuid) returns void
language sql volatile security definer set search_path = '' as $$
  update public.eval_runs r set lease_token = null, lease_until = null
    where r.tenant_id = p_tenant_id and r.id = p_run_id and r.lease_token = p_lease;
$$;

-- Runs that nobody holds, to be enqueued again: [{"tenantId", "runId", "nudge"}], each after twice the wait of the one before. Given up after ten.
create function service.sweep_eval_runs(p_idle interval default '30 seconds') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_run record;
  v_work jsonb;
begin
  for v_run in select r.tenant_id, r.id from public.eval_runs r
      where r.status in ('queued', 'running') and r.nudges > 10 and coalesce(r.lease_until, '-infinity') < clock_timestamp()
      for no key update skip locked loop
    perform private.end_eval_run(v_run.tenant_id, v_run.id, 'failed', 'upstream_failed',
      'The model could not be reached for hours, so the run was given up. Start it again when it answers.');
  end loop;
  with nudged as (
    update public.eval_runs r set nudges = r.nudges + 1, updated_at = now()
    where r.id in (select s.id from public.eval_runs s where s.status in ('queued', 'running')
      and s.updated_at < now() - p_idle * 2 ^ least(s.nudges, 7) and coalesce(s.lease_until, '-infinity') < clock_timestamp() for update skip locked)
    returning r.tenant_id, r.id)
  select coalesce(jsonb_agg(jsonb_build_object('tenantId', n.tenant_id, 'runId', n.id,
      'nudge', floor(extract(epoch from clock_timestamp()) * 1000))), '[]') into v_work from nudged n;
  return v_work;
end $$;

grant execute on function
  service.claim_eval_batch(uuid, uuid, uuid, integer, integer),
  service.store_eval_result(uuid, uuid, uuid, uuid, text, jsonb, jsonb),
  service.fail_eval_run(uuid, uuid, text, text),
  service.release_eval_run(uuid, uuid, uuid),
  service.sweep_eval_runs(interval)
to alonchat_service;

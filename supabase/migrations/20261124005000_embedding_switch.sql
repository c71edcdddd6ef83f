-- Another embedding model for an agent: an index is built beside the live one and takes its place in one transaction.

-- Ends a build that does not become live. Its vectors are removed by the sweep.
create function private.drop_build(p_index public.embedding_indexes, p_code text, p_message text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update public.embedding_indexes i set state = 'retired', retired_at = clock_timestamp(), error_code = p_code, error_message = p_message,
      lease_token = null, lease_until = null, updated_at = now()
    where i.tenant_id = p_index.tenant_id and i.id = p_index.id and i.state = 'building';
end $$;

-- The next passages of a build, for the holder of the lease: {"state": "embed", "agentId", "model", "chunks": [{"id", "text"}], "chunkIds"},
-- {"state": "covered"} when every published passage has its vector, {"state": "held"} when another worker is at it,
-- {"state": "over"} when it is no longer being built; cancelled ones end here. Passages whose text the index knows cost nothing.
create function service.claim_index_batch(p_tenant_id uuid, p_index_id uuid, p_lease uuid, p_lease_ms integer, p_limit integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_index public.embedding_indexes;
  v_chunk_ids uuid[];
  v_total integer;
  v_now timestamptz := clock_timestamp();
begin
  select i.* into v_index from public.embedding_indexes i
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state = 'building' for no key update;
  if not found then return '{"state": "over"}'; end if;
  if v_index.lease_token <> p_lease and v_index.lease_until > v_now then return '{"state": "held"}'; end if;
  if v_index.cancel_requested_at is not null then
    perform private.drop_build(v_index, null, null);
    return '{"state": "over"}';
  end if;
  loop
    v_chunk_ids := array(select c.id from public.chunks c
      where c.tenant_id = p_tenant_id and c.agent_id = v_index.agent_id and c.published
        and (v_index.after_chunk_id is null or c.id > v_index.after_chunk_id)
        and not exists (select from public.chunk_embeddings e where e.tenant_id = c.tenant_id and e.chunk_id = c.id and e.index_id = v_index.id)
      order by c.id limit least(greatest(p_limit, 1), 2000));
    exit when cardinality(v_chunk_ids) > 0 or v_index.after_chunk_id is null;
    -- The end of the list: once more from its beginning, for what was published behind.
    v_index.after_chunk_id := null;
  end loop;
  select coalesce(sum(s.chunk_count), 0) into v_total from public.lex_agents s where s.tenant_id = p_tenant_id and s.agent_id = v_index.agent_id;
  -- From the second batch on, when the length is known, the vectors of a large agent are stored in their graph.
  if v_index.graph is null and private.needs_graph(v_total, v_index.dimensions) then perform private.assign_graph(v_index); end if;
  update public.embedding_indexes i set lease_token = p_lease, lease_until = v_now + p_lease_ms * interval '1 millisecond',
      after_chunk_id = v_index.after_chunk_id, updated_at = now(), total = v_total
    where i.tenant_id = p_tenant_id and i.id = p_index_id;
  if cardinality(v_chunk_ids) = 0 then return '{"state": "covered"}'; end if;
  return jsonb_build_object('state', 'embed', 'agentId', v_index.agent_id, 'model', v_index.model, 'chunkIds', v_chunk_ids,
    'chunks', private.texts_to_embed(v_index, v_chunk_ids));
end $$;

-- Stores the vectors of a batch ([{"id", "embedding": "[…]" or null if refused}]) and gives their passages' twins the same.
-- 'stored'; 'lost' when the lease is another's or the build is over; 'dimensions' when the vectors have another length than those before.
create function service.store_index_batch(p_tenant_id uuid, p_index_id uuid, p_lease uuid, p_lease_ms integer, p_chunk_ids uuid[], p_embeddings jsonb,
  p_cost_micro_usd bigint)
returns text language plpgsql volatile security definer set search_path = '' as $$
declare
  v_index public.embedding_indexes;
  v_alive uuid[];
  v_stored integer;
begin
  select i.* into v_index from public.embedding_indexes i
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state = 'building' and i.lease_token = p_lease for no key update;
  if not found then return 'lost'; end if;
  -- Passages that went meanwhile need no vector; those that are here stay until the end of this.
  v_alive := array(select c.id from public.chunks c
    where c.tenant_id = p_tenant_id and c.agent_id = v_index.agent_id and c.published and c.id = any (p_chunk_ids) for key share skip locked);
  v_stored := private.store_vectors(v_index, v_alive, p_embeddings);
  update public.embedding_indexes i set done = i.done + v_stored, cost_micro_usd = i.cost_micro_usd + p_cost_micro_usd, nudges = 0,
      after_chunk_id = p_chunk_ids[cardinality(p_chunk_ids)], lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond', updated_at = now()
    where i.tenant_id = p_tenant_id and i.id = p_index_id;
  return 'stored';
exception
  when sqlstate 'ALE02' then return 'dimensions';
end $$;

-- Makes a covered build the live index, and the live one retired, in one transaction: 'switched'; 'more' when a passage was published
-- without a vector in it meanwhile; 'graph' when not all of a large agent's are in their graph yet (service.fill_graph); 'lost' as above.
-- No page is published during it: publishing takes the same lock.
create function service.switch_index(p_tenant_id uuid, p_index_id uuid, p_lease uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare v_index public.embedding_indexes;
begin
  select i.* into v_index from public.embedding_indexes i where i.tenant_id = p_tenant_id and i.id = p_index_id;
  if not found then return 'lost'; end if;
  perform private.lock_lexicon(v_index.agent_id);
  select i.* into v_index from public.embedding_indexes i
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state = 'building' and i.lease_token = p_lease and i.cancel_requested_at is null
    for no key update;
  if not found then return 'lost'; end if;
  if exists (select from public.chunks c where c.tenant_id = p_tenant_id and c.agent_id = v_index.agent_id and c.published
      and not exists (select from public.chunk_embeddings e where e.tenant_id = c.tenant_id and e.chunk_id = c.id and e.index_id = p_index_id)) then
    return 'more';
  end if;
  if v_index.graph_ready_at is null and private.needs_graph((select s.chunk_count from public.lex_agents s
      where s.tenant_id = p_tenant_id and s.agent_id = v_index.agent_id), v_index.dimensions) then
    return 'graph';
  end if;
  update public.embedding_indexes i set state = 'retired', retired_at = clock_timestamp(), updated_at = now()
    where i.tenant_id = p_tenant_id and i.agent_id = v_index.agent_id and i.state = 'live';
  update public.embedding_indexes i set state = 'live', live_at = clock_timestamp(), done = i.total, lease_token = null, lease_until = null,
      after_chunk_id = null, updated_at = now()
    where i.tenant_id = p_tenant_id and i.id = p_index_id;
  return 'switched';
end $$;

-- Ends a build that cannot succeed, with the reason for members. What was live stays.
create function service.fail_index(p_tenant_id uuid, p_index_id uuid, p_code text, p_message text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare v_index public.embedding_indexes;
begin
  select i.* into v_index from public.embedding_indexes i
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state = 'building' for no key update;
  if found then perform private.drop_build(v_index, p_code, p_message); end if;
end $$;

-- Gives the lease back after a fault, so that the next try need not wait for its end.
create function service.release_index(p_tenant_id uuid, p_index_id uuid, p_lease uuid) returns void
language sql volatile security definer set search_path = '' as $$
  update public.embedding_indexes i set lease_token = null, lease_until = null
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.lease_token = p_lease;
$$;

-- Builds that nobody holds, to be enqueued again ([{"tenantId", "indexId", "nudge"}], the nudge makes the job's id new; each after twice the wait of the one before, ten times),
-- up to p_limit vectors of retired indexes removed, from p_grace after the switch on (by then no question that was embedded before it is under way),
-- and live indexes whose vectors are to be brought into a graph, [{"tenantId", "indexId"}].
create function service.sweep_indexes(p_idle interval default '30 seconds', p_limit integer default 2000, p_grace interval default '2 minutes')
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_index public.embedding_indexes;
  v_work jsonb;
  v_removed integer := 0;
  v_count integer;
begin
  for v_index in select i.* from public.embedding_indexes i where i.state = 'building'
      and coalesce(i.lease_until, '-infinity') < clock_timestamp() and (i.cancel_requested_at is not null or i.nudges > 10)
      order by i.id for no key update skip locked loop
    perform private.drop_build(v_index, case when v_index.cancel_requested_at is null then 'upstream_failed' end,
      case when v_index.cancel_requested_at is null then 'The model could not be reached for hours, so the change was given up. Try again when it answers.' end);
  end loop;
  with nudged as (
    update public.embedding_indexes i set nudges = i.nudges + 1, updated_at = now()
    where i.id in (select s.id from public.embedding_indexes s where s.state = 'building' and s.updated_at < now() - p_idle * 2 ^ least(s.nudges, 7)
      and coalesce(s.lease_until, '-infinity') < clock_timestamp() for update skip locked)
    returning i.tenant_id, i.id)
  select coalesce(jsonb_agg(jsonb_build_object('tenantId', n.tenant_id, 'indexId', n.id, 'nudge', floor(extract(epoch from clock_timestamp()) * 1000))), '[]') into v_work from nudged n;

  for v_index in select i.* from public.embedding_indexes i where i.state = 'retired' and i.emptied_at is null
      and (i.live_at is null or i.retired_at < now() - p_grace) order by i.retired_at for no key update skip locked loop
    delete from public.chunk_embeddings e where (e.tenant_id, e.chunk_id, e.index_id) in (
      select d.tenant_id, d.chunk_id, d.index_id from public.chunk_embeddings d
      where d.tenant_id = v_index.tenant_id and d.index_id = v_index.id limit p_limit - v_removed);
    get diagnostics v_count = row_count;
    v_removed := v_removed + v_count;
    exit when v_removed >= p_limit;
    update public.embedding_indexes i set emptied_at = clock_timestamp() where i.tenant_id = v_index.tenant_id and i.id = v_index.id;
  end loop;
  return jsonb_build_object('work', v_work, 'removed', v_removed, 'graphs', (
    select coalesce(jsonb_agg(jsonb_build_object('tenantId', i.tenant_id, 'indexId', i.id)), '[]')
    from public.embedding_indexes i join public.lex_agents s on s.tenant_id = i.tenant_id and s.agent_id = i.agent_id
    where i.state = 'live' and i.graph_ready_at is null and (i.graph is not null or private.needs_graph(s.chunk_count, i.dimensions))));
end $$;

grant execute on function
  service.claim_index_batch(uuid, uuid, uuid, integer, integer),
  service.store_index_batch(uuid, uuid, uuid, integer, uuid[], jsonb, bigint),
  service.switch_index(uuid, uuid, uuid),
  service.fail_index(uuid, uuid, text, text),
  service.release_index(uuid, uuid, uuid),
  service.sweep_indexes(interval, integer, interval)
to alonchat_service;

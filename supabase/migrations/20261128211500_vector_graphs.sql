-- Vectors of large agents get a place in one of the HNSW graphs of their length.

-- Gives an index the graph with the fewest vectors. The caller holds the index's row, and if it is live the agent's lexicon as well: whoever stores
-- vectors holds one of them, so that none is on its way that knows nothing of the graph.
create function private.assign_graph(p_index public.embedding_indexes) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- One after the other, so that two agents that become large at once do not both choose the same.
  perform pg_advisory_xact_lock(hashtextextended('vector_graphs', 7));
  update public.embedding_indexes i set graph = (
      select g from generate_series(1, private.graph_count(p_index.dimensions)) g
      left join public.embedding_indexes o on o.dimensions = p_index.dimensions and o.graph = g and o.emptied_at is null
      left join public.lex_agents s on s.tenant_id = o.tenant_id and s.agent_id = o.agent_id
      group by g order by coalesce(sum(s.chunk_count), 0), g limit 1)
    where i.tenant_id = p_index.tenant_id and i.id = p_index.id and i.graph is null;
end $$;

-- Brings the vectors of a large agent's index into a graph. The first call gives it one: what is stored from then on gets it at once. Each other call
-- moves up to p_limit of those that were there, in the order of their passages' ids. Until none is missing questions read all.
-- 'more'; 'ready' when none is missing; 'held' when somebody else has the index, or the last that are missing; 'over' when it needs no graph.
-- An agent that becomes small again keeps its graph, since its vectors are in there; it is scanned meanwhile.
create function service.fill_graph(p_tenant_id uuid, p_index_id uuid, p_limit integer default 500) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_index public.embedding_indexes;
  v_last uuid;
begin
  select i.* into v_index from public.embedding_indexes i where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state <> 'retired';
  if not found then return 'over'; end if;
  if v_index.graph is null then
    perform private.lock_lexicon(v_index.agent_id);
    select i.* into v_index from public.embedding_indexes i
      where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state <> 'retired' for no key update;
    if not found or v_index.graph is null and not coalesce(private.needs_graph((select s.chunk_count from public.lex_agents s
        where s.tenant_id = p_tenant_id and s.agent_id = v_index.agent_id), v_index.dimensions), false) then
      return 'over';
    end if;
    perform private.assign_graph(v_index);
    return 'more';
  end if;

  select i.* into v_index from public.embedding_indexes i
    where i.tenant_id = p_tenant_id and i.id = p_index_id and i.state <> 'retired' for no key update skip locked;
  if not found then return 'held'; end if;
  if v_index.graph_ready_at is not null then return 'ready'; end if;
  with batch as materialized (
    -- Who deletes passages holds some rows and waits for others: waiting for the former, too, would be a deadlock.
    select e.chunk_id from public.chunk_embeddings e
    where e.tenant_id = p_tenant_id and e.index_id = p_index_id and e.embedding is not null and e.graph is distinct from v_index.graph
      and (v_index.graph_after_chunk_id is null or e.chunk_id > v_index.graph_after_chunk_id)
    order by e.chunk_id limit least(greatest(p_limit, 1), 2000) for no key update skip locked),
  moved as (
    update public.chunk_embeddings e set graph = v_index.graph from batch b
    where e.tenant_id = p_tenant_id and e.index_id = p_index_id and e.chunk_id = b.chunk_id returning e.chunk_id)
  select (array_agg(m.chunk_id order by m.chunk_id desc))[1] into v_last from moved m;
  if v_last is null and v_index.graph_after_chunk_id is null then
    if exists (select from public.chunk_embeddings e
        where e.tenant_id = p_tenant_id and e.index_id = p_index_id and e.embedding is not null and e.graph is distinct from v_index.graph) then
      return 'held';
    end if;
    update public.embedding_indexes i set graph_ready_at = clock_timestamp() where i.tenant_id = p_tenant_id and i.id = p_index_id;
    return 'ready';
  end if;
  -- The end of the list, v_last null: once more from its beginning, for what somebody held.
  update public.embedding_indexes i set graph_after_chunk_id = v_last where i.tenant_id = p_tenant_id and i.id = p_index_id;
  return 'more';
end $$;
grant execute on function service.fill_graph(uuid, uuid, integer) to alonchat_service;

-- What the list of sources shows beside each: its pages by what became of them, and how much text they hold.

-- One row a source of the agent that has pages. live = visitors are answered from it; words and passages are those of live pages.
-- Security invoker: row-level security decides which pages are counted.
create function public.source_totals(p_tenant_id uuid, p_agent_id uuid)
returns table (source_id uuid, live bigint, failed bigint, excluded bigint, active bigint, words bigint, passages bigint)
language sql stable security invoker set search_path = '' as $$
  select p.source_id,
    count(*) filter (where p.live_version_id is not null),
    count(*) filter (where p.status = 'failed'),
    count(*) filter (where p.status in ('excluded', 'duplicate', 'gone')),
    count(*) filter (where p.status in ('queued', 'fetching', 'embedding')),
    coalesce(sum(p.word_count) filter (where p.live_version_id is not null), 0),
    coalesce(sum(p.chunk_count) filter (where p.live_version_id is not null), 0)
  from public.pages p
  where p.tenant_id = p_tenant_id and p.agent_id = p_agent_id
  group by p.source_id;
$$;
grant execute on function public.source_totals(uuid, uuid) to authenticated;

-- What the playground offers to search in: the languages of an agent's pages, as service.match_chunks compares them.

-- One row a language ('en', not 'en-GB') of the agent's live pages, the commonest first; at most 30. Pages whose language nobody knows are in none.
-- Security invoker: row-level security decides which pages are counted.
create function public.page_languages(p_tenant_id uuid, p_agent_id uuid) returns table (language text, pages bigint)
language sql stable security invoker set search_path = '' as $$
  select split_part(lower(p.language), '-', 1), count(*) from public.pages p
  where p.tenant_id = p_tenant_id and p.agent_id = p_agent_id and p.live_version_id is not null and p.language ~* '^[a-z]{2,3}(-|$)'
  group by 1 order by 2 desc, 1 limit 30;
$$;
grant execute on function public.page_languages(uuid, uuid) to authenticated;

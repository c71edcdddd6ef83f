-- The way back from cold storage: what the sites sent comes into the database again, for who gives a bucket up or moves it. Without it nothing is
-- lost that a crawl could not fetch, but pages that are gone from their sites could not be read anew.

-- Bodies of a tenant that are in Storage alone, in the order of their versions, behind p_after.
create function service.moved_bodies(p_tenant_id uuid, p_after uuid default null, p_limit integer default 20)
returns table (page_version_id uuid, object_path text)
language sql stable security definer set search_path = '' as $$
  select b.page_version_id, b.object_path from public.page_bodies b
  where b.tenant_id = p_tenant_id and b.body is null and (p_after is null or b.page_version_id > p_after)
  order by b.page_version_id limit p_limit;
$$;

-- Puts back what was read from Storage, for as many days as if it had been fetched now. False when there is one again, or none is wanted any more.
create function service.restore_body(p_tenant_id uuid, p_version_id uuid, p_body bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.page_bodies b set body = p_body, fetched_at = now()
    where b.tenant_id = p_tenant_id and b.page_version_id = p_version_id and b.body is null;
  return found;
end $$;

grant execute on function
  service.moved_bodies(uuid, uuid, integer),
  service.restore_body(uuid, uuid, bytea)
to alonchat_service;

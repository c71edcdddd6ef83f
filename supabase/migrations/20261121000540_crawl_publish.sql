-- From a draft version to a published one.

-- Chunks of a draft version that have no embedding yet: [{"id", "text"}], text = what is embedded; null when the version is gone or live.
create function service.chunks_to_embed(p_tenant_id uuid, p_version_id uuid, p_embedding_model text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('agentId', p.agent_id, 'runId', v.run_id, 'chunks', coalesce((
      select jsonb_agg(jsonb_build_object('id', c.id,
        'text', concat_ws(E'\n', c.title, nullif(array_to_string(c.heading_path, ' › '), ''), c.content)) order by c.position)
      from public.chunks c where c.tenant_id = v.tenant_id and c.page_version_id = v.id
        and (c.embedding is null or c.embedding_model is distinct from p_embedding_model)), '[]'))
  from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
  where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
$$;

-- Stores embeddings and makes the version the live one, in one transaction: visitors see the old page or the new, never half of it.
-- p_embeddings: [{"id", "embedding": "[…]"}]. Returns {"published", "runId", "newPages"}; published false when the version is gone
-- or live already (the step was done before).
create function service.publish_page(p_tenant_id uuid, p_version_id uuid, p_embeddings jsonb, p_embedding_model text)
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_page public.pages;
  v_count integer;
begin
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' for no key update of p;
  if not found then return '{"published": false, "newPages": []}'; end if;
  -- Asked again under the page's lock: another worker may have been faster.
  if not exists (select from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft') then return '{"published": false, "newPages": []}'; end if;
  update public.chunks c set embedding = e.embedding::extensions.halfvec, embedding_model = p_embedding_model
    from jsonb_to_recordset(p_embeddings) as e (id uuid, embedding text)
    where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id and c.id = e.id;
  v_count := private.publish_chunks(p_tenant_id, v_page.agent_id, p_version_id);
  update public.page_versions v set status = 'live' where v.tenant_id = p_tenant_id and v.id = p_version_id;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = v_page.id and v.id <> p_version_id;
  update public.pages p set status = 'published', live_version_id = p_version_id, chunk_count = v_count, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set published = r.published + 1, chunks = r.chunks + v_count, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('published', true, 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
end $$;

-- A draft that will never be embedded: the page keeps what was live, and its member sees why.
-- Returns {"failed", "runId", "newPages"}; failed false when the draft is gone or live.
create function service.fail_page(p_tenant_id uuid, p_version_id uuid, p_code text, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_page public.pages;
begin
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' and p.status = 'embedding' for no key update of p;
  if not found then return '{"failed": false, "newPages": []}'; end if;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
  if not found then return '{"failed": false, "newPages": []}'; end if;
  update public.pages p set status = 'failed', reason_code = p_code, reason = p_reason, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set failed = r.failed + 1, updated_at = now() where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('failed', true, 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
end $$;

grant execute on function
  service.chunks_to_embed(uuid, uuid, text),
  service.publish_page(uuid, uuid, jsonb, text),
  service.fail_page(uuid, uuid, text, text)
to alonchat_service;

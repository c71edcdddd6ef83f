-- From a draft version to a published one.

-- What of a draft version is to be embedded, with the model of the agent's live index (p_embedding_model if it has none yet):
-- {"agentId", "runId", "model", "chunks": [{"id", "text"}]}; null when the version is gone or live. Text that the index knows is left out.
-- Embedding costs money, so one worker does it at a time: p_lease, which the caller makes up, is its own for p_lease_ms. While another holds
-- the page: {"waitMs"}.
create function service.chunks_to_embed(p_tenant_id uuid, p_version_id uuid, p_embedding_model text, p_lease uuid default gen_random_uuid(),
  p_lease_ms integer default 120000) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_version record;
  v_page public.pages;
  v_index public.embedding_indexes;
  v_now timestamptz := clock_timestamp();
begin
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' for no key update of p;
  if not found then return null; end if;
  -- Asked again under the page's lock: another worker may have published it.
  select v.run_id into v_version from public.page_versions v
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
  if not found then return null; end if;
  if v_page.lease_token <> p_lease and v_page.lease_until > v_now then
    return jsonb_build_object('waitMs', ceil(extract(epoch from v_page.lease_until - v_now) * 1000)::integer);
  end if;
  update public.pages p set lease_token = p_lease, lease_until = v_now + p_lease_ms * interval '1 millisecond', updated_at = v_now
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  v_index := private.live_index(p_tenant_id, v_page.agent_id, p_embedding_model);
  return jsonb_build_object('agentId', v_page.agent_id, 'runId', v_version.run_id, 'model', v_index.model,
    'chunks', private.texts_to_embed(v_index, array(select c.id from public.chunks c
      where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id)));
end $$;

-- Whoever embeds next should not have to wait for the lease of one that gave up.
create function service.release_embedding(p_tenant_id uuid, p_version_id uuid, p_lease uuid) returns void
language sql volatile security definer set search_path = '' as $$
  update public.pages p set lease_token = null, lease_until = null, updated_at = now() from public.page_versions v
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft'
      and p.tenant_id = p_tenant_id and p.id = v.page_id and p.lease_token = p_lease and p.status = 'embedding';
$$;

-- Stores embeddings and makes the version the live one, in one transaction: visitors see the old page or the new, never half of it.
-- p_embeddings: [{"id", "embedding": "[…]" or null if the model refused the text}], made with p_embedding_model.
-- Returns {"outcome", "runId", "newPages"}: 'published'; 'gone' when the version is gone or live already (the step was done before); 'again' when
-- the agent's live index has another model by now, or a vector is missing because the passage it was known from has gone; 'dimensions' when
-- vectors have the wrong length.
create function service.publish_page(p_tenant_id uuid, p_version_id uuid, p_embeddings jsonb, p_embedding_model text)
returns jsonb language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_page public.pages;
  v_index public.embedding_indexes;
  v_alone boolean;
  v_chunk_ids uuid[];
  v_count integer;
begin
  perform private.hold_source(p_tenant_id, v.page_id) from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id;
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' for no key update of p;
  if not found then return '{"outcome": "gone", "newPages": []}'; end if;
  -- Asked again under the page's lock: another worker may have been faster.
  if not exists (select from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft') then return '{"outcome": "gone", "newPages": []}'; end if;
  v_chunk_ids := array(select c.id from public.chunks c where c.tenant_id = p_tenant_id and c.page_version_id = p_version_id);
  -- A switch to another model takes the same lock, so that the live index stays what it is until the end of this.
  v_alone := private.open_lexicon(p_tenant_id, v_page.agent_id, cardinality(v_chunk_ids));
  v_index := private.live_index(p_tenant_id, v_page.agent_id, p_embedding_model);
  if v_index.model <> p_embedding_model then return '{"outcome": "again", "newPages": []}'; end if;
  if private.store_vectors(v_index, v_chunk_ids, p_embeddings) <> cardinality(v_chunk_ids) then
    raise exception using errcode = 'ALE01', message = 'a vector is missing';
  end if;
  -- Before the new one is published, so that one count sees both.
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.page_id = v_page.id and v.id <> p_version_id;
  v_count := private.publish_chunks(p_tenant_id, v_page.agent_id, p_version_id, v_alone);
  update public.page_versions v set status = 'live', long_words = null, long_terms = null where v.tenant_id = p_tenant_id and v.id = p_version_id;
  update public.pages p set status = 'published', live_version_id = p_version_id, chunk_count = v_count, lease_token = null, lease_until = null,
      updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set published = r.published + 1, chunks = r.chunks + v_count, updated_at = now()
    where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('outcome', 'published', 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
exception
  when sqlstate 'ALE01' then return '{"outcome": "again", "newPages": []}';
  when sqlstate 'ALE02' then return '{"outcome": "dimensions", "newPages": []}';
end $$;

-- A draft that will never be embedded: the page keeps what was live, and its member sees why.
-- Returns {"failed", "runId", "newPages"}; failed false when the draft is gone or live.
create function service.fail_page(p_tenant_id uuid, p_version_id uuid, p_code text, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare v_page public.pages;
begin
  perform private.hold_source(p_tenant_id, v.page_id) from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id;
  select p.* into v_page from public.page_versions v join public.pages p on p.tenant_id = v.tenant_id and p.id = v.page_id
    where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft' and p.status = 'embedding' for no key update of p;
  if not found then return '{"failed": false, "newPages": []}'; end if;
  delete from public.page_versions v where v.tenant_id = p_tenant_id and v.id = p_version_id and v.status = 'draft';
  if not found then return '{"failed": false, "newPages": []}'; end if;
  update public.pages p set status = 'failed', reason_code = p_code, reason = p_reason, lease_token = null, lease_until = null, updated_at = now()
    where p.tenant_id = p_tenant_id and p.id = v_page.id;
  update public.crawl_runs r set failed = r.failed + 1, updated_at = now() where r.tenant_id = p_tenant_id and r.id = v_page.run_id;
  perform private.notify_progress(p_tenant_id, v_page.run_id);
  perform private.finish_run_if_done(p_tenant_id, v_page.run_id);
  return jsonb_build_object('failed', true, 'runId', v_page.run_id, 'newPages', private.take_pages(p_tenant_id, v_page.run_id));
end $$;

grant execute on function
  service.chunks_to_embed(uuid, uuid, text, uuid, integer),
  service.release_embedding(uuid, uuid, uuid),
  service.publish_page(uuid, uuid, jsonb, text),
  service.fail_page(uuid, uuid, text, text)
to alonchat_service;

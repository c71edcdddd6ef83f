-- Who may listen to which topic, and who may touch which file.

-- The tenant in a topic ('tenant:<uuid>:crawl') or in a path ('<uuid>/…'); null when there is none, which no policy lets through.
create function private.uuid_or_null(p_text text) returns uuid language sql immutable set search_path = '' as $$
  select case when p_text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_text::uuid end;
$$;
create function private.topic_tenant_id(p_topic text) returns uuid language sql immutable set search_path = '' as $$
  select case when p_topic like 'tenant:%' then private.uuid_or_null(split_part(p_topic, ':', 2)) end;
$$;
grant execute on function private.uuid_or_null(text), private.topic_tenant_id(text) to authenticated;

-- Members listen to their tenant's topics. Nobody may send: messages come from the database alone.
create policy messages_select_viewer on realtime.messages for select to authenticated
  using (private.topic_tenant_id((select realtime.topic())) in (select private.tenant_ids()));

insert into storage.buckets (id, name, public) values ('sources', 'sources', false) on conflict (id) do nothing;
create policy sources_select_viewer on storage.objects for select to authenticated
  using (bucket_id = 'sources' and private.uuid_or_null((storage.foldername(name))[1]) in (select private.tenant_ids()));
create policy sources_insert_admin on storage.objects for insert to authenticated
  with check (bucket_id = 'sources' and private.uuid_or_null((storage.foldername(name))[1]) in (select private.tenant_ids('admin')));
create policy sources_update_admin on storage.objects for update to authenticated
  using (bucket_id = 'sources' and private.uuid_or_null((storage.foldername(name))[1]) in (select private.tenant_ids('admin')))
  with check (bucket_id = 'sources' and private.uuid_or_null((storage.foldername(name))[1]) in (select private.tenant_ids('admin')));
create policy sources_delete_admin on storage.objects for delete to authenticated
  using (bucket_id = 'sources' and private.uuid_or_null((storage.foldername(name))[1]) in (select private.tenant_ids('admin')));

-- The database's half of Realtime. Signatures and grants are hosted Supabase's; hosted reads the write-ahead log where this
-- uses NOTIFY. NOTIFY carries ids only, because it is limited to 8,000 bytes; the server reads the rows.

create or replace function realtime.topic() returns text language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')::text
$$;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  primary key (id, inserted_at)
);
alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to postgres, anon, authenticated, service_role;

create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
declare
  generated_id uuid;
  final_payload jsonb;
begin
  begin
    generated_id := gen_random_uuid();
    final_payload := case when payload ? 'id' then payload else jsonb_set(payload, '{id}', to_jsonb(generated_id)) end;
    execute format('set local realtime.topic to %L', topic);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (generated_id, final_payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
  end;
end $$;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  perform realtime.send(
    jsonb_build_object('old_record', old, 'record', new, 'operation', operation, 'table', table_name, 'schema', table_schema),
    event_name, topic_name
  );
exception when others then
  raise exception 'Failed to process the row: %', sqlerrm;
end $$;

create or replace function realtime.notify_broadcast() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform pg_notify('realtime_broadcast', json_build_object('id', new.id, 'topic', new.topic)::text);
  return null;
end $$;
-- Rows without an event are the permission checks of joining channels, which are rolled back.
create or replace trigger realtime_broadcast after insert on realtime.messages
  for each row when (new.extension = 'broadcast' and new.event is not null) execute function realtime.notify_broadcast();

create or replace function realtime.notify_change() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  changed jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  primary_key jsonb;
begin
  select jsonb_object_agg(a.attname, changed -> a.attname) into primary_key
  from pg_catalog.pg_index i
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = tg_relid and i.indisprimary;
  perform pg_notify(
    'realtime_changes',
    json_build_object('schema', tg_table_schema, 'table', tg_table_name, 'type', tg_op, 'key', primary_key, 'at', now())::text
  );
  return null;
end $$;

-- Keeps the triggers in step with "alter publication supabase_realtime add table …".
create or replace function realtime.follow_publication() returns void language plpgsql security definer set search_path = '' as $$
declare
  r record;
begin
  for r in
    select p.schemaname, p.tablename from pg_catalog.pg_publication_tables p
    where p.pubname = 'supabase_realtime' and p.schemaname <> 'realtime' and not exists (
      select from pg_catalog.pg_trigger t
      where t.tgname = 'realtime_changes' and t.tgrelid = format('%I.%I', p.schemaname, p.tablename)::regclass)
  loop
    execute format('create trigger realtime_changes after insert or update or delete on %I.%I for each row execute function realtime.notify_change()', r.schemaname, r.tablename);
  end loop;
  for r in
    select n.nspname, c.relname from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where t.tgname = 'realtime_changes' and not t.tgisinternal and not exists (
      select from pg_catalog.pg_publication_tables p
      where p.pubname = 'supabase_realtime' and p.schemaname = n.nspname and p.tablename = c.relname)
  loop
    execute format('drop trigger realtime_changes on %I.%I', r.nspname, r.relname);
  end loop;
end $$;

create or replace function realtime.on_publication_ddl() returns event_trigger language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.follow_publication();
end $$;
do $$
begin
  if not exists (select from pg_event_trigger where evtname = 'realtime_follow_publication') then
    create event trigger realtime_follow_publication on ddl_command_end
      when tag in ('CREATE PUBLICATION', 'ALTER PUBLICATION') execute function realtime.on_publication_ddl();
  end if;
end $$;
select realtime.follow_publication();

revoke all on function realtime.notify_broadcast(), realtime.notify_change(), realtime.follow_publication() from public;

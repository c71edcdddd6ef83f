-- Owners and grants of the tables that the gateway's schemas brought, as hosted Supabase has them. Runs after those schemas.

do $$
declare
  r record;
begin
  for r in select schemaname, tablename from pg_tables where schemaname in ('auth', 'storage') loop
    execute format('alter table %I.%I owner to %I', r.schemaname, r.tablename, format('supabase_%s_admin', r.schemaname));
    execute format('alter table %I.%I enable row level security', r.schemaname, r.tablename);
  end loop;
end $$;

grant all on all tables in schema auth to postgres;
grant all on all tables in schema storage to postgres, anon, authenticated, service_role;

-- The stand-in for hosted's rule that platform schemas belong to the platform.
create or replace function realtime.refuse_platform_ddl() returns event_trigger language plpgsql as $$
declare
  command record;
begin
  if (select rolsuper from pg_roles where rolname = session_user) then
    return;
  end if;
  for command in select * from pg_event_trigger_ddl_commands() loop
    if command.schema_name in ('auth', 'storage', 'realtime')
      and command.command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'CREATE TRIGGER', 'COMMENT', 'GRANT', 'REVOKE')
    then
      raise insufficient_privilege using
        message = format('must be owner of %s', command.object_identity),
        hint = format('On hosted Supabase the schema "%s" belongs to the platform: migrations may add policies and triggers there, nothing else.', command.schema_name);
    end if;
  end loop;
end $$;
do $$
begin
  if not exists (select from pg_event_trigger where evtname = 'refuse_platform_ddl') then
    create event trigger refuse_platform_ddl on ddl_command_end execute function realtime.refuse_platform_ddl();
  end if;
end $$;

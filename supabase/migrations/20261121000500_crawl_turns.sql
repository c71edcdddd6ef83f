-- Hosts, and whose turn it is at them; robots.txt. Shared by all tenants.

-- Hosts are shared by all tenants: one line each, across all workers. host has its port unless it is the usual one.
create table private.hosts (
  host text primary key,
  -- When the last request went out (a little ahead of now while a request waits for its moment).
  last_at timestamptz not null default '-infinity',
  -- The end of the line: the turn of the next page that joins it.
  next_at timestamptz not null default '-infinity',
  -- Set by 429 and 503: nobody fetches before.
  blocked_until timestamptz not null default '-infinity',
  -- What the host's robots.txt asks for between two requests.
  crawl_delay_ms integer not null default 0,
  -- What 429 and 503 have added to the pause (not for the operator's own hosts); 0 when the host is content. Doubled by each, halved by time without any.
  slow_ms integer not null default 0,
  slowed_at timestamptz not null default '-infinity'
);
alter table private.hosts enable row level security;
alter table private.hosts force row level security;

-- robots.txt, one an origin (scheme, host and port, as RFC 9309 has it), shared by all tenants.
create table private.robots (
  origin text primary key,
  robots jsonb,
  fetched_at timestamptz not null default '-infinity',
  expires_at timestamptz not null default '-infinity',
  -- Somebody fetches it until then.
  lease_until timestamptz not null default '-infinity'
);
alter table private.robots enable row level security;
alter table private.robots force row level security;

create function private.lock_host(p_host text) returns private.hosts language plpgsql volatile set search_path = '' as $$
declare v_host private.hosts;
begin
  insert into private.hosts (host) values (p_host) on conflict do nothing;
  select h.* into v_host from private.hosts h where h.host = p_host for no key update;
  return v_host;
end $$;

-- The pause between two requests. p_own_hosts, as host or host:port, belong to the operator: only what their robots.txt asks for.
create function private.host_pause(p_host private.hosts, p_delay_ms integer, p_own_hosts text[]) returns interval language sql immutable set search_path = '' as $$
  select interval '1 millisecond' * greatest((p_host).crawl_delay_ms,
    case when (p_host).host = any (p_own_hosts) or regexp_replace((p_host).host, ':[0-9]+$', '') = any (p_own_hosts) then 0 else p_delay_ms + (p_host).slow_ms end);
$$;

-- A host answered a request of p_sent_at with 429 or 503: nobody asks it before p_until, and from then on with a longer pause: 250 ms
-- more, doubled each time, up to a minute. Answers to requests that had been sent before it was slowed down say nothing new.
create function private.slow_host(p_host text, p_sent_at timestamptz, p_until timestamptz) returns void language sql volatile set search_path = '' as $$
  update private.hosts h set blocked_until = greatest(h.blocked_until, p_until),
      slow_ms = case when h.slowed_at < p_sent_at then least(greatest(2 * h.slow_ms, 250), 60000) else h.slow_ms end,
      slowed_at = case when h.slowed_at < p_sent_at then clock_timestamp() else h.slowed_at end
    where h.host = p_host;
$$;

-- Halves the pause of a slowed host when it has been content for as long as 20 such pauses.
create function private.ease_host(p_host private.hosts) returns private.hosts language plpgsql volatile set search_path = '' as $$
declare v_host private.hosts := p_host;
begin
  if v_host.slow_ms > 0 and clock_timestamp() - greatest(v_host.slowed_at, v_host.blocked_until)
      > 20 * v_host.slow_ms * interval '1 millisecond' then
    update private.hosts h set slow_ms = case when h.slow_ms < 500 then 0 else h.slow_ms / 2 end, slowed_at = clock_timestamp()
      where h.host = v_host.host returning h.* into v_host;
  end if;
  return v_host;
end $$;

-- A moment for a request that is no page (robots.txt, a sitemap): ahead of the pages in line, and like them a pause after the last one.
-- Returns how many milliseconds to wait for it.
create function service.take_turn(p_host text, p_delay_ms integer, p_own_hosts text[]) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_host private.hosts := private.lock_host(p_host);
  v_pause interval := private.host_pause(v_host, p_delay_ms, p_own_hosts);
  v_now timestamptz := clock_timestamp();
  v_at timestamptz := greatest(v_now, v_host.last_at + v_pause);
begin
  update private.hosts h set last_at = v_at, next_at = greatest(h.next_at, v_at + v_pause) where h.host = p_host;
  return ceil(extract(epoch from v_at - v_now) * 1000)::integer;
end $$;

-- robots.txt of an origin, not older than p_max_age_ms. Returns
-- {"state": "fresh", "robots", "fetchedAt", "expiresAt"} (times in Unix milliseconds),
-- {"state": "fetch", "waitMs", "known"}: the caller fetches it, for 30 s alone, after waitMs; known is an older copy or null,
-- {"state": "wait"}: another fetches it, or {"state": "blocked", "waitMs"}: the host asked for a pause and no copy is known.
create function service.get_robots(p_origin text, p_host text, p_max_age_ms bigint, p_delay_ms integer, p_own_hosts text[])
returns jsonb language plpgsql volatile security definer set search_path = '' as $$
declare
  v_robots private.robots;
  v_now timestamptz := clock_timestamp();
  v_oldest timestamptz := v_now - p_max_age_ms * interval '1 millisecond';
  v_blocked_until timestamptz;
  v_wait_ms integer;
begin
  select o.* into v_robots from private.robots o where o.origin = p_origin;
  select h.blocked_until into v_blocked_until from private.hosts h where h.host = p_host and h.blocked_until > v_now;
  if v_robots.robots is not null and (v_blocked_until is not null or (v_robots.expires_at > v_now and v_robots.fetched_at >= v_oldest)) then
    return jsonb_build_object('state', 'fresh', 'robots', v_robots.robots,
      'fetchedAt', floor(extract(epoch from v_robots.fetched_at) * 1000)::bigint,
      'expiresAt', floor(extract(epoch from greatest(v_robots.expires_at, v_blocked_until)) * 1000)::bigint);
  elsif v_blocked_until is not null then
    return jsonb_build_object('state', 'blocked', 'waitMs', ceil(extract(epoch from v_blocked_until - v_now) * 1000)::bigint);
  end if;
  insert into private.robots as o (origin, lease_until) values (p_origin, v_now + interval '30 seconds')
  on conflict (origin) do update set lease_until = excluded.lease_until
    where o.lease_until < v_now and not (o.expires_at > v_now and o.fetched_at >= v_oldest);
  if not found then return '{"state": "wait"}'; end if;
  v_wait_ms := service.take_turn(p_host, p_delay_ms, p_own_hosts);
  update private.robots o set lease_until = o.lease_until + v_wait_ms * interval '1 millisecond' where o.origin = p_origin;
  return jsonb_build_object('state', 'fetch', 'waitMs', v_wait_ms, 'known', v_robots.robots);
end $$;

-- Keeps what came of it; returns the time of it in Unix milliseconds.
create function service.put_robots(p_origin text, p_host text, p_robots jsonb, p_crawl_delay_ms integer, p_ttl_ms bigint) returns double precision
language plpgsql volatile security definer set search_path = '' as $$
declare v_now timestamptz := clock_timestamp();
begin
  update private.robots o set robots = p_robots, fetched_at = v_now, expires_at = v_now + p_ttl_ms * interval '1 millisecond', lease_until = '-infinity'
    where o.origin = p_origin;
  update private.hosts h set crawl_delay_ms = p_crawl_delay_ms where h.host = p_host;
  return floor(extract(epoch from v_now) * 1000);
end $$;

grant execute on function
  service.take_turn(text, integer, text[]),
  service.get_robots(text, text, bigint, integer, text[]),
  service.put_robots(text, text, jsonb, integer, bigint)
to alonchat_service;

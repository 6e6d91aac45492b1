-- Consolidation by the app's own long-lived processes: one of them runs each date of the schedule, all of them know how the
-- last run went, and a person whose messages the model does not take is left alone for longer each time.

create table private.jobs (
  name text primary key,
  -- The latest date of the schedule that a process took on. Each date is run by one process.
  due_at timestamptz not null,
  -- The process that is at it; null when none is. A lease that ran out belongs to a process that died.
  token uuid,
  leased_until timestamptz,
  succeeded_at timestamptz,
  failed_at timestamptz
);

grant select, insert, update on private.jobs to service_role;

-- Takes on the run that was due at this date. False when another process has taken it on, or is still at an earlier one.
create function public.begin_job(p_name text, p_due_at timestamptz, p_token uuid, p_lease_seconds integer) returns boolean
language plpgsql volatile security invoker set search_path = '' as $$
begin
  insert into private.jobs as job (name, due_at, token, leased_until)
  values (p_name, p_due_at, p_token, clock_timestamp() + make_interval(secs => p_lease_seconds))
  on conflict (name) do update
    set due_at = excluded.due_at, token = excluded.token, leased_until = excluded.leased_until
    where job.due_at < excluded.due_at and (job.leased_until is null or job.leased_until < clock_timestamp());
  return found;
end;
$$;

-- States how a run went, whoever began it, and gives the lease back where it is the caller's.
create function public.end_job(p_name text, p_token uuid, p_succeeded boolean) returns void
language sql volatile security invoker set search_path = '' as $$
  insert into private.jobs as job (name, due_at, succeeded_at, failed_at)
  values (
    p_name, '-infinity',
    case when p_succeeded then clock_timestamp() end, case when p_succeeded then null else clock_timestamp() end
  )
  on conflict (name) do update
    set succeeded_at = coalesce(excluded.succeeded_at, job.succeeded_at),
        failed_at = coalesce(excluded.failed_at, job.failed_at),
        token = case when job.token = p_token then null else job.token end,
        leased_until = case when job.token = p_token then null else job.leased_until end;
$$;

-- When a job last succeeded and last failed; null when it never has.
create function public.job_state(p_name text) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object('succeeded_at', succeeded_at, 'failed_at', failed_at) from private.jobs where name = p_name;
$$;

-- What is known is the person's to steer: paused, it stays and is in no context; off the record, a conversation is kept for
-- them, and is in no other context and never consolidated.
alter table public.dreams add column paused boolean not null default false;
alter table public.reflections add column paused boolean not null default false;
alter table public.clarify_patterns
  add column paused boolean not null default false,
  -- The messages that show it, oldest first. Some may be gone.
  add column message_ids uuid[] not null default '{}';
alter table public.clarify_sessions add column off_record boolean not null default false;

-- Pausing says nothing new: it moves nothing to the top of a list.
drop trigger b_touch on public.reflections;
create trigger b_touch before update of dream_id, tone, content, updated_at on public.reflections
  for each row execute function private.touch();

-- Of a pattern a person changes the words, and whether it is paused; the rest is the consolidation's.
create policy "own patterns are editable" on public.clarify_patterns
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
drop trigger a_keep_columns on public.clarify_patterns;
create trigger a_keep_columns before update on public.clarify_patterns
  for each row execute function private.keep_columns(
    'id', 'user_id', 'session_id', 'type', 'strength', 'last_seen_at', 'decayed_at', 'message_ids', 'created_at'
  );

-- Attempts in a row that cost money and came to nothing, and until when the person is left alone for it.
alter table private.consolidations
  add column fruitless integer not null default 0,
  add column retry_at timestamptz;

create or replace function public.people_to_consolidate(p_min_messages integer, p_limit integer) returns setof uuid
language sql stable security invoker set search_path = '' as $$
  select waiting.user_id
  from (
    select message.user_id, min(message.created_at) as since
    from public.clarify_messages as message
    join public.clarify_sessions as session on session.id = message.session_id and not session.off_record
    where message.role = 'user' and message.consolidated_at is null
    group by message.user_id
    having count(*) >= p_min_messages
  ) as waiting
  left join private.consolidations as claim on claim.user_id = waiting.user_id
  where (claim.claimed_until is null or claim.claimed_until < clock_timestamp())
    and (claim.retry_at is null or claim.retry_at < clock_timestamp())
  order by claim.attempted_at nulls first, waiting.since, waiting.user_id
  limit p_limit;
$$;

-- A fruitless attempt leaves the person alone for two hours, and for twice as long after each further one, up to a week.
drop function public.abandon_consolidation(uuid, uuid);
create function public.abandon_consolidation(p_user_id uuid, p_token uuid, p_fruitless boolean) returns void
language sql volatile security invoker set search_path = '' as $$
  update private.consolidations
  set token = null,
      claimed_until = null,
      fruitless = case when p_fruitless then fruitless + 1 else fruitless end,
      retry_at = case
        when p_fruitless then clock_timestamp() + least(interval '7 days', interval '2 hours' * power(2, least(fruitless, 10)))
        else retry_at
      end
  where user_id = p_user_id and token = p_token;
$$;

-- As before, but of conversations that are on the record only.
create or replace function public.begin_consolidation(
  p_user_id uuid,
  p_token uuid,
  p_min_messages integer,
  p_max_messages integer,
  p_max_characters integer,
  p_claim_seconds integer
) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_messages jsonb;
  v_patterns jsonb;
begin
  insert into private.consolidations as claim (user_id, token, claimed_until, attempted_at)
  select id, p_token, clock_timestamp() + make_interval(secs => p_claim_seconds), clock_timestamp()
  from public.users where id = p_user_id
  on conflict (user_id) do update
    set token = excluded.token, claimed_until = excluded.claimed_until, attempted_at = excluded.attempted_at
    where claim.claimed_until is null or claim.claimed_until < clock_timestamp();
  if not found then
    return null;
  end if;

  select jsonb_agg(jsonb_build_object('id', id, 'content', content) order by created_at, id)
  into v_messages
  from (
    select
      oldest.*,
      sum(char_length(content)) over (order by created_at, id) - char_length(content) as characters_before
    from (
      select message.id, message.content, message.created_at
      from public.clarify_messages as message
      join public.clarify_sessions as session on session.id = message.session_id and not session.off_record
      where message.user_id = p_user_id and message.role = 'user' and message.consolidated_at is null
      order by message.created_at, message.id
      limit p_max_messages
    ) as oldest
  ) as counted
  where characters_before < p_max_characters;

  if coalesce(jsonb_array_length(v_messages), 0) < p_min_messages then
    update private.consolidations set token = null, claimed_until = null where user_id = p_user_id;
    return null;
  end if;

  select coalesce(
    jsonb_agg(
      jsonb_build_object('id', id, 'type', type, 'content', content) order by strength desc, last_seen_at desc, id desc
    ),
    '[]'::jsonb
  )
  into v_patterns
  from public.clarify_patterns where user_id = p_user_id;

  return jsonb_build_object('messages', v_messages, 'patterns', v_patterns);
end;
$$;

-- As before; with each pattern go the messages that show it, the twenty latest of them, and the person's next messages are
-- read like anybody's.
--
--   p_seen   [{ id, by, message_ids }]
--   p_added  [{ type, content, strength, message_id, message_ids }]
create or replace function public.finish_consolidation(
  p_user_id uuid,
  p_token uuid,
  p_message_ids uuid[],
  p_seen jsonb,
  p_added jsonb,
  p_max_patterns integer
) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_marked integer;
  v_seen_at timestamptz;
  v_strengthened integer;
  v_decayed integer;
  v_added integer;
  v_dropped integer;
begin
  update private.consolidations set token = null, claimed_until = null, fruitless = 0, retry_at = null
  where user_id = p_user_id and token = p_token;
  if not found then
    raise exception 'the claim is lost' using errcode = 'PT409';
  end if;

  with marked as (
    update public.clarify_messages
    set consolidated_at = clock_timestamp()
    where id = any (p_message_ids) and user_id = p_user_id and role = 'user' and consolidated_at is null
    returning created_at
  )
  select count(*), max(created_at) into v_marked, v_seen_at from marked;
  if v_marked is distinct from cardinality(p_message_ids) then
    raise exception 'the messages have changed' using errcode = 'PT409';
  end if;

  update public.clarify_patterns as pattern
  set strength = least(10, pattern.strength + seen.by),
      last_seen_at = greatest(pattern.last_seen_at, v_seen_at),
      message_ids = (pattern.message_ids || seen.message_ids)[greatest(1, cardinality(pattern.message_ids || seen.message_ids) - 19):]
  from jsonb_to_recordset(p_seen) as seen (id uuid, by integer, message_ids uuid[])
  where pattern.id = seen.id and pattern.user_id = p_user_id;
  get diagnostics v_strengthened = row_count;

  update public.clarify_patterns as pattern
  set strength = greatest(1, pattern.strength - unseen.periods),
      decayed_at = unseen.since + unseen.periods * interval '30 days'
  from (
    select id, since, floor(extract(epoch from clock_timestamp() - since) / extract(epoch from interval '30 days'))::integer as periods
    from (
      -- greatest ignores nulls.
      select id, greatest(last_seen_at, decayed_at) as since from public.clarify_patterns
      where user_id = p_user_id
        and id not in (select seen.id from jsonb_to_recordset(p_seen) as seen (id uuid))
    ) as dated
  ) as unseen
  where pattern.id = unseen.id and unseen.periods >= 1;
  get diagnostics v_decayed = row_count;

  insert into public.clarify_patterns (user_id, session_id, type, content, strength, last_seen_at, message_ids)
  select p_user_id, message.session_id, added.type, added.content, added.strength, v_seen_at, added.message_ids[:20]
  from jsonb_to_recordset(p_added) as added (type text, content text, strength integer, message_id uuid, message_ids uuid[])
  join public.clarify_messages as message on message.id = added.message_id and message.user_id = p_user_id
  where not exists (
    select 1 from public.clarify_patterns as pattern
    where pattern.user_id = p_user_id and pattern.type = added.type and lower(pattern.content) = lower(added.content)
  );
  get diagnostics v_added = row_count;

  delete from public.clarify_patterns
  where id in (
    select id from public.clarify_patterns where user_id = p_user_id
    order by strength desc, last_seen_at desc, id desc offset p_max_patterns
  );
  get diagnostics v_dropped = row_count;

  return jsonb_build_object(
    'messages', v_marked,
    'strengthened', v_strengthened,
    'added', v_added,
    'decayed', v_decayed,
    'dropped', v_dropped
  );
end;
$$;

revoke execute on function
  public.begin_job (text, timestamptz, uuid, integer),
  public.end_job (text, uuid, boolean),
  public.job_state (text),
  public.abandon_consolidation (uuid, uuid, boolean)
from public, anon, authenticated;
grant execute on function
  public.begin_job (text, timestamptz, uuid, integer),
  public.end_job (text, uuid, boolean),
  public.job_state (text),
  public.abandon_consolidation (uuid, uuid, boolean)
to service_role;

-- Lost: when the jobs last ran, which messages show a pattern, and what was paused or off the record. The earlier release knows of
-- neither: what was paused is in contexts again, and so are the titles of conversations off the record. Their messages are not read
-- for patterns later on either.

update public.clarify_messages as message set consolidated_at = clock_timestamp()
from public.clarify_sessions as session
where session.id = message.session_id and session.off_record and message.consolidated_at is null;

drop function public.begin_job (text, timestamptz, uuid, integer);
drop function public.end_job (text, uuid, boolean);
drop function public.job_state (text);
drop table private.jobs;

-- Consolidation

drop function public.abandon_consolidation (uuid, uuid, boolean);
create or replace function public.abandon_consolidation(p_user_id uuid, p_token uuid) returns void
language sql volatile security invoker set search_path = '' as $$
  update private.consolidations set token = null, claimed_until = null where user_id = p_user_id and token = p_token;
$$;
revoke execute on function public.abandon_consolidation (uuid, uuid) from public, anon, authenticated;
grant execute on function public.abandon_consolidation (uuid, uuid) to service_role;

create or replace function public.people_to_consolidate(p_min_messages integer, p_limit integer) returns setof uuid
language sql stable security invoker set search_path = '' as $$
  select waiting.user_id
  from (
    select message.user_id, min(message.created_at) as since
    from public.clarify_messages as message
    where message.role = 'user' and message.consolidated_at is null
    group by message.user_id
    having count(*) >= p_min_messages
  ) as waiting
  left join private.consolidations as claim on claim.user_id = waiting.user_id
  where claim.claimed_until is null or claim.claimed_until < clock_timestamp()
  order by claim.attempted_at nulls first, waiting.since, waiting.user_id
  limit p_limit;
$$;

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
  update private.consolidations set token = null, claimed_until = null where user_id = p_user_id and token = p_token;
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
  set strength = least(10, pattern.strength + seen.by), last_seen_at = greatest(pattern.last_seen_at, v_seen_at)
  from jsonb_to_recordset(p_seen) as seen (id uuid, by integer)
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

  insert into public.clarify_patterns (user_id, session_id, type, content, strength, last_seen_at)
  select p_user_id, message.session_id, added.type, added.content, added.strength, v_seen_at
  from jsonb_to_recordset(p_added) as added (type text, content text, strength integer, message_id uuid)
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

alter table private.consolidations drop column fruitless, drop column retry_at;

-- Patterns

drop policy "own patterns are editable" on public.clarify_patterns;
drop trigger a_keep_columns on public.clarify_patterns;
create trigger a_keep_columns before update on public.clarify_patterns
  for each row execute function private.keep_columns('id', 'user_id', 'created_at');

drop trigger b_touch on public.reflections;
create trigger b_touch before update on public.reflections for each row execute function private.touch();

alter table public.dreams drop column paused;
alter table public.reflections drop column paused;
alter table public.clarify_patterns drop column paused, drop column message_ids;
alter table public.clarify_sessions drop column off_record;

delete from supabase_migrations.schema_migrations where version = '20261126200000';

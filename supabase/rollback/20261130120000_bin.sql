-- Lost: what is in people's bins. It is removed for good.

create or replace function public.people_with_old_conversations(p_days integer, p_limit integer) returns setof uuid
language sql stable security invoker set search_path = '' as $$
  select user_id from public.clarify_sessions
  where last_message_at < clock_timestamp() - make_interval(days => p_days)
  group by user_id
  order by min(last_message_at), user_id
  limit p_limit;
$$;

create or replace function public.remove_old_conversations(p_user_id uuid, p_days integer, p_limit integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_old uuid[];
  v_removed integer;
begin
  if (p_days >= 1 and p_limit between 1 and 1000) is not true then
    raise exception 'p_days or p_limit is out of range' using errcode = '22023';
  end if;
  v_old := array(
    select session.id from public.clarify_sessions as session
    where session.user_id = p_user_id
      and session.last_message_at < clock_timestamp() - make_interval(days => p_days)
      and not exists (
        select 1 from public.clarify_messages as message
        where message.session_id = session.id and message.answering_until > clock_timestamp()
      )
    order by session.last_message_at, session.id
    limit p_limit
    for update skip locked
  );
  delete from public.clarify_sessions as session
  where session.id = any (v_old)
    and not exists (
      select 1 from public.clarify_messages as message
      where message.session_id = session.id and message.answering_until > clock_timestamp()
    );
  get diagnostics v_removed = row_count;
  return v_removed;
end;
$$;

create or replace function public.begin_conversation(
  p_session_id uuid,
  p_off_record boolean,
  p_message_id uuid,
  p_content text,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer,
  p_related_limit integer default 0
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into public.clarify_sessions (id, user_id, off_record)
  values (p_session_id, private.caller(), p_off_record)
  on conflict (id) do nothing;
  return public.begin_message(
    p_session_id, p_message_id, p_content, p_history_limit, p_claim_token, p_claim_ms, p_related_limit
  );
end;
$$;

create or replace function public.forget(p_patterns uuid[], p_dreams uuid[], p_reflections uuid[], p_sessions uuid[])
returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_removed integer;
  v_all integer := 0;
begin
  delete from public.clarify_patterns where id = any (p_patterns);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.dreams where id = any (p_dreams);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.reflections where id = any (p_reflections);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.clarify_sessions where id = any (p_sessions);
  get diagnostics v_removed = row_count;
  return v_all + v_removed;
end;
$$;

drop function public.empty_bins (integer, integer);
drop function public.search_bin (text[], integer);
drop function public.restore_from_bin (text, uuid);
drop function public.move_to_bin (text, uuid);
drop function private.put_back (regclass, jsonb);
drop table public.bin;

delete from supabase_migrations.schema_migrations where version = '20261130120000';

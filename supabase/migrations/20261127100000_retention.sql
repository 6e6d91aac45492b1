-- Conversations that are older than RETENTION_DAYS are removed by a job of the app, which calls these with the secret key. Runs
-- as the caller, so that on a server that lets every role call every function a person reaches their own rows only.

-- The people who have a conversation whose last message is older, whoever has the oldest first.
create function public.people_with_old_conversations(p_days integer, p_limit integer) returns setof uuid
language sql stable security invoker set search_path = '' as $$
  select user_id from public.clarify_sessions
  where last_message_at < clock_timestamp() - make_interval(days => p_days)
  group by user_id
  order by min(last_message_at), user_id
  limit p_limit;
$$;

-- Removes conversations of a person whose last message is older, the oldest first, with everything that hangs on them. One that
-- somebody is just writing in, or in which a reply is being written, is left to the next run. Returns how many were removed.
create function public.remove_old_conversations(p_user_id uuid, p_days integer, p_limit integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_removed integer;
begin
  if (p_days >= 1 and p_limit between 1 and 1000) is not true then
    raise exception 'p_days or p_limit is out of range' using errcode = '22023';
  end if;
  with old as (
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
  )
  delete from public.clarify_sessions as session using old where session.id = old.id;
  get diagnostics v_removed = row_count;
  return v_removed;
end;
$$;

revoke execute on function
  public.people_with_old_conversations (integer, integer),
  public.remove_old_conversations (uuid, integer, integer)
from public, anon, authenticated;
grant execute on function
  public.people_with_old_conversations (integer, integer),
  public.remove_old_conversations (uuid, integer, integer)
to service_role;

-- Names a conversation of the caller's after what it is about. Only a name that the first message gave is replaced, so that a name
-- that the person gave stays, also one that they give in the meantime. Returns whether it was replaced.
create function public.name_session(p_session_id uuid, p_title text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_first text;
begin
  select message.content into v_first from public.clarify_messages as message
  where message.session_id = p_session_id and message.user_id = v_user_id and message.role = 'user'
  order by message.created_at, message.id
  limit 1;
  update public.clarify_sessions as session set title = p_title
  where session.id = p_session_id
    and session.user_id = v_user_id
    and session.title = private.title_of(v_first)
    and session.title <> p_title;
  return found;
end;
$$;

revoke execute on function public.name_session (uuid, text) from public, anon;
grant execute on function public.name_session (uuid, text) to authenticated;

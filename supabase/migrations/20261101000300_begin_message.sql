-- Everything the database has to do before the model is called, in one round trip: is the session the caller's, store
-- the message, and give back what was said before it. Runs as the caller: row-level security is what makes a session of
-- somebody else's "not found", and the owner of what is stored is the owner of the session.
--
-- Sending the same message again returns created = false, and the reply to it when there is one already.
-- Failures carry SQLSTATEs that PostgREST turns into HTTP statuses: PT404 (no such session, or not the caller's) and
-- PT409 (the id is taken by a message of another content, session or person).
create function public.begin_message(
  p_session_id uuid,
  p_message_id uuid,
  p_content text,
  p_history_limit integer default 20
) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_user_id uuid;
  v_message public.clarify_messages;
  v_session public.clarify_sessions;
  v_reply jsonb;
  v_history jsonb;
  v_created boolean;
begin
  if p_history_limit is null or p_history_limit not between 0 and 100 then
    raise exception 'p_history_limit must be between 0 and 100' using errcode = '22023';
  end if;

  select user_id into v_user_id from public.clarify_sessions where id = p_session_id;
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;

  insert into public.clarify_messages (id, user_id, session_id, role, content)
  values (p_message_id, v_user_id, p_session_id, 'user', p_content)
  on conflict (id) do nothing;
  v_created := found;

  select * into v_message from public.clarify_messages where id = p_message_id;
  if not found
    or v_message.session_id <> p_session_id
    or v_message.role <> 'user'
    or v_message.content <> p_content
  then
    raise exception 'message id is taken' using errcode = 'PT409';
  end if;

  select * into v_session from public.clarify_sessions where id = p_session_id;

  select to_jsonb(reply) into v_reply from public.clarify_messages as reply where reply.reply_to = p_message_id;

  select coalesce(jsonb_agg(to_jsonb(earlier) order by earlier.created_at, earlier.id), '[]'::jsonb)
  into v_history
  from (
    select *
    from public.clarify_messages as message
    where message.session_id = p_session_id
      and (message.created_at, message.id) < (v_message.created_at, v_message.id)
    order by message.created_at desc, message.id desc
    limit p_history_limit
  ) as earlier;

  return jsonb_build_object(
    'message', to_jsonb(v_message),
    'created', v_created,
    'reply', v_reply,
    'history', v_history,
    'session', to_jsonb(v_session)
  );
end;
$$;

revoke execute on function public.begin_message (uuid, uuid, text, integer) from public, anon;
grant execute on function public.begin_message (uuid, uuid, text, integer) to authenticated, service_role;

-- A message is answered once, and a session has one reply at a time, whatever number of processes serve it.
--
-- Whoever answers a message holds a claim on it: answering_until, pushed on while the reply is written. A claim that ran
-- out belongs to a process that died; the next sender of the same message takes it over.
alter table public.clarify_messages add column answering_until timestamptz;

drop function public.begin_message (uuid, uuid, text, integer);

-- Everything the database has to do before the model is called, in one round trip: is the session the caller's, store the
-- message, claim the reply to it, and give back what was said before. Runs as the caller, under row-level security.
--
-- Sending the same message again stores nothing. It gives back the reply when there is one already; claimed tells whether
-- the caller is the one to write it.
-- Failures carry SQLSTATEs that PostgREST turns into HTTP statuses: PT404 (no such session, or not the caller's), PT409
-- (the id is taken by a message of another content, session or person), PT429 (another message of the session is being
-- answered).
create function public.begin_message(
  p_session_id uuid,
  p_message_id uuid,
  p_content text,
  p_history_limit integer,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_message public.clarify_messages;
  v_session public.clarify_sessions;
  v_reply jsonb;
  v_history jsonb;
  v_claimed boolean := false;
begin
  if p_history_limit not between 0 and 100 or p_claim_ms not between 1 and 600000 then
    raise exception 'p_history_limit or p_claim_ms is out of range' using errcode = '22023';
  end if;

  -- Locked, so that two messages of one session cannot both find it free.
  perform 1 from public.clarify_sessions where id = p_session_id and user_id = (select auth.uid()) for update;
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;

  if exists (
    select 1 from public.clarify_messages as other
    where other.session_id = p_session_id and other.id <> p_message_id and other.answering_until > clock_timestamp()
  ) then
    raise exception 'another message is being answered' using errcode = 'PT429';
  end if;

  insert into public.clarify_messages (id, user_id, session_id, role, content)
  values (p_message_id, (select auth.uid()), p_session_id, 'user', p_content)
  on conflict (id) do nothing;

  select * into v_message from public.clarify_messages where id = p_message_id and user_id = (select auth.uid());
  if not found
    or v_message.session_id <> p_session_id
    or v_message.role <> 'user'
    or v_message.content <> p_content
  then
    raise exception 'message id is taken' using errcode = 'PT409';
  end if;

  select to_jsonb(reply) into v_reply from public.clarify_messages as reply where reply.reply_to = p_message_id;

  if v_reply is null then
    update public.clarify_messages
    set answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
    where id = p_message_id and (answering_until is null or answering_until <= clock_timestamp());
    v_claimed := found;
  end if;

  select * into v_session from public.clarify_sessions where id = p_session_id;

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
    'claimed', v_claimed,
    'reply', v_reply,
    'history', v_history,
    'session', to_jsonb(v_session)
  );
end;
$$;

-- Pushes a claim on, or gives it up with 0.
create function public.hold_claim(p_message_id uuid, p_claim_ms integer) returns void
language sql volatile security invoker set search_path = '' as $$
  update public.clarify_messages
  set answering_until = case when p_claim_ms > 0 then clock_timestamp() + p_claim_ms * interval '1 millisecond' end
  where id = p_message_id and user_id = (select auth.uid()) and role = 'user';
$$;

-- The reply's own row ends the claim, in the transaction that stores it.
create function private.end_claim() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_messages set answering_until = null where id = new.reply_to;
  return null;
end;
$$;

create trigger end_claim after insert on public.clarify_messages
  for each row when (new.reply_to is not null) execute function private.end_claim();

create index clarify_messages_being_answered on public.clarify_messages (session_id) where answering_until is not null;

revoke execute on function public.begin_message (uuid, uuid, text, integer, integer) from public, anon;
revoke execute on function public.hold_claim (uuid, integer) from public, anon;
grant execute on function public.begin_message (uuid, uuid, text, integer, integer) to authenticated, service_role;
grant execute on function public.hold_claim (uuid, integer) to authenticated, service_role;

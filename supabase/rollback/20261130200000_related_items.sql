-- Lost: the index of words, which is made of the items again.

drop trigger d_index_item on public.reflections;
drop trigger d_index_item on public.dreams;
drop trigger d_index_item on public.clarify_messages;
drop trigger d_unindex_item on public.reflections;
drop trigger d_unindex_item on public.dreams;
drop trigger d_unindex_item on public.clarify_messages;

drop function public.begin_message (uuid, uuid, text, integer, uuid, integer, integer);
create function public.begin_message(
  p_session_id uuid,
  p_message_id uuid,
  p_content text,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_message public.clarify_messages;
  v_session public.clarify_sessions;
  v_reply jsonb;
  v_history jsonb;
  v_claimed boolean := false;
begin
  if (p_history_limit between 0 and 100 and p_claim_ms between 1 and 600000 and p_claim_token is not null) is not true then
    raise exception 'p_history_limit, p_claim_ms or p_claim_token is out of range' using errcode = '22023';
  end if;

  -- Locked, so that two messages of one session cannot both find it free.
  perform 1 from public.clarify_sessions where id = p_session_id and user_id = v_user_id for update;
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
  values (p_message_id, v_user_id, p_session_id, 'user', p_content)
  on conflict (id) do nothing;

  select * into v_message from public.clarify_messages where id = p_message_id and user_id = v_user_id;
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
    set answering_token = p_claim_token, answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
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
drop function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer, text, integer);
create function public.begin_variant(
  p_session_id uuid,
  p_message_id uuid,
  p_reply_id uuid,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions;
  v_message public.clarify_messages;
  v_reply public.clarify_messages;
  v_history jsonb;
  v_done boolean;
  v_claimed boolean := false;
begin
  if (
    p_history_limit between 0 and 100 and p_claim_ms between 1 and 600000
    and p_claim_token is not null and p_reply_id is not null
  ) is not true then
    raise exception 'p_history_limit, p_claim_ms, p_claim_token or p_reply_id is out of range' using errcode = '22023';
  end if;

  v_session := private.lock_session(p_session_id);
  if exists (
    select 1 from public.clarify_messages as other
    where other.session_id = p_session_id and other.id <> p_message_id and other.answering_until > clock_timestamp()
  ) then
    raise exception 'another message is being answered' using errcode = 'PT429';
  end if;
  v_message := private.last_question(p_session_id, p_message_id);
  select * into v_reply from public.clarify_messages where reply_to = p_message_id;

  v_done := v_reply.id is not distinct from p_reply_id
    or exists (select 1 from public.clarify_variants where id = p_reply_id and message_id = p_message_id);
  if not v_done then
    update public.clarify_messages
    set answering_token = p_claim_token, answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
    where id = p_message_id and (answering_until is null or answering_until <= clock_timestamp());
    v_claimed := found;
  end if;

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
    'done', v_done,
    'reply', case when v_reply.id is not null then to_jsonb(v_reply) end,
    'history', v_history,
    'session', to_jsonb(v_session)
  );
end;
$$;
revoke execute on function public.begin_message (uuid, uuid, text, integer, uuid, integer) from public, anon;
revoke execute on function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer) from public, anon;
grant execute on function public.begin_message (uuid, uuid, text, integer, uuid, integer) to authenticated;
grant execute on function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer) to authenticated;

drop function private.related_items_or_null (public.clarify_messages, text, integer);
drop function private.related_items (public.clarify_messages, text, integer);
drop function private.unindex_item ();
drop function private.index_item ();
drop function private.keep_item_words (uuid, uuid, text, timestamptz, text);
drop function private.word_key (uuid, text);
drop table private.item_words;
drop table private.common_lexemes;
drop function private.words_of (text);
drop function private.is_stop_word (text);
drop function private.fold (text);

delete from supabase_migrations.schema_migrations where version = '20261130200000';

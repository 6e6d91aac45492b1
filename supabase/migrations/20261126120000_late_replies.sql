-- A reply that could not be stored when it was finished gives its claim up, so that its conversation is free, and is stored
-- later: where nobody has answered the message since, and nobody is doing so.

-- Takes a claim that nobody holds, for the rest of the transaction. Fails with PT404 when the message is gone, and with PT429
-- while somebody else writes its reply.
create function private.take_free_claim(p_message_id uuid, p_claim_token uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_message public.clarify_messages;
begin
  select * into v_message from public.clarify_messages
  where id = p_message_id and user_id = private.caller() and role = 'user' for update;
  if not found then
    raise exception 'message not found' using errcode = 'PT404';
  end if;
  if v_message.answering_until > clock_timestamp() and v_message.answering_token is distinct from p_claim_token then
    raise exception 'somebody else writes the reply' using errcode = 'PT429';
  end if;
  update public.clarify_messages
  set answering_token = p_claim_token, answering_until = clock_timestamp() + interval '1 second'
  where id = p_message_id;
end;
$$;

-- As store_reply, without a claim. The reply stands behind its message, also where the conversation has gone on. Fails with
-- PT409 when the message has another reply by now, and as above.
create function public.store_late_reply(
  p_message_id uuid,
  p_claim_token uuid,
  p_reply_id uuid,
  p_content text,
  p_status text,
  p_model text,
  p_tool_use jsonb,
  p_usage jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_message public.clarify_messages;
  v_reply public.clarify_messages;
begin
  select * into v_reply from public.clarify_messages where id = p_reply_id and user_id = private.caller();
  if found then
    return to_jsonb(v_reply);
  end if;
  perform private.take_free_claim(p_message_id, p_claim_token);
  if exists (select 1 from public.clarify_messages where reply_to = p_message_id) then
    raise exception 'the message has a reply' using errcode = 'PT409';
  end if;
  perform public.store_reply(
    p_message_id, p_claim_token, p_reply_id, p_content, p_status, p_model, p_tool_use, p_usage
  );
  select * into v_message from public.clarify_messages where id = p_message_id;
  update public.clarify_messages as reply
  set created_at = v_message.created_at + interval '1 millisecond'
  where reply.id = p_reply_id
    and exists (
      select 1 from public.clarify_messages as later
      where later.session_id = v_message.session_id
        and later.id not in (p_message_id, p_reply_id)
        and later.created_at > v_message.created_at
    );
  select * into v_reply from public.clarify_messages where id = p_reply_id;
  return to_jsonb(v_reply);
end;
$$;

-- As extend_reply, without a claim. A rest that is there already is given back with its reply.
create function public.extend_late_reply(
  p_reply_id uuid,
  p_claim_token uuid,
  p_from integer,
  p_content text,
  p_status text,
  p_tool_use jsonb,
  p_usage jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_reply public.clarify_messages;
begin
  select * into v_reply from public.clarify_messages where id = p_reply_id and user_id = private.caller();
  if not found then
    raise exception 'reply not found' using errcode = 'PT404';
  end if;
  if v_reply.status = p_status
    and char_length(v_reply.content) = p_from + char_length(p_content)
    and right(v_reply.content, -p_from) = p_content
  then
    return to_jsonb(v_reply);
  end if;
  perform private.take_free_claim(v_reply.reply_to, p_claim_token);
  return public.extend_reply(p_reply_id, p_claim_token, p_from, p_content, p_status, p_tool_use, p_usage);
end;
$$;

revoke execute on function private.take_free_claim (uuid, uuid) from public, anon, authenticated;
revoke execute on function public.store_late_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb) from public, anon;
revoke execute on function public.extend_late_reply (uuid, uuid, integer, text, text, jsonb, jsonb) from public, anon;
grant execute on function public.store_late_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb) to authenticated;
grant execute on function public.extend_late_reply (uuid, uuid, integer, text, text, jsonb, jsonb) to authenticated;

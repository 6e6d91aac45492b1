-- A conversation is stored with its first message, so that there are no empty ones.

-- What begin_message does, for the first message of a conversation that the client has made: stores both in one transaction, so that
-- a message that is refused leaves no conversation behind. Sending it again stores nothing. Failures as of begin_message; an id that
-- another person's conversation has is PT404 like one that does not exist.
create function public.begin_conversation(
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

revoke execute on function public.begin_conversation (uuid, boolean, uuid, text, integer, uuid, integer, integer) from public, anon;
grant execute on function public.begin_conversation (uuid, boolean, uuid, text, integer, uuid, integer, integer) to authenticated;

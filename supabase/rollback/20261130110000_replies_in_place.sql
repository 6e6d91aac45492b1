-- Nothing is lost.

-- Stores the reply to a claimed message, which ends the claim. Storing the same reply again gives it back as it is.
-- Fails with PT409 when the claim is another's by now.
create or replace function public.store_reply(
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
  v_reply public.clarify_messages;
begin
  select * into v_reply from public.clarify_messages
  where id = p_reply_id and reply_to = p_message_id and user_id = private.caller();
  if found then
    return to_jsonb(v_reply);
  end if;
  if not private.holds_claim(p_message_id, p_claim_token) then
    raise exception 'the claim is not the caller''s' using errcode = 'PT409';
  end if;
  insert into public.clarify_messages (
    id, user_id, session_id, role, reply_to, content, status, model, tool_use,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
  )
  select
    p_reply_id, message.user_id, message.session_id, 'assistant', message.id, p_content, p_status, p_model, p_tool_use,
    (p_usage ->> 'input')::integer, (p_usage ->> 'output')::integer,
    (p_usage ->> 'cache_read')::integer, (p_usage ->> 'cache_write')::integer
  from public.clarify_messages as message where message.id = p_message_id
  returning * into v_reply;
  return to_jsonb(v_reply);
end;
$$;

delete from supabase_migrations.schema_migrations where version = '20261130110000';

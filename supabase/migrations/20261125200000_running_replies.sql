-- A reply belongs to its conversation: whichever process serves a person says which reply is being written, how far it has
-- come, and asks the process that writes it to stop. Processes that share a Redis tell each other there how far it is.

-- How far a reply has come, by the claim that it is written under. Worth nothing once the reply is stored, nor after a
-- crash, so it need not be logged; rows of replies that have ended go with the next reply of the same person.
create unlogged table private.running_replies (
  claim_token uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  progress jsonb check (pg_column_size(progress) < 262144),
  told_at timestamptz not null default clock_timestamp(),
  stop_asked boolean not null default false
);
create index running_replies_of_user on private.running_replies (user_id, told_at);

-- The message of a session that is being answered, with the token of its claim, and its reply where that is being
-- continued; null when nothing is being written.
create function public.running_reply(p_session_id uuid) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object(
    'message_id', message.id,
    'claim_token', message.answering_token,
    'reply_id', (select reply.id from public.clarify_messages as reply where reply.reply_to = message.id)
  )
  from public.clarify_messages as message
  where message.session_id = p_session_id
    and message.answering_until > clock_timestamp()
    and message.answering_token is not null
  limit 1;
$$;

-- Says how far the reply under a claim of the caller's has come. Returns whether it is asked to stop.
create function public.tell_reply(p_message_id uuid, p_claim_token uuid, p_progress jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_stop_asked boolean;
begin
  update private.running_replies set progress = p_progress, told_at = clock_timestamp()
  where claim_token = p_claim_token and user_id = v_user_id
  returning stop_asked into v_stop_asked;
  if not found then
    delete from private.running_replies
    where user_id = v_user_id and told_at < clock_timestamp() - interval '1 minute';
    insert into private.running_replies (claim_token, user_id, progress)
    select p_claim_token, v_user_id, p_progress
    from public.clarify_messages
    where id = p_message_id and answering_token = p_claim_token and user_id = v_user_id
    on conflict do nothing;
  end if;
  return coalesce(v_stop_asked, false);
end;
$$;

-- How far the reply under a claim of the caller's has come; null when nothing was told of it for p_within_ms.
create function public.told_reply(p_claim_token uuid, p_within_ms integer) returns jsonb
language sql stable security definer set search_path = '' as $$
  select progress from private.running_replies
  where claim_token = p_claim_token
    and user_id = private.caller()
    and told_at > clock_timestamp() - p_within_ms * interval '1 millisecond';
$$;

-- Asks whoever writes the reply under a claim of the caller's to stop.
create function public.stop_reply(p_message_id uuid, p_claim_token uuid) returns void
language sql volatile security definer set search_path = '' as $$
  insert into private.running_replies (claim_token, user_id, stop_asked)
  select answering_token, user_id, true
  from public.clarify_messages
  where id = p_message_id and answering_token = p_claim_token and user_id = private.caller()
  on conflict (claim_token) do update set stop_asked = true
  where running_replies.user_id = excluded.user_id;
$$;

revoke execute on function public.running_reply (uuid) from public, anon;
revoke execute on function public.tell_reply (uuid, uuid, jsonb) from public, anon;
revoke execute on function public.told_reply (uuid, integer) from public, anon;
revoke execute on function public.stop_reply (uuid, uuid) from public, anon;
grant execute on function public.running_reply (uuid) to authenticated;
grant execute on function public.tell_reply (uuid, uuid, jsonb) to authenticated;
grant execute on function public.told_reply (uuid, integer) to authenticated;
grant execute on function public.stop_reply (uuid, uuid) to authenticated;

-- The last message of a conversation can be answered again, as it stands or in other words. What was there before stays: the pair
-- of question and answer moves into clarify_variants, and can be chosen again. The pair that is chosen lies in clarify_messages as
-- any other, so whatever reads conversations knows nothing of this: exactly one is chosen, because a message has one reply there.

alter table public.clarify_messages
  -- On a reply: which of the answers to its message it is, in the order in which they were written, and how many there are.
  add column variant integer not null default 1,
  add column variants integer not null default 1,
  add constraint clarify_messages_variant_check check (variant between 1 and variants);

drop trigger a_keep_columns on public.clarify_messages;
create trigger a_keep_columns before update on public.clarify_messages
  for each row execute function private.keep_columns(
    'id', 'user_id', 'session_id', 'reply_to', 'role', 'created_at', 'variant', 'variants'
  );

-- The pairs that are not chosen. The id is that of the reply.
create table public.clarify_variants (
  id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  session_id uuid not null,
  message_id uuid not null,
  variant integer not null check (variant >= 1),
  question text not null,
  question_consolidated_at timestamptz,
  content text not null,
  status text not null check (status in ('complete', 'interrupted', 'failed', 'refused')),
  input_tokens integer,
  output_tokens integer,
  cache_read_tokens integer,
  cache_write_tokens integer,
  model text,
  tool_use jsonb,
  created_at timestamptz not null,
  constraint clarify_variants_message_fkey foreign key (message_id, session_id)
    references public.clarify_messages (id, session_id) on delete cascade,
  constraint clarify_variants_number_key unique (message_id, variant)
);
create index clarify_variants_by_user on public.clarify_variants (user_id);

-- A person reads their own. They are written by the functions below, and go with their message.
alter table public.clarify_variants enable row level security;
revoke all on public.clarify_variants from anon, authenticated;
grant select on public.clarify_variants to authenticated;
grant all on public.clarify_variants to service_role;
create policy "own variants are readable" on public.clarify_variants
  for select to authenticated using ((select auth.uid()) = user_id);
create trigger a_keep_columns before update on public.clarify_variants
  for each row execute function private.keep_columns(
    'id', 'user_id', 'session_id', 'message_id', 'variant', 'question', 'question_consolidated_at', 'content', 'status',
    'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'model', 'tool_use', 'created_at'
  );

-- The session of the caller, locked, so that what is decided about its last pair holds. Fails with PT404.
create function private.lock_session(p_session_id uuid) returns public.clarify_sessions
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions;
begin
  select * into v_session from public.clarify_sessions
  where id = p_session_id and user_id = private.caller() for update;
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;
  return v_session;
end;
$$;

-- The last message of a session that a person wrote, when it is this one. Fails with PT409 when there are newer ones.
create function private.last_question(p_session_id uuid, p_message_id uuid) returns public.clarify_messages
language plpgsql stable security definer set search_path = '' as $$
declare
  v_last public.clarify_messages;
begin
  select * into v_last from public.clarify_messages as message
  where message.session_id = p_session_id and message.role = 'user'
  order by message.created_at desc, message.id desc
  limit 1;
  if v_last.id is distinct from p_message_id then
    raise exception 'only the last message can be answered again' using errcode = 'PT409';
  end if;
  return v_last;
end;
$$;

-- What begin_message does for a message, for another answer to the last one: claims it, and gives back the message, the reply
-- that it has, and what was said before. done tells that the answer with this id has been stored already.
--
-- Failures as of begin_message: PT404 (no such session, or not the caller's), PT409 (not the last message), PT429 (another
-- message of the session is being answered).
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

-- Puts the chosen pair of a message among the others.
create function private.keep_variant(v_message public.clarify_messages, v_reply public.clarify_messages) returns void
language sql volatile security definer set search_path = '' as $$
  insert into public.clarify_variants (
    id, user_id, session_id, message_id, variant, question, question_consolidated_at, content, status,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, model, tool_use, created_at
  )
  values (
    v_reply.id, v_reply.user_id, v_reply.session_id, v_message.id, v_reply.variant,
    v_message.content, v_message.consolidated_at, v_reply.content, v_reply.status,
    v_reply.input_tokens, v_reply.output_tokens, v_reply.cache_read_tokens, v_reply.cache_write_tokens,
    v_reply.model, v_reply.tool_use, v_reply.created_at
  );
$$;

-- Asks the message in other words, and names a conversation that was named by the former ones after them.
create function private.ask_otherwise(
  v_message public.clarify_messages,
  p_question text,
  p_consolidated_at timestamptz
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_question = v_message.content then
    return;
  end if;
  update public.clarify_messages set content = p_question, consolidated_at = p_consolidated_at where id = v_message.id;
  update public.clarify_sessions set title = private.title_of(p_question)
  where id = v_message.session_id and title = private.title_of(v_message.content);
end;
$$;

-- Stores another answer to a claimed message, and chooses it; p_question is what the message says with it, null where it says
-- the same. The pair before it is kept. Ends the claim, and gives back the message and its reply. Storing the same answer again
-- changes nothing. Fails with PT409 when the claim is another's by now.
create function public.store_variant(
  p_message_id uuid,
  p_claim_token uuid,
  p_question text,
  p_reply_id uuid,
  p_content text,
  p_status text,
  p_model text,
  p_tool_use jsonb,
  p_usage jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_message public.clarify_messages;
  v_reply public.clarify_messages;
begin
  select * into v_reply from public.clarify_messages
  where id = p_reply_id and reply_to = p_message_id and user_id = v_user_id;
  if found then
    select * into v_message from public.clarify_messages where id = p_message_id;
    return jsonb_build_object('message', to_jsonb(v_message), 'reply', to_jsonb(v_reply));
  end if;
  if not private.holds_claim(p_message_id, p_claim_token) then
    raise exception 'the claim is not the caller''s' using errcode = 'PT409';
  end if;
  select * into v_message from public.clarify_messages where id = p_message_id;
  select * into v_reply from public.clarify_messages where reply_to = p_message_id for update;
  if not found then
    perform private.ask_otherwise(v_message, coalesce(p_question, v_message.content), null);
    perform public.store_reply(
      p_message_id, p_claim_token, p_reply_id, p_content, p_status, p_model, p_tool_use, p_usage
    );
  else
    perform private.keep_variant(v_message, v_reply);
    perform private.ask_otherwise(v_message, coalesce(p_question, v_message.content), null);
    -- Ends the claim by its trigger.
    update public.clarify_messages
    set id = p_reply_id,
        content = p_content,
        status = p_status,
        model = p_model,
        tool_use = p_tool_use,
        input_tokens = (p_usage ->> 'input')::integer,
        output_tokens = (p_usage ->> 'output')::integer,
        cache_read_tokens = (p_usage ->> 'cache_read')::integer,
        cache_write_tokens = (p_usage ->> 'cache_write')::integer,
        created_at = clock_timestamp(),
        variants = v_reply.variants + 1,
        variant = v_reply.variants + 1
    where id = v_reply.id;
    update public.clarify_sessions set last_message_at = greatest(last_message_at, clock_timestamp())
    where id = v_message.session_id;
  end if;
  select * into v_message from public.clarify_messages where id = p_message_id;
  select * into v_reply from public.clarify_messages where id = p_reply_id;
  return jsonb_build_object('message', to_jsonb(v_message), 'reply', to_jsonb(v_reply));
end;
$$;

-- Chooses one of the answers to the last message of a session, with the words that it answered. Gives back the message and its
-- reply as they are then. Failures: PT404 (no such session, or not the caller's, or no such answer), PT409 (not the last
-- message), PT429 (a message of the session is being answered).
create function public.choose_variant(p_session_id uuid, p_message_id uuid, p_variant integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions := private.lock_session(p_session_id);
  v_message public.clarify_messages;
  v_reply public.clarify_messages;
  v_chosen public.clarify_variants;
begin
  if exists (
    select 1 from public.clarify_messages where session_id = v_session.id and answering_until > clock_timestamp()
  ) then
    raise exception 'a message is being answered' using errcode = 'PT429';
  end if;
  v_message := private.last_question(p_session_id, p_message_id);
  select * into v_reply from public.clarify_messages where reply_to = p_message_id for update;
  if v_reply.variant is distinct from p_variant then
    delete from public.clarify_variants where message_id = p_message_id and variant = p_variant
    returning * into v_chosen;
    if not found then
      raise exception 'no such answer' using errcode = 'PT404';
    end if;
    perform private.keep_variant(v_message, v_reply);
    perform private.ask_otherwise(v_message, v_chosen.question, v_chosen.question_consolidated_at);
    update public.clarify_messages
    set id = v_chosen.id,
        content = v_chosen.content,
        status = v_chosen.status,
        model = v_chosen.model,
        tool_use = v_chosen.tool_use,
        input_tokens = v_chosen.input_tokens,
        output_tokens = v_chosen.output_tokens,
        cache_read_tokens = v_chosen.cache_read_tokens,
        cache_write_tokens = v_chosen.cache_write_tokens,
        created_at = v_chosen.created_at,
        variant = v_chosen.variant
    where id = v_reply.id;
  end if;
  select * into v_message from public.clarify_messages where id = p_message_id;
  select * into v_reply from public.clarify_messages where reply_to = p_message_id;
  return jsonb_build_object('message', to_jsonb(v_message), 'reply', to_jsonb(v_reply));
end;
$$;

revoke execute on function private.lock_session (uuid) from public, anon, authenticated;
revoke execute on function private.last_question (uuid, uuid) from public, anon, authenticated;
revoke execute on function private.keep_variant (public.clarify_messages, public.clarify_messages)
  from public, anon, authenticated;
revoke execute on function private.ask_otherwise (public.clarify_messages, text, timestamptz)
  from public, anon, authenticated;
revoke execute on function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer) from public, anon;
revoke execute on function public.store_variant (uuid, uuid, text, uuid, text, text, text, jsonb, jsonb)
  from public, anon;
revoke execute on function public.choose_variant (uuid, uuid, integer) from public, anon;
grant execute on function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer) to authenticated;
grant execute on function public.store_variant (uuid, uuid, text, uuid, text, text, text, jsonb, jsonb) to authenticated;
grant execute on function public.choose_variant (uuid, uuid, integer) to authenticated;

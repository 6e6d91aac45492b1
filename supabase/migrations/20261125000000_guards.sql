-- What the app promises holds for whoever talks to the database with a person's own token as well: replies are written by
-- whoever holds the claim on them, bookkeeping is the database's, and dates are dates.

-- Messages are stored by the functions below only, as their owner; a person reads and removes their own.

drop policy "own messages are insertable" on public.clarify_messages;
drop policy "own messages are editable" on public.clarify_messages;

-- Patterns are found by the consolidation; a person reads and removes their own.

drop policy "own patterns are insertable" on public.clarify_patterns;
drop policy "own patterns are editable" on public.clarify_patterns;

-- Dates

-- "infinity" and years beyond four digits are dates to PostgreSQL, and nothing that a list could show or order by.
update public.dreams set target_date = null where target_date not between '0001-01-01' and '9999-12-31';
do $$
declare
  moment record;
begin
  for moment in
    select c.table_name, c.column_name, c.is_nullable
    from information_schema.columns as c
    join information_schema.tables as t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'timestamp with time zone'
      and c.table_name in ('users', 'dreams', 'clarify_sessions', 'clarify_messages', 'clarify_patterns', 'reflections')
  loop
    execute format(
      'update public.%1$I set %2$I = %3$s where %2$I not between ''1970-01-01'' and ''2999-12-31''',
      moment.table_name, moment.column_name,
      case when moment.is_nullable = 'YES' then 'null' else 'clock_timestamp()' end
    );
    execute format(
      'alter table public.%1$I add constraint %3$I check (%2$I between ''1970-01-01'' and ''2999-12-31'')',
      moment.table_name, moment.column_name, moment.table_name || '_' || moment.column_name || '_range'
    );
  end loop;
end;
$$;
alter table public.dreams
  add constraint dreams_target_date_range check (target_date between '0001-01-01' and '9999-12-31');

-- When a row came to be is not the client's to say.
create function private.date_row() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated') then
    new.created_at := clock_timestamp();
    new.updated_at := new.created_at;
  end if;
  return new;
end;
$$;

create trigger a_date_row before insert on public.dreams for each row execute function private.date_row();
create trigger a_date_row before insert on public.clarify_sessions for each row execute function private.date_row();
create trigger a_date_row before insert on public.reflections for each row execute function private.date_row();

-- Nor when a dream became true, which its status says.
create or replace function private.date_dream() returns trigger
language plpgsql set search_path = '' as $$
begin
  if current_user in ('anon', 'authenticated') then
    new.achieved_at := case when tg_op = 'UPDATE' and old.status = 'achieved' then old.achieved_at end;
    new.released_at := case when tg_op = 'UPDATE' and old.status = 'released' then old.released_at end;
  end if;
  new.achieved_at := case when new.status = 'achieved' then coalesce(new.achieved_at, clock_timestamp()) end;
  new.released_at := case when new.status = 'released' then coalesce(new.released_at, clock_timestamp()) end;
  return new;
end;
$$;

-- Claims have an owner

-- Whoever claims a reply brings a token. Only with it can the claim be held, the reply be stored or gone on with, so that
-- a process that was given up for dead and comes back changes nothing.
alter table public.clarify_messages add column answering_token uuid;

drop function public.begin_message (uuid, uuid, text, integer, integer);
drop function public.begin_resume (uuid, uuid, integer, integer);
drop function public.hold_claim (uuid, integer);

-- Who calls. The embedded server lets every role call every function, so nobody is turned away here as well.
create function private.caller() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if auth.uid() is null then
    raise exception 'not signed in' using errcode = '42501';
  end if;
  return auth.uid();
end;
$$;

-- Everything the database has to do before the model is called, in one round trip: is the session the caller's, store the
-- message, claim the reply to it, and give back what was said before. Runs as its owner, because a person may not write
-- messages past it; every row it touches is of the caller's own session.
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

-- What begin_message does for a message, for the last reply of a session: claims the rest of it, and gives back what was
-- said up to and with it, in one round trip. claimed is false when the reply is complete, and while somebody else goes on
-- with it; reply is null when the last message of the session is another one.
--
-- Failures as of begin_message: PT404 (no such session, or not the caller's), PT429 (another message of the session is
-- being answered).
create function public.begin_resume(
  p_session_id uuid,
  p_reply_id uuid,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions;
  v_last public.clarify_messages;
  v_history jsonb;
  v_claimed boolean := false;
begin
  if (p_history_limit between 1 and 100 and p_claim_ms between 1 and 600000 and p_claim_token is not null) is not true then
    raise exception 'p_history_limit, p_claim_ms or p_claim_token is out of range' using errcode = '22023';
  end if;

  -- Locked, so that a resumed reply and a new message cannot both find the session free.
  select * into v_session from public.clarify_sessions
  where id = p_session_id and user_id = private.caller() for update;
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;

  select * into v_last from public.clarify_messages as message
  where message.session_id = p_session_id
  order by message.created_at desc, message.id desc
  limit 1;

  if exists (
    select 1 from public.clarify_messages as other
    where other.session_id = p_session_id
      and other.id is distinct from v_last.reply_to
      and other.answering_until > clock_timestamp()
  ) then
    raise exception 'another message is being answered' using errcode = 'PT429';
  end if;

  if v_last.id is distinct from p_reply_id or v_last.reply_to is null then
    return jsonb_build_object('reply', null, 'claimed', false, 'history', '[]'::jsonb, 'session', to_jsonb(v_session));
  end if;

  if v_last.status <> 'complete' then
    update public.clarify_messages
    set answering_token = p_claim_token, answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
    where id = v_last.reply_to and (answering_until is null or answering_until <= clock_timestamp());
    v_claimed := found;
  end if;

  select coalesce(jsonb_agg(to_jsonb(recent) order by recent.created_at, recent.id), '[]'::jsonb)
  into v_history
  from (
    select *
    from public.clarify_messages as message
    where message.session_id = p_session_id
    order by message.created_at desc, message.id desc
    limit p_history_limit
  ) as recent;

  return jsonb_build_object(
    'reply', to_jsonb(v_last),
    'claimed', v_claimed,
    'history', v_history,
    'session', to_jsonb(v_session)
  );
end;
$$;

-- Pushes a claim on, or gives it up with 0. False when it is not the caller's any more.
create function public.hold_claim(p_message_id uuid, p_claim_token uuid, p_claim_ms integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  if (p_claim_ms between 0 and 600000) is not true then
    raise exception 'p_claim_ms is out of range' using errcode = '22023';
  end if;
  update public.clarify_messages
  set answering_until = case when p_claim_ms > 0 then clock_timestamp() + p_claim_ms * interval '1 millisecond' end,
      answering_token = case when p_claim_ms > 0 then answering_token end
  where id = p_message_id and user_id = private.caller() and answering_token = p_claim_token;
  return found;
end;
$$;

-- Whether the caller holds the claim on the reply to a message of theirs; locks the message.
create function private.holds_claim(p_message_id uuid, p_claim_token uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform 1 from public.clarify_messages
  where id = p_message_id and user_id = private.caller() and role = 'user' and answering_token = p_claim_token
  for update;
  return found;
end;
$$;

-- Stores the reply to a claimed message, which ends the claim. Storing the same reply again gives it back as it is.
-- Fails with PT409 when the claim is another's by now.
create function public.store_reply(
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

-- Puts the rest of a reply behind its beginning, whose length says what the caller saw of it, and ends the claim. Fails
-- with PT409 when the claim is another's by now, or when the reply is complete or has grown since.
create function public.extend_reply(
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
  select * into v_reply from public.clarify_messages where id = p_reply_id and user_id = private.caller() for update;
  if not found
    or v_reply.status = 'complete'
    or char_length(v_reply.content) <> p_from
    or not private.holds_claim(v_reply.reply_to, p_claim_token)
  then
    raise exception 'the claim is not the caller''s' using errcode = 'PT409';
  end if;
  update public.clarify_messages
  set content = content || p_content,
      status = p_status,
      tool_use = p_tool_use,
      input_tokens = coalesce((p_usage ->> 'input')::integer, input_tokens),
      output_tokens = coalesce((p_usage ->> 'output')::integer, output_tokens),
      cache_read_tokens = coalesce((p_usage ->> 'cache_read')::integer, cache_read_tokens),
      cache_write_tokens = coalesce((p_usage ->> 'cache_write')::integer, cache_write_tokens)
  where id = p_reply_id
  returning * into v_reply;
  return to_jsonb(v_reply);
end;
$$;

create or replace function private.end_claim() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_messages set answering_until = null, answering_token = null where id = new.reply_to;
  return null;
end;
$$;

revoke execute on function public.begin_message (uuid, uuid, text, integer, uuid, integer) from public, anon;
revoke execute on function public.begin_resume (uuid, uuid, integer, uuid, integer) from public, anon;
revoke execute on function public.hold_claim (uuid, uuid, integer) from public, anon;
revoke execute on function public.store_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb) from public, anon;
revoke execute on function public.extend_reply (uuid, uuid, integer, text, text, jsonb, jsonb) from public, anon;
revoke execute on function private.holds_claim (uuid, uuid) from public, anon, authenticated;
grant execute on function public.begin_message (uuid, uuid, text, integer, uuid, integer) to authenticated;
grant execute on function public.begin_resume (uuid, uuid, integer, uuid, integer) to authenticated;
grant execute on function public.hold_claim (uuid, uuid, integer) to authenticated;
grant execute on function public.store_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb) to authenticated;
grant execute on function public.extend_reply (uuid, uuid, integer, text, text, jsonb, jsonb) to authenticated;

-- Accounts that are everybody's

-- Who may sign in to one of these cannot remove it, nor change its password or address. The embedded stack enters its demo
-- account here; on a hosted project: insert into private.shared_accounts select id from auth.users where email = '…'.
create table private.shared_accounts (
  user_id uuid primary key references auth.users (id)
);

create function private.keep_shared_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select 1 from private.shared_accounts where user_id = old.id) then
    raise exception 'this account is shared, and stays as it is' using errcode = '42501';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

create trigger keep_shared_account before delete on auth.users
  for each row execute function private.keep_shared_account();
create trigger keep_shared_credentials before update on auth.users
  for each row
  when (
    old.encrypted_password is distinct from new.encrypted_password or old.email is distinct from new.email
  )
  execute function private.keep_shared_account();

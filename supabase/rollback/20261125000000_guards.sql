-- Lost: which accounts are shared; anybody who may sign in to one can remove it again. Dates that were out of range stay as they
-- were put right.

-- Accounts that are everybody's

drop trigger keep_shared_account on auth.users;
drop trigger keep_shared_credentials on auth.users;
drop function private.keep_shared_account ();
drop table private.shared_accounts;

-- Claims without an owner

drop function public.begin_message (uuid, uuid, text, integer, uuid, integer);
drop function public.begin_resume (uuid, uuid, integer, uuid, integer);
drop function public.hold_claim (uuid, uuid, integer);
drop function public.store_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb);
drop function public.extend_reply (uuid, uuid, integer, text, text, jsonb, jsonb);
drop function private.holds_claim (uuid, uuid);
drop function private.caller ();

create or replace function private.end_claim() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_messages set answering_until = null where id = new.reply_to;
  return null;
end;
$$;

create or replace function public.begin_message(
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
  if (p_history_limit between 0 and 100 and p_claim_ms between 1 and 600000) is not true then
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

create or replace function public.begin_resume(
  p_session_id uuid,
  p_reply_id uuid,
  p_history_limit integer,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_session public.clarify_sessions;
  v_last public.clarify_messages;
  v_history jsonb;
  v_claimed boolean := false;
begin
  if (p_history_limit between 1 and 100 and p_claim_ms between 1 and 600000) is not true then
    raise exception 'p_history_limit or p_claim_ms is out of range' using errcode = '22023';
  end if;

  -- Locked, so that a resumed reply and a new message cannot both find the session free.
  select * into v_session from public.clarify_sessions
  where id = p_session_id and user_id = (select auth.uid()) for update;
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
    set answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
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

create or replace function public.hold_claim(p_message_id uuid, p_claim_ms integer) returns void
language plpgsql volatile security invoker set search_path = '' as $$
begin
  if (p_claim_ms between 0 and 600000) is not true then
    raise exception 'p_claim_ms is out of range' using errcode = '22023';
  end if;
  update public.clarify_messages
  set answering_until = case when p_claim_ms > 0 then clock_timestamp() + p_claim_ms * interval '1 millisecond' end
  where id = p_message_id and user_id = (select auth.uid()) and role = 'user';
end;
$$;

revoke execute on function public.begin_message (uuid, uuid, text, integer, integer) from public, anon;
revoke execute on function public.begin_resume (uuid, uuid, integer, integer) from public, anon;
revoke execute on function public.hold_claim (uuid, integer) from public, anon;
grant execute on function public.begin_message (uuid, uuid, text, integer, integer) to authenticated, service_role;
grant execute on function public.begin_resume (uuid, uuid, integer, integer) to authenticated, service_role;
grant execute on function public.hold_claim (uuid, integer) to authenticated, service_role;

alter table public.clarify_messages drop column answering_token;

-- Dates

drop trigger a_date_row on public.dreams;
drop trigger a_date_row on public.clarify_sessions;
drop trigger a_date_row on public.reflections;
drop function private.date_row ();

create or replace function private.date_dream() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.achieved_at := case when new.status = 'achieved' then coalesce(new.achieved_at, clock_timestamp()) end;
  new.released_at := case when new.status = 'released' then coalesce(new.released_at, clock_timestamp()) end;
  return new;
end;
$$;

do $$
declare
  checked record;
begin
  for checked in
    select conrelid::regclass as table_name, conname from pg_constraint
    where contype = 'c' and connamespace = 'public'::regnamespace and conname like '%\_range'
  loop
    execute format('alter table %s drop constraint %I', checked.table_name, checked.conname);
  end loop;
end;
$$;

-- Messages and patterns, as people wrote them themselves

create policy "own messages are insertable" on public.clarify_messages
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own messages are editable" on public.clarify_messages
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own patterns are insertable" on public.clarify_patterns
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own patterns are editable" on public.clarify_patterns
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);

delete from supabase_migrations.schema_migrations where version = '20261125000000';

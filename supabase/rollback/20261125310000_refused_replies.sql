-- Lost: which replies were refused. They count as failed, and can be gone on with.

update public.clarify_messages set status = 'failed' where status = 'refused';
alter table public.clarify_messages drop constraint clarify_messages_status_check;
alter table public.clarify_messages add constraint clarify_messages_status_check
  check (status in ('complete', 'interrupted', 'failed'));

create or replace function private.end_claim() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_messages set answering_until = null, answering_token = null where id = new.reply_to;
  return null;
end;
$$;

create or replace function public.begin_resume(
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

delete from supabase_migrations.schema_migrations where version = '20261125310000';

-- A conversation that is longer than what the model reads keeps a running summary of what it does not read any more.

alter table public.clarify_sessions
  add column summary text check (char_length(summary) between 1 and 4000),
  -- Of how many of the conversation's first messages.
  add column summarised integer not null default 0 check (summarised >= 0);

drop trigger a_keep_columns on public.clarify_sessions;
create trigger a_keep_columns before update on public.clarify_sessions
  for each row execute function private.keep_columns(
    'id', 'user_id', 'message_count', 'last_message_at', 'created_at', 'summary', 'summarised'
  );

-- A new session starts from nothing, whatever the client sent.
create or replace function private.start_session() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.message_count := 0;
  new.last_message_at := new.created_at;
  new.summary := null;
  new.summarised := 0;
  return new;
end;
$$;

-- Who is writing the summary of a session, or when it may be tried again after a failure.
create table private.summary_attempts (
  session_id uuid primary key references public.clarify_sessions (id) on delete cascade,
  user_id uuid not null references public.users (id) on delete cascade,
  token uuid,
  not_before timestamptz not null,
  failures integer not null default 0
);
create index summary_attempts_of_user on private.summary_attempts (user_id);

-- Claims the summary of a session's first p_until messages, and gives back what is to be added to it, at most p_max messages;
-- null when they are summed up already, while somebody else is at it, and for a while after a failure. Fails with PT404 (no such
-- session, or not the caller's).
create function public.begin_summary(
  p_session_id uuid,
  p_until integer,
  p_max integer,
  p_token uuid,
  p_claim_ms integer
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions;
  v_messages jsonb;
begin
  if (
    p_until >= 1 and p_max between 1 and 200 and p_claim_ms between 1 and 600000 and p_token is not null
  ) is not true then
    raise exception 'p_until, p_max, p_claim_ms or p_token is out of range' using errcode = '22023';
  end if;
  perform 1 from public.clarify_sessions where id = p_session_id and user_id = private.caller();
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;

  insert into private.summary_attempts as attempt (session_id, user_id, token, not_before)
  values (p_session_id, private.caller(), p_token, clock_timestamp() + p_claim_ms * interval '1 millisecond')
  on conflict (session_id) do update set token = excluded.token, not_before = excluded.not_before
    where attempt.not_before <= clock_timestamp();
  if not found then
    return null;
  end if;

  -- Behind the claim, so that what another process has added is seen.
  select * into v_session from public.clarify_sessions where id = p_session_id;
  if v_session.summarised >= p_until then
    delete from private.summary_attempts where session_id = p_session_id and token = p_token;
    return null;
  end if;
  select coalesce(jsonb_agg(to_jsonb(message) order by message.created_at, message.id), '[]'::jsonb)
  into v_messages
  from (
    select * from public.clarify_messages
    where session_id = p_session_id
    order by created_at, id
    offset v_session.summarised limit least(p_max, p_until - v_session.summarised)
  ) as message;
  return jsonb_build_object(
    'summary', v_session.summary, 'summarised', v_session.summarised, 'messages', v_messages
  );
end;
$$;

-- Stores the summary of a session's first p_until messages; null where they added nothing to it. Fails with PT409 when the claim
-- is another's by now.
create function public.finish_summary(p_session_id uuid, p_token uuid, p_until integer, p_summary text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from private.summary_attempts
  where session_id = p_session_id and user_id = private.caller() and token = p_token;
  if not found then
    raise exception 'the claim is not the caller''s' using errcode = 'PT409';
  end if;
  update public.clarify_sessions
  set summary = coalesce(p_summary, summary), summarised = greatest(summarised, p_until)
  where id = p_session_id;
end;
$$;

-- Gives the claim up after a failure. The next attempt is a minute later, then two, four, up to six hours.
create function public.fail_summary(p_session_id uuid, p_token uuid) returns void
language sql volatile security definer set search_path = '' as $$
  update private.summary_attempts
  set token = null,
      failures = failures + 1,
      not_before = clock_timestamp() + least(interval '6 hours', interval '1 minute' * power(2, least(failures, 10)))
  where session_id = p_session_id and user_id = private.caller() and token = p_token;
$$;

revoke execute on function public.begin_summary (uuid, integer, integer, uuid, integer) from public, anon;
revoke execute on function public.finish_summary (uuid, uuid, integer, text) from public, anon;
revoke execute on function public.fail_summary (uuid, uuid) from public, anon;
grant execute on function public.begin_summary (uuid, integer, integer, uuid, integer) to authenticated;
grant execute on function public.finish_summary (uuid, uuid, integer, text) to authenticated;
grant execute on function public.fail_summary (uuid, uuid) to authenticated;

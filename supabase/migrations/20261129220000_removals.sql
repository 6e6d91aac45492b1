-- The text of a running reply goes with its message, a search sees the titles of the dreams that a reply kept, and a removal of old
-- conversations looks for running replies again once it holds the rows.

-- Rows tell only how far replies have come that are being written, and one that is still being written is told of again.
delete from private.running_replies;
alter table private.running_replies
  add column message_id uuid not null references public.clarify_messages (id) on delete cascade;
create index running_replies_of_message on private.running_replies (message_id);

create or replace function public.tell_reply(p_message_id uuid, p_claim_token uuid, p_progress jsonb) returns boolean
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
    insert into private.running_replies (claim_token, user_id, message_id, progress)
    select p_claim_token, v_user_id, id, p_progress
    from public.clarify_messages
    where id = p_message_id and answering_token = p_claim_token and user_id = v_user_id
    on conflict do nothing;
  end if;
  return coalesce(v_stop_asked, false);
end;
$$;

create or replace function public.stop_reply(p_message_id uuid, p_claim_token uuid) returns void
language sql volatile security definer set search_path = '' as $$
  insert into private.running_replies (claim_token, user_id, message_id, stop_asked)
  select answering_token, user_id, id, true
  from public.clarify_messages
  where id = p_message_id and answering_token = p_claim_token and user_id = private.caller()
  on conflict (claim_token) do update set stop_asked = true
  where running_replies.user_id = excluded.user_id;
$$;

-- The caller's items that match every pattern, newest first: patterns, dreams, reflections, and conversations by their title, summary
-- or messages, including answers that are not chosen and the titles of dreams that an answer kept. For a conversation, the content is the newest text that matches. The patterns
-- and the folding are those of search_messages.
--
-- Reads all rows of the caller by the indexes on user_id, because no index can serve the match (see search_messages). It is not
-- security definer, so row-level security applies.
create or replace function public.search_knowledge(p_patterns text[], p_limit integer) returns table (
  kind text,
  id uuid,
  content text,
  at timestamptz,
  session_title text,
  session_message_count integer
)
language sql stable as $$
  select found.kind, found.id, found.content, found.at, session.title, session.message_count
  from (
    select distinct on (known.kind, known.id) known.kind, known.id, known.content, known.at
    from (
      select 'pattern' as kind, pattern.id, pattern.content, pattern.last_seen_at as at
      from public.clarify_patterns as pattern
      union all
      select 'dream', dream.id, concat_ws(' · ', dream.title, dream.category, dream.description), dream.updated_at
      from public.dreams as dream
      union all
      select 'reflection', reflection.id, concat_ws(' · ', reflection.tone, reflection.content), reflection.created_at
      from public.reflections as reflection
      union all
      select 'conversation', session.id, concat_ws(' · ', session.title, session.summary), session.last_message_at
      from public.clarify_sessions as session
      union all
      select
        'conversation', message.session_id,
        concat_ws(' · ', message.content, (
          select string_agg(title #>> '{}', ' · ') from jsonb_path_query(message.tool_use, '$.dreams[*].title') as title
        )),
        message.created_at
      from public.clarify_messages as message
      union all
      select
        'conversation', variant.session_id,
        concat_ws(' · ', variant.question, variant.content, (
          select string_agg(title #>> '{}', ' · ') from jsonb_path_query(variant.tool_use, '$.dreams[*].title') as title
        )),
        variant.created_at
      from public.clarify_variants as variant
    ) as known
    where coalesce(
      replace(
        lower(
          regexp_replace(
            normalize(known.content, NFKD),
            '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+', '', 'g'
          )
        ),
        'ς', 'σ'
      ) like all (p_patterns),
      false
    )
    order by known.kind, known.id, known.at desc, known.content
  ) as found
  left join public.clarify_sessions as session on found.kind = 'conversation' and session.id = found.id
  order by found.at desc, found.kind, found.id
  limit p_limit
$$;

-- Removes conversations of a person whose last message is older, the oldest first, with everything that hangs on them. One that
-- somebody is just writing in, or in which a reply is being written, is left to the next run. Returns how many were removed.
--
-- A reply may begin between the snapshot of the first statement and its locks, and does not change the row of the conversation. The
-- second statement has a snapshot of its own and sees it.
create or replace function public.remove_old_conversations(p_user_id uuid, p_days integer, p_limit integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_old uuid[];
  v_removed integer;
begin
  if (p_days >= 1 and p_limit between 1 and 1000) is not true then
    raise exception 'p_days or p_limit is out of range' using errcode = '22023';
  end if;
  v_old := array(
    select session.id from public.clarify_sessions as session
    where session.user_id = p_user_id
      and session.last_message_at < clock_timestamp() - make_interval(days => p_days)
      and not exists (
        select 1 from public.clarify_messages as message
        where message.session_id = session.id and message.answering_until > clock_timestamp()
      )
    order by session.last_message_at, session.id
    limit p_limit
    for update skip locked
  );
  delete from public.clarify_sessions as session
  where session.id = any (v_old)
    and not exists (
      select 1 from public.clarify_messages as message
      where message.session_id = session.id and message.answering_until > clock_timestamp()
    );
  get diagnostics v_removed = row_count;
  return v_removed;
end;
$$;

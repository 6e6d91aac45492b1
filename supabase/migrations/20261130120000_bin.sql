-- What a person removes lies in a bin for 30 days, from which they can take it back. It is out of its own table, so whatever reads
-- rows (lists, searches, contexts, counters, the consolidation) knows nothing of it.

create table public.bin (
  -- That of the removed row.
  id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  kind text not null check (kind in ('pattern', 'dream', 'reflection', 'conversation')),
  -- What the list of the bin shows.
  title text,
  -- `rows`: the removed rows by table. `links`: by table, the ids of the rows that referred to it.
  content jsonb not null,
  -- Of a conversation, for RETENTION_DAYS.
  last_message_at timestamptz,
  removed_at timestamptz not null default clock_timestamp()
);
create index bin_by_user on public.bin (user_id, removed_at desc, id desc);
create index bin_by_age on public.bin (removed_at);

-- A person reads their own, and removes it for good. The functions below write it.
alter table public.bin enable row level security;
revoke all on public.bin from anon, authenticated;
grant select, delete on public.bin to authenticated;
grant all on public.bin to service_role;
create policy "own bin is readable" on public.bin for select to authenticated using ((select auth.uid()) = user_id);
create policy "own bin is removable" on public.bin for delete to authenticated using ((select auth.uid()) = user_id);
create trigger a_keep_columns before update on public.bin
  for each row execute function private.keep_columns(
    'id', 'user_id', 'kind', 'title', 'content', 'last_message_at', 'removed_at'
  );

-- Moves a row of the caller into the bin, a conversation with its messages. Fails with PT404 when there is none. What has been in
-- the caller's bin for 30 days goes, also where no job empties it.
create function public.move_to_bin(p_kind text, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_title text;
  v_row jsonb;
  v_rows jsonb;
  v_links jsonb := '{}';
begin
  delete from public.bin where user_id = v_user_id and removed_at < clock_timestamp() - interval '30 days';

  if p_kind = 'pattern' then
    delete from public.clarify_patterns as pattern where pattern.id = p_id and pattern.user_id = v_user_id
    returning pattern.content, to_jsonb(pattern) into v_title, v_row;
    v_rows := jsonb_build_object('clarify_patterns', jsonb_build_array(v_row));
  elsif p_kind = 'reflection' then
    delete from public.reflections as reflection where reflection.id = p_id and reflection.user_id = v_user_id
    returning reflection.content, to_jsonb(reflection) into v_title, v_row;
    v_rows := jsonb_build_object('reflections', jsonb_build_array(v_row));
  elsif p_kind = 'dream' then
    v_links := jsonb_build_object(
      'clarify_sessions', (select jsonb_agg(id) from public.clarify_sessions where dream_id = p_id),
      'reflections', (select jsonb_agg(id) from public.reflections where dream_id = p_id)
    );
    delete from public.dreams as dream where dream.id = p_id and dream.user_id = v_user_id
    returning dream.title, to_jsonb(dream) into v_title, v_row;
    v_rows := jsonb_build_object('dreams', jsonb_build_array(v_row));
  elsif p_kind = 'conversation' then
    -- Locked, so that no message is stored between reading and removing it.
    select to_jsonb(session), session.title into v_row, v_title from public.clarify_sessions as session
    where session.id = p_id and session.user_id = v_user_id for update;
    v_rows := jsonb_build_object(
      'clarify_sessions', jsonb_build_array(v_row),
      -- A reply that is being written has lost its claim.
      'clarify_messages', (
        select jsonb_agg(to_jsonb(message) || '{"answering_until": null, "answering_token": null}' order by created_at, id)
        from public.clarify_messages as message where session_id = p_id
      ),
      'clarify_variants', (select jsonb_agg(to_jsonb(other)) from public.clarify_variants as other where session_id = p_id)
    );
    v_links := jsonb_build_object(
      'dreams', (select jsonb_agg(id) from public.dreams where session_id = p_id),
      'clarify_patterns', (select jsonb_agg(id) from public.clarify_patterns where session_id = p_id)
    );
    delete from public.clarify_sessions where id = p_id and user_id = v_user_id;
  else
    raise exception 'p_kind is out of range' using errcode = '22023';
  end if;
  if v_row is null then
    raise exception 'nothing to remove' using errcode = 'PT404';
  end if;

  insert into public.bin (id, user_id, kind, title, content, last_message_at)
  values (
    p_id, v_user_id, p_kind, v_title, jsonb_build_object('rows', v_rows, 'links', v_links),
    (v_row ->> 'last_message_at')::timestamptz
  );
end;
$$;

-- Inserts rows into a table; null inserts none. Columns that were added since have their defaults, and those that are gone are
-- left out.
create function private.put_back(p_table regclass, p_rows jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_columns text;
begin
  select string_agg(quote_ident(attname), ', ') into v_columns from pg_catalog.pg_attribute
  where attrelid = p_table and attnum > 0 and not attisdropped and attgenerated = '' and p_rows -> 0 ? attname;
  if v_columns is not null then
    execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_recordset(null::%1$s, $1)', p_table, v_columns)
    using p_rows;
  end if;
end;
$$;

-- Takes something of the caller's out of the bin, as it was. What referred to it does so again, unless it refers to something else
-- by now; what it referred to and is gone is null. Fails with PT404 when it is not in there.
create function public.restore_from_bin(p_kind text, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_rows jsonb;
  v_links jsonb;
  v_row jsonb;
begin
  delete from public.bin
  where id = p_id and user_id = v_user_id and kind = p_kind and removed_at >= clock_timestamp() - interval '30 days'
  returning content -> 'rows', content -> 'links' into v_rows, v_links;
  if not found then
    raise exception 'not in the bin' using errcode = 'PT404';
  end if;

  v_row := jsonb_path_query_first(v_rows, '$.*[*] ? (@.id == $id)', jsonb_build_object('id', p_id));
  if not exists (select 1 from public.dreams where id = (v_row ->> 'dream_id')::uuid and user_id = v_user_id) then
    v_row := v_row || '{"dream_id": null}';
  end if;
  if not exists (select 1 from public.clarify_sessions where id = (v_row ->> 'session_id')::uuid and user_id = v_user_id) then
    v_row := v_row || '{"session_id": null}';
  end if;

  if p_kind = 'pattern' then
    perform private.put_back('public.clarify_patterns', jsonb_build_array(v_row));
  elsif p_kind = 'reflection' then
    perform private.put_back('public.reflections', jsonb_build_array(v_row));
  elsif p_kind = 'dream' then
    perform private.put_back('public.dreams', jsonb_build_array(v_row));
  else
    perform private.put_back('public.clarify_sessions', jsonb_build_array(v_row));
    perform private.put_back('public.clarify_messages', v_rows -> 'clarify_messages');
    perform private.put_back('public.clarify_variants', v_rows -> 'clarify_variants');
    -- A new session starts without these.
    update public.clarify_sessions
    set summary = v_row ->> 'summary', summarised = (v_row ->> 'summarised')::integer
    where id = p_id;
  end if;

  update public.clarify_sessions set dream_id = p_id
  where user_id = v_user_id and dream_id is null and v_links -> 'clarify_sessions' ? id::text;
  update public.reflections set dream_id = p_id
  where user_id = v_user_id and dream_id is null and v_links -> 'reflections' ? id::text;
  update public.dreams set session_id = p_id
  where user_id = v_user_id and session_id is null and v_links -> 'dreams' ? id::text;
  update public.clarify_patterns set session_id = p_id
  where user_id = v_user_id and session_id is null and v_links -> 'clarify_patterns' ? id::text;
end;
$$;

-- What search_knowledge finds, in the caller's bin, with the time of its removal. A person who wants something forgotten wants it
-- out of there as well.
create function public.search_bin(p_patterns text[], p_limit integer) returns table (
  kind text,
  id uuid,
  content text,
  at timestamptz,
  session_title text,
  session_message_count integer
)
language sql stable as $$
  select
    found.kind, found.id, found.content, found.removed_at,
    case when found.kind = 'conversation' then found.title end,
    case when found.kind = 'conversation' then (found.rows #>> '{clarify_sessions,0,message_count}')::integer end
  from (
    select distinct on (bin.id) bin.id, bin.kind, bin.title, bin.content -> 'rows' as rows, bin.removed_at, known.content
    from public.bin as bin
    cross join lateral jsonb_path_query(bin.content, '$.rows.*[*]') as removed
    cross join lateral (
      select concat_ws(
        ' · ', removed ->> 'tone', removed ->> 'title', removed ->> 'category', removed ->> 'description',
        removed ->> 'summary', removed ->> 'question', removed ->> 'content', (
          select string_agg(title #>> '{}', ' · ') from jsonb_path_query(removed, '$.tool_use.dreams[*].title') as title
        )
      ) as content
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
    order by bin.id, removed ->> 'created_at' desc
  ) as found
  order by found.removed_at desc, found.id
  limit p_limit
$$;

-- Deletes the given rows of the caller in one transaction, from the bin as well; the messages of a conversation go with it. Returns
-- the number of rows that existed and were the caller's.
create or replace function public.forget(p_patterns uuid[], p_dreams uuid[], p_reflections uuid[], p_sessions uuid[])
returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_removed integer;
  v_all integer := 0;
begin
  delete from public.clarify_patterns where id = any (p_patterns);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.dreams where id = any (p_dreams);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.reflections where id = any (p_reflections);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.clarify_sessions where id = any (p_sessions);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.bin where id = any (p_patterns || p_dreams || p_reflections || p_sessions);
  get diagnostics v_removed = row_count;
  return v_all + v_removed;
end;
$$;

-- A conversation in the bin is not begun again by its first message.
create or replace function public.begin_conversation(
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
  select p_session_id, private.caller(), p_off_record
  where not exists (select 1 from public.bin where id = p_session_id)
  on conflict (id) do nothing;
  return public.begin_message(
    p_session_id, p_message_id, p_content, p_history_limit, p_claim_token, p_claim_ms, p_related_limit
  );
end;
$$;

-- The retention

-- Removes for good what has been in a bin for 30 days, and conversations in it whose last message is older than p_days; null keeps
-- those. Returns how many were removed.
create function public.empty_bins(p_days integer, p_limit integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_removed integer;
begin
  if ((p_days is null or p_days >= 1) and p_limit between 1 and 1000) is not true then
    raise exception 'p_days or p_limit is out of range' using errcode = '22023';
  end if;
  delete from public.bin where id in (
    select id from public.bin
    where removed_at < clock_timestamp() - interval '30 days'
      or last_message_at < clock_timestamp() - make_interval(days => p_days)
    limit p_limit
  );
  get diagnostics v_removed = row_count;
  return v_removed;
end;
$$;

-- As before, and the people who have a conversation in which nothing was said for a day. Without p_days only those.
create or replace function public.people_with_old_conversations(p_days integer, p_limit integer) returns setof uuid
language sql stable security invoker set search_path = '' as $$
  select user_id from public.clarify_sessions
  where last_message_at < clock_timestamp() - make_interval(days => p_days)
    or (title is null and last_message_at < clock_timestamp() - interval '1 day')
  group by user_id
  order by min(last_message_at), user_id
  limit p_limit;
$$;

create or replace function public.remove_old_conversations(p_user_id uuid, p_days integer, p_limit integer) returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_old uuid[];
  v_removed integer;
begin
  if ((p_days is null or p_days >= 1) and p_limit between 1 and 1000) is not true then
    raise exception 'p_days or p_limit is out of range' using errcode = '22023';
  end if;
  v_old := array(
    select session.id from public.clarify_sessions as session
    where session.user_id = p_user_id
      and (
        session.last_message_at < clock_timestamp() - make_interval(days => p_days)
        or (session.title is null and session.last_message_at < clock_timestamp() - interval '1 day')
      )
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

revoke execute on function private.put_back (regclass, jsonb) from public, anon, authenticated;
revoke execute on function
  public.move_to_bin (text, uuid),
  public.restore_from_bin (text, uuid),
  public.search_bin (text[], integer)
from public, anon;
grant execute on function
  public.move_to_bin (text, uuid),
  public.restore_from_bin (text, uuid),
  public.search_bin (text[], integer)
to authenticated;
revoke execute on function public.empty_bins (integer, integer) from public, anon, authenticated;
grant execute on function public.empty_bins (integer, integer) to service_role;

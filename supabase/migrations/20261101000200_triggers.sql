-- Everything derived is derived here, in the transaction of the write: profiles, counters, titles, dates.
-- The schema is not exposed through the API.

create schema private;

-- Profiles

create function private.create_profile() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.users (id, name)
  values (
    new.id,
    coalesce(
      nullif(left(btrim(new.raw_user_meta_data ->> 'name'), 100), ''),
      nullif(left(split_part(new.email, '@', 1), 100), ''),
      'Friend'
    )
  );
  return new;
end;
$$;

create trigger create_profile after insert on auth.users
  for each row execute function private.create_profile();

-- Columns a person may not change

-- Runs as the caller, so it sees the API's role for a person's own writes and the owner's for those of the triggers
-- below. Arguments: the columns to keep.
create function private.keep_columns() returns trigger
language plpgsql set search_path = '' as $$
declare
  kept text;
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;
  foreach kept in array tg_argv loop
    if (to_jsonb(old) -> kept) is distinct from (to_jsonb(new) -> kept) then
      raise exception 'column % of % may not be changed', kept, tg_table_name using errcode = '42501';
    end if;
  end loop;
  return new;
end;
$$;

create trigger a_keep_columns before update on public.users
  for each row execute function private.keep_columns('id', 'tier', 'total_sessions', 'total_reflections', 'created_at');
create trigger a_keep_columns before update on public.dreams
  for each row execute function private.keep_columns('id', 'user_id', 'session_id', 'created_at');
create trigger a_keep_columns before update on public.clarify_sessions
  for each row execute function private.keep_columns('id', 'user_id', 'message_count', 'last_message_at', 'created_at');
create trigger a_keep_columns before update on public.clarify_messages
  for each row execute function private.keep_columns('id', 'user_id', 'session_id', 'reply_to', 'role', 'created_at');
create trigger a_keep_columns before update on public.clarify_patterns
  for each row execute function private.keep_columns('id', 'user_id', 'created_at');
create trigger a_keep_columns before update on public.reflections
  for each row execute function private.keep_columns('id', 'user_id', 'created_at');

-- updated_at

create function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end;
$$;

create trigger b_touch before update on public.users for each row execute function private.touch();
create trigger b_touch before update on public.dreams for each row execute function private.touch();
create trigger b_touch before update on public.clarify_sessions for each row execute function private.touch();
create trigger b_touch before update on public.clarify_messages for each row execute function private.touch();
create trigger b_touch before update on public.clarify_patterns for each row execute function private.touch();
create trigger b_touch before update on public.reflections for each row execute function private.touch();

-- Dreams

create function private.date_dream() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.achieved_at := case when new.status = 'achieved' then coalesce(new.achieved_at, clock_timestamp()) end;
  new.released_at := case when new.status = 'released' then coalesce(new.released_at, clock_timestamp()) end;
  return new;
end;
$$;

create trigger c_date_dream before insert or update of status, achieved_at, released_at on public.dreams
  for each row execute function private.date_dream();

-- Counters

-- A new session starts from nothing, whatever the client sent.
create function private.start_session() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.message_count := 0;
  new.last_message_at := new.created_at;
  return new;
end;
$$;

create trigger start_session before insert on public.clarify_sessions
  for each row execute function private.start_session();

-- The first thing a person says, on one line, cut at a word.
create function private.title_of(content text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  line text := btrim(regexp_replace(content, '\s+', ' ', 'g'));
  head text := left(line, 60);
begin
  if char_length(line) <= 60 then
    return nullif(line, '');
  end if;
  if position(' ' in head) = 0 then
    return left(line, 59) || '…';
  end if;
  return regexp_replace(head, ' [^ ]*$', '') || '…';
end;
$$;

-- Counting per statement, not per row, so that an import of many messages updates each of its sessions once.
create function private.count_added_messages() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_sessions as session
  set message_count = session.message_count + added.count,
      last_message_at = greatest(session.last_message_at, added.latest),
      title = coalesce(session.title, private.title_of(added.first_words))
  from (
    select
      session_id,
      count(*) as count,
      max(created_at) as latest,
      (array_agg(content order by created_at, id) filter (where role = 'user'))[1] as first_words
    from added_rows
    group by session_id
  ) as added
  where session.id = added.session_id;
  return null;
end;
$$;

create trigger count_added_messages after insert on public.clarify_messages
  referencing new table as added_rows for each statement execute function private.count_added_messages();

create function private.count_removed_messages() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_sessions as session
  set message_count = session.message_count - removed.count,
      last_message_at = coalesce(
        (select max(created_at) from public.clarify_messages where session_id = session.id),
        session.created_at
      )
  from (select session_id, count(*) as count from removed_rows group by session_id) as removed
  where session.id = removed.session_id;
  return null;
end;
$$;

create trigger count_removed_messages after delete on public.clarify_messages
  referencing old table as removed_rows for each statement execute function private.count_removed_messages();

-- Argument: the column of public.users that counts rows of the table.
create function private.count_added_rows() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  execute format(
    'update public.users as person set %1$I = person.%1$I + added.count
     from (select user_id, count(*) as count from added_rows group by user_id) as added
     where person.id = added.user_id',
    tg_argv[0]
  );
  return null;
end;
$$;

create function private.count_removed_rows() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  execute format(
    'update public.users as person set %1$I = person.%1$I - removed.count
     from (select user_id, count(*) as count from removed_rows group by user_id) as removed
     where person.id = removed.user_id',
    tg_argv[0]
  );
  return null;
end;
$$;

create trigger count_added_sessions after insert on public.clarify_sessions
  referencing new table as added_rows for each statement execute function private.count_added_rows('total_sessions');
create trigger count_removed_sessions after delete on public.clarify_sessions
  referencing old table as removed_rows for each statement
  execute function private.count_removed_rows('total_sessions');
create trigger count_added_reflections after insert on public.reflections
  referencing new table as added_rows for each statement execute function private.count_added_rows('total_reflections');
create trigger count_removed_reflections after delete on public.reflections
  referencing old table as removed_rows for each statement
  execute function private.count_removed_rows('total_reflections');

-- A row that changes hands, or a message that is moved, takes its count along. No person can do either, but a support
-- script can; without this the counters were wrong afterwards, and removing the row failed where one would have gone
-- below zero.

-- Argument: the column of public.users that counts rows of the table.
create function private.count_moved_row() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  execute format(
    'update public.users as person
     set %1$I = person.%1$I + case when person.id = $2 then 1 else -1 end
     where person.id in ($1, $2)',
    tg_argv[0]
  ) using old.user_id, new.user_id;
  return null;
end;
$$;

create trigger count_moved_session after update of user_id on public.clarify_sessions
  for each row when (old.user_id <> new.user_id) execute function private.count_moved_row('total_sessions');
create trigger count_moved_reflection after update of user_id on public.reflections
  for each row when (old.user_id <> new.user_id) execute function private.count_moved_row('total_reflections');

create function private.count_moved_message() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.clarify_sessions as session
  set message_count = session.message_count + case when session.id = new.session_id then 1 else -1 end,
      last_message_at = coalesce(
        (select max(created_at) from public.clarify_messages where session_id = session.id),
        session.created_at
      )
  where session.id in (old.session_id, new.session_id);
  return null;
end;
$$;

create trigger count_moved_message after update of session_id on public.clarify_messages
  for each row when (old.session_id <> new.session_id) execute function private.count_moved_message();

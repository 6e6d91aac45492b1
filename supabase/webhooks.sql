-- Tells the app about every row that changes, so that what it keeps of a person is outdated even by writes that it did not
-- make itself: a billing system that changes a tier, the dashboard, a script.
--
-- For a hosted project. Fill in the two blanks (the app's address, and its WEBHOOK_SECRET) and run it in the SQL editor;
-- run it again after changing one. The embedded stack needs none of this: nothing writes to it but the app.
--
-- The events have the form of Supabase's database webhooks, but of the rows only the ids: whose they are is all that the
-- app reads, and what people write should not travel, nor lie in the queue of pg_net, for that.

create extension if not exists pg_net;

create or replace function private.ids_of(changed_row jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select case when changed_row is not null then
    jsonb_strip_nulls(jsonb_build_object('id', changed_row -> 'id', 'user_id', changed_row -> 'user_id'))
  end;
$$;

-- The app's writes say in a header which one they are, so that the app knows what it has dealt with already.
create or replace function private.write_id() returns text
language sql stable set search_path = '' as $$
  select left(nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-clarify-write', 100);
$$;

create or replace function private.notify_app() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  app_url constant text := '<APP_URL>';
  webhook_secret constant text := '<WEBHOOK_SECRET>';
  new_row jsonb;
  old_row jsonb;
begin
  if tg_op <> 'DELETE' then
    new_row := to_jsonb(new);
  end if;
  if tg_op <> 'INSERT' then
    old_row := to_jsonb(old);
  end if;

  -- Queued in this transaction and sent after it: a write that is rolled back tells nobody, and none waits for the app.
  perform net.http_post(
    url := rtrim(app_url, '/') || '/api/hooks/database',
    headers := jsonb_build_object('content-type', 'application/json', 'authorization', 'Bearer ' || webhook_secret),
    body := jsonb_build_object(
      'type', tg_op,
      'schema', tg_table_schema,
      'table', tg_table_name,
      'write', private.write_id(),
      'record', private.ids_of(new_row),
      'old_record', private.ids_of(old_row)
    ),
    timeout_milliseconds := 5000
  );
  return null;
end;
$$;

create or replace trigger notify_app after insert or update or delete on public.users
  for each row execute function private.notify_app();
create or replace trigger notify_app after insert or update or delete on public.dreams
  for each row execute function private.notify_app();
create or replace trigger notify_app after insert or update or delete on public.clarify_sessions
  for each row execute function private.notify_app();
create or replace trigger notify_app after insert or update or delete on public.clarify_patterns
  for each row execute function private.notify_app();
create or replace trigger notify_app after insert or update or delete on public.reflections
  for each row execute function private.notify_app();
-- Of a message only that it is there is kept, with its session: being consolidated outdates nothing.
create or replace trigger notify_app after insert or update of session_id, user_id or delete on public.clarify_messages
  for each row execute function private.notify_app();

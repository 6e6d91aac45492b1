-- Lost: the running summaries of long conversations. The messages that they sum up stay.

drop function public.begin_summary (uuid, integer, integer, uuid, integer);
drop function public.finish_summary (uuid, uuid, integer, text);
drop function public.fail_summary (uuid, uuid);
drop table private.summary_attempts;

drop trigger a_keep_columns on public.clarify_sessions;
create trigger a_keep_columns before update on public.clarify_sessions
  for each row execute function private.keep_columns('id', 'user_id', 'message_count', 'last_message_at', 'created_at');

create or replace function private.start_session() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.message_count := 0;
  new.last_message_at := new.created_at;
  return new;
end;
$$;

alter table public.clarify_sessions drop column summary, drop column summarised;

delete from supabase_migrations.schema_migrations where version = '20261126210000';

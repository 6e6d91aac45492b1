-- Lost: when copies of the demo end. They stay until somebody removes them: delete from auth.users where email like '%@demo.invalid'.

drop function public.remove_ended_demo (uuid);

drop trigger a_keep_columns on public.users;
create trigger a_keep_columns before update on public.users
  for each row execute function private.keep_columns('id', 'tier', 'total_sessions', 'total_reflections', 'created_at');

drop trigger end_demo_copy on public.users;
drop function private.end_demo_copy ();

drop index public.users_by_demo_end;
alter table public.users drop column demo_ends_at;

delete from supabase_migrations.schema_migrations where version = '20261130300000';

-- Lost: nothing.

drop function public.search_messages (text[], integer, timestamptz, uuid);
drop index public.clarify_messages_by_user;
create index clarify_messages_by_user on public.clarify_messages (user_id);

delete from supabase_migrations.schema_migrations where version = '20261125300000';

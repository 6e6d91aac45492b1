-- Nothing is lost.

drop function public.begin_conversation (uuid, boolean, uuid, text, integer, uuid, integer, integer);

delete from supabase_migrations.schema_migrations where version = '20261130100000';

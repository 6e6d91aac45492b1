-- Conversations keep the names that they have.

drop function public.name_session (uuid, text);

delete from supabase_migrations.schema_migrations where version = '20261130410000';

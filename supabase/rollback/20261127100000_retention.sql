-- Lost: nothing.

drop function public.remove_old_conversations (uuid, integer, integer);
drop function public.people_with_old_conversations (integer, integer);

delete from supabase_migrations.schema_migrations where version = '20261127100000';

-- Nothing is lost: the replies keep their receipts, which an older release does not read.

drop function public.receipts (uuid, integer);

delete from supabase_migrations.schema_migrations where version = '20261130310000';

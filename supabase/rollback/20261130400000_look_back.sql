drop function public.look_back (timestamptz, timestamptz);

delete from supabase_migrations.schema_migrations where version = '20261130400000';

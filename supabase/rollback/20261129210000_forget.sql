-- Lost: the languages that people chose.

drop function public.forget (uuid[], uuid[], uuid[], uuid[]);
drop function public.search_knowledge (text[], integer);
alter table public.users drop column language;

delete from supabase_migrations.schema_migrations where version = '20261129210000';

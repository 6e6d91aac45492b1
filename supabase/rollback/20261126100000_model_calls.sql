-- Lost: the tokens that people used in the last two days.

drop function public.count_model_calls (date, jsonb);
drop table private.model_calls;

delete from supabase_migrations.schema_migrations where version = '20261126100000';

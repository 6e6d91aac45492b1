// Everything that a migration can make, by kind and name.
const CATALOGUE = `
  with schemas as (select oid, nspname, nspacl, nspowner from pg_namespace where nspname in ('public', 'private')),
  relations as (
    select class.*, nspname from pg_class as class join schemas on schemas.oid = class.relnamespace
  ),
  granted as (
    select 'schema ' || nspname as name, (aclexplode(coalesce(nspacl, acldefault('n', nspowner)))).* from schemas
    union all
    select 'table ' || oid::regclass, (aclexplode(coalesce(relacl, acldefault('r', relowner)))).* from relations
    where relkind = 'r'
    union all
    select 'function ' || proc.oid::regprocedure, (aclexplode(coalesce(proacl, acldefault('f', proowner)))).*
    from pg_proc as proc join schemas on schemas.oid = pronamespace
  )
  select 'table ' || oid::regclass as name,
    concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity) as definition
  from relations where relkind <> 'i'
  union all
  select format('column %s.%s', attrelid::regclass, attname),
    concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid))
  from relations
  join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relkind = 'r'
  union all
  select format('constraint %s.%s', conrelid::regclass, conname), pg_get_constraintdef(pg_constraint.oid)
  from pg_constraint join schemas on schemas.oid = connamespace
  union all
  select 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
  from pg_index join relations on relations.oid = indrelid
  union all
  select format('trigger %s.%s', tgrelid::regclass, tgname), pg_get_triggerdef(pg_trigger.oid)
  from pg_trigger
  where not tgisinternal and (tgrelid in (select oid from relations) or tgrelid = 'auth.users'::regclass)
  union all
  select 'function ' || proc.oid::regprocedure, pg_get_functiondef(proc.oid)
  from pg_proc as proc join schemas on schemas.oid = pronamespace
  union all
  select format('policy %s.%s', polrelid::regclass, polname),
    concat_ws(' ', polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  from pg_policy
  union all
  select 'grants on ' || name, string_agg(
    concat_ws(' ', case grantee when 0 then 'public' else grantee::regrole::text end, privilege_type), ', '
    order by grantee::regrole::text, privilege_type
  )
  from granted group by name
  order by 1, 2
`;

/** The tables, columns, constraints, indexes, triggers, functions, policies and grants of a database, by name. */
export async function catalogueOf(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<Record<string, unknown>> {
  return Object.fromEntries((await query(CATALOGUE)).map(({ name, definition }) => [String(name), definition]));
}

-- Deletes the caller's account, and with it by cascade everything of theirs: sign-in, sessions, every row they own.
--
-- One way for both servers: the embedded one has no admin API, and the hosted one's needs the secret key, which only the
-- consolidation job may hold. Runs as its owner, who may delete from auth.users on both; whom is the caller's own token to
-- say and nobody else's. The e-mail is the confirmation: another one than the account's is refused with 22023.
create function public.remove_account(p_email text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := auth.uid();
begin
  if v_user_id is null then
    raise exception 'not signed in' using errcode = '42501';
  end if;

  perform 1 from auth.users where id = v_user_id;
  if not found then
    -- Removed before: the same call once more.
    return;
  end if;

  delete from auth.users where id = v_user_id and lower(email) = lower(btrim(p_email));
  if not found then
    raise exception 'the e-mail is not that of the account' using errcode = '22023';
  end if;
end;
$$;

revoke execute on function public.remove_account (text) from public, anon;
grant execute on function public.remove_account (text) to authenticated;

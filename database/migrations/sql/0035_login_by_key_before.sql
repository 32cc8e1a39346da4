-- As it was before a key remembered its last use; for a downgrade.
create function login_by_key(wanted text)
returns table (id uuid, org_id uuid, user_id uuid, name text, role text, scopes text[])
language sql stable security definer set search_path = public as $$
    select k.id, k.org_id, k.user_id, k.name, u.role, k.scopes
    from api_keys k join users u on u.org_id = k.org_id and u.id = k.user_id
    where k.key_hash = wanted and k.revoked_at is null and u.disabled_at is null
      and (k.expires_at is null or k.expires_at > now())
$$;

-- Orders that count in no figure, for want of an exchange rate; for what shows amounts as they were charged.
create function orders_kept_apart() returns setof orders language sql stable
set search_path = public set app.kept_apart = 'shown' as $$
    select * from orders where revenue is null
$$;

-- Telephone numbers that were typed with their country are compared without blanks and signs, as new ones are.
update contacts set phones = (
  select jsonb_agg(case when p ->> 'phone' ~ '^\s*(\+|00)[0-9 ().\-/]{5,}$' then p || jsonb_build_object(
      'phone', regexp_replace(regexp_replace(replace(p ->> 'phone', '(0)', ''), '^\s*00', '+'), '[^0-9+]', '', 'g'),
      'formatted', p ->> 'phone'
    ) else p end order by n)
  from jsonb_array_elements(phones) with ordinality x (p, n)
) where phones <> '[]';

-- Criterion 7: updated_at moves with every update, also within one transaction, in which NOW() stands still.
VALUES
  ('11.7', 'diary.segments.updated_at moves', '', 'equal', 'later',
   $$UPDATE diary.segments t SET street = 'Verified Street'
     FROM (SELECT updated_at FROM diary.segments WHERE segment_id = current_setting('verify.s1')) was
     WHERE t.segment_id = current_setting('verify.s1')
     RETURNING CASE WHEN t.updated_at > was.updated_at THEN 'later' ELSE 'not later' END,
       was.updated_at || ' -> ' || t.updated_at$$),
  ('11.7', 'diary.segments.updated_at moves again', '', 'equal', 'later',
   $$UPDATE diary.segments t SET street = 'Verified Street'
     FROM (SELECT updated_at FROM diary.segments WHERE segment_id = current_setting('verify.s1')) was
     WHERE t.segment_id = current_setting('verify.s1')
     RETURNING CASE WHEN t.updated_at > was.updated_at THEN 'later' ELSE 'not later' END,
       was.updated_at || ' -> ' || t.updated_at$$),
  ('11.7', 'diary.routes.updated_at moves', '', 'equal', 'later',
   $$UPDATE diary.routes t SET route_name = 'Verified'
     FROM (SELECT updated_at FROM diary.routes WHERE route_id = current_setting('verify.route')::uuid) was
     WHERE t.route_id = current_setting('verify.route')::uuid
     RETURNING CASE WHEN t.updated_at > was.updated_at THEN 'later' ELSE 'not later' END,
       was.updated_at || ' -> ' || t.updated_at$$),
  ('11.7', 'diary.routes.updated_at moves again', '', 'equal', 'later',
   $$UPDATE diary.routes t SET route_name = 'Verified'
     FROM (SELECT updated_at FROM diary.routes WHERE route_id = current_setting('verify.route')::uuid) was
     WHERE t.route_id = current_setting('verify.route')::uuid
     RETURNING CASE WHEN t.updated_at > was.updated_at THEN 'later' ELSE 'not later' END,
       was.updated_at || ' -> ' || t.updated_at$$)

-- What holds for the tables of all months, attached or let go: each row names those of which it does not.
WITH month AS (
  SELECT p.parent, p.child, p.detached_at IS NULL AS attached, format('diary.%I', p.parent)::regclass AS open_table,
         to_regclass(format('diary.%I', p.child)) AS oid
  FROM diary.partition p
), child_of AS (
  SELECT i.inhrelid AS oid, i.inhparent AS open_table FROM pg_inherits i
  WHERE i.inhparent IN (to_regclass('diary.ratings'), to_regclass('diary.votes'))
), trigger_of (name, at, calls, of_scores) AS (
  VALUES
    ('refuse_insert', 'BEFORE INSERT', 'diary.refuse_insert', false),
    ('refuse_new_id', 'BEFORE UPDATE', 'diary.refuse_new_id', false),
    ('change_month', 'BEFORE UPDATE', 'diary.change_month', false),
    ('forget_closed', 'AFTER DELETE', 'diary.forget_closed', false),
    ('forget_truncated', 'AFTER TRUNCATE', 'diary.forget_truncated', false),
    ('audit_update', 'AFTER UPDATE', 'audit.audit_trigger', false),
    ('audit_delete', 'AFTER DELETE', 'audit.audit_trigger', false),
    ('audit_truncate', 'AFTER TRUNCATE', 'audit.audit_trigger', false),
    ('live_update', 'AFTER UPDATE', 'analytics.%s_changed', true),
    ('live_delete', 'AFTER DELETE', 'analytics.%s_changed', true),
    ('live_truncate', 'AFTER TRUNCATE', 'analytics.samples_truncated', true)
), broken (section, name, expected, found) AS (
  SELECT '10.1', 'nobody but the owner reaches a month past its open table', 'nobody',
         (SELECT string_agg(DISTINCT CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END
                            || ' on ' || m.child, ', ')
          FROM month m JOIN pg_class c ON c.oid = m.oid, aclexplode(c.relacl) g WHERE g.grantee <> c.relowner)
  UNION ALL
  SELECT '12.1', 'the attached months are those of diary.partition', 'the same',
         (SELECT string_agg(COALESCE(m.child, c.oid::regclass::text), ', ')
          FROM (SELECT * FROM month WHERE attached) m FULL JOIN child_of c USING (oid, open_table)
          WHERE m.child IS NULL OR c.oid IS NULL)
  UNION ALL
  SELECT '12.1', 'each attached month has the constraints of its open table, and its own', 'all of them',
         (SELECT string_agg(m.child || ' lacks ' || k.conname, ', ')
          FROM month m
          CROSS JOIN LATERAL (SELECT contype, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
                              WHERE conrelid = m.open_table AND contype IN ('p', 'u', 'c', 'f', 'x')
                              UNION ALL SELECT 'c', 'month', NULL) k
          WHERE m.attached AND NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = m.oid AND c.contype = k.contype AND c.convalidated
              AND CASE WHEN k.definition IS NULL THEN c.conname = k.conname
                       ELSE pg_get_constraintdef(c.oid) = k.definition END))
  UNION ALL
  SELECT '12.1', 'each attached month has the indexes of its open table', 'all of them',
         (SELECT string_agg(m.child || ' lacks ' || x.indexrelid::regclass, ', ')
          FROM month m JOIN pg_index x ON x.indrelid = m.open_table
          WHERE m.attached AND NOT EXISTS (
            SELECT FROM pg_index c WHERE c.indrelid = m.oid AND c.indisvalid AND c.indisunique = x.indisunique
              AND substring(pg_get_indexdef(c.indexrelid) FROM ' USING .*$')
                  = substring(pg_get_indexdef(x.indexrelid) FROM ' USING .*$')))
  UNION ALL
  SELECT '12.1', 'each month has its triggers, enabled', 'all of them',
         (SELECT string_agg(m.child || ' lacks ' || m.parent || '_' || t.name, ', ')
          FROM month m CROSS JOIN trigger_of t
          WHERE m.oid IS NOT NULL AND (m.attached OR NOT t.of_scores) AND NOT EXISTS (
            SELECT FROM pg_trigger g WHERE g.tgrelid = m.oid AND g.tgname = m.parent || '_' || t.name
              AND g.tgenabled = 'O' AND g.tgfoid::regproc::text = format(t.calls, m.parent)
              AND pg_get_triggerdef(g.oid) LIKE '% ' || t.at || ' %'))
)
SELECT section, 'rule', name, CASE WHEN found IS NULL THEN 'ok' ELSE 'wrong' END, expected,
       COALESCE('broken by ' || found, 'holds for all ' || (SELECT count(oid) FROM month))
FROM broken
ORDER BY string_to_array(section, '.')::int[], name

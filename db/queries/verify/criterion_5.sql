-- Criterion 5: confidence follows n_eff by itself, and nobody else writes it.
VALUES
  ('11.5', 'n_eff 0 is a confidence of 0.00', '', 'equal', '0.00',
   $$UPDATE diary.segments SET n_eff = 0 WHERE segment_id = current_setting('verify.s1')
     RETURNING confidence, 'n_eff = ' || n_eff || ', confidence = ' || confidence$$),
  ('11.5', 'n_eff 2.5 is a confidence of 0.25', '', 'equal', '0.25',
   $$UPDATE diary.segments SET n_eff = 2.5 WHERE segment_id = current_setting('verify.s1')
     RETURNING confidence, 'n_eff = ' || n_eff || ', confidence = ' || confidence$$),
  ('11.5', 'n_eff 5 is a confidence of 0.50', '', 'equal', '0.50',
   $$UPDATE diary.segments SET n_eff = 5 WHERE segment_id = current_setting('verify.s1')
     RETURNING confidence, 'n_eff = ' || n_eff || ', confidence = ' || confidence$$),
  ('11.5', 'n_eff 10 is a confidence of 1.00', '', 'equal', '1.00',
   $$UPDATE diary.segments SET n_eff = 10 WHERE segment_id = current_setting('verify.s1')
     RETURNING confidence, 'n_eff = ' || n_eff || ', confidence = ' || confidence$$),
  ('11.5', 'n_eff 25 is a confidence of 1.00', '', 'equal', '1.00',
   $$UPDATE diary.segments SET n_eff = 25 WHERE segment_id = current_setting('verify.s1')
     RETURNING confidence, 'n_eff = ' || n_eff || ', confidence = ' || confidence$$),
  ('11.5', 'confidence cannot be written', '', 'refused', '428C9',
   $$UPDATE diary.segments SET confidence = 1 WHERE segment_id = current_setting('verify.s1')$$),
  ('11.5', 'n_eff cannot be unknown, which would be full confidence', '', 'refused', '23502',
   $$UPDATE diary.segments SET n_eff = NULL WHERE segment_id = current_setting('verify.s1')$$)

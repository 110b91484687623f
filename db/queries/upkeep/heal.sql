-- Heals what surrounds the live sums: triggers, sequences, months. One row for each thing done.
SELECT analytics.heal()

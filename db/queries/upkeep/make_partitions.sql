-- Makes the tables of this month and the next three.
SELECT diary.make_partitions()

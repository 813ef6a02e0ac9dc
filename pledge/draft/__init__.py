"""A variable file that is still being filled in: what it lacks, what is asked, and how it is written."""

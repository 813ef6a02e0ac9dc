"""Reading a paper copy back: which released text it is, and where it differs."""

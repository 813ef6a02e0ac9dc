"""What leaves the project as a file of its own: comparisons to read, to print and to sign."""

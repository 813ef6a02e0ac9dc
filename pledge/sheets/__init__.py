"""The values of companies as an Excel file, out and back in again, for those who own the figures."""

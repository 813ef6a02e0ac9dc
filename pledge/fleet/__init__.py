"""Sites of many companies from pages that are built once and filled for each."""

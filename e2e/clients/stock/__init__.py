"""What users of stock clients do, as tests of a server."""

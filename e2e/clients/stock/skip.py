class Skip(Exception):
    """The server does not have what the test is about; the message says what."""

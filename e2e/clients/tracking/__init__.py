"""An MLflow server as PyPI has it."""

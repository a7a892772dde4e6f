"""What the servers are called that the aims are about."""

OURS, UNBATCHED = "Modelweir", "Modelweir without batches"

"""Pure phases: they take batches and return batches, and touch nothing else."""

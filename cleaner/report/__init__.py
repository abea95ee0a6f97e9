"""What a run did, as values and as files."""

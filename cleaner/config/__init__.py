"""Settings from files: which keys there are, who may set them, and how a file with them is read."""

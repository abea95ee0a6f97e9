"""The repository that files lie in: what git knows of them, their bytes as text, and what was found in them before."""

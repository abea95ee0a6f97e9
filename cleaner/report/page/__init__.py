"""The page of a run: one file that opens in any browser, from disk, without a network."""

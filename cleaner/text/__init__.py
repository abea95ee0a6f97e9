"""Strings only: characters, words, paragraphs, units, and what differs between two of them."""

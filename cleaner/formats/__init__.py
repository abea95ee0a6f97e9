"""Bytes in, bytes out: the only floor, beside the engines, that touches files."""

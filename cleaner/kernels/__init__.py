"""Kernels: the hot loops over UTF-8 bytes, compiled by numba, and their plain-Python oracles.

Modules here work on arrays and know nothing of articles, files or engines. numba and numpy are
imported by the modules that need them, never by this one.
"""

"""The attack suite: made-up articles in every script and format against the promises of docs/design.md.

``python -m tests.attack`` runs the campaign, tests/test_attack.py a small part of it in the fast suite.
"""

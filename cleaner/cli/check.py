"""``cleaner check``, ``cleaner rule`` and ``cleaner rules``: their arguments go through the hook's door as they are."""

from __future__ import annotations

import typer

CHECK_HELP = "Find paragraphs that stand twice in a content repository."
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Flags and --help are the hook's own, so that they are the same by both doors."""


def check(context: typer.Context) -> None:
    """Check files, all findings by default."""
    from cleaner.hook import main

    raise typer.Exit(main(context.args, by_hand=True))


def rule(context: typer.Context) -> None:
    """Explain a rule of the check."""
    from cleaner.hook import main

    raise typer.Exit(main(["rule", *context.args], by_hand=True))


def rules() -> None:
    """List the rules of the check."""
    from cleaner.hook import main

    raise typer.Exit(main(["rules"], by_hand=True))


def add_to(app: typer.Typer) -> None:
    """Make the three known to the command line."""
    app.command("check", help=CHECK_HELP, add_help_option=False, context_settings=PASSED_ON)(check)
    app.command("rule", help="Explain a rule of the check: cleaner rule NAME.", add_help_option=False,
                context_settings=PASSED_ON)(rule)  # fmt: skip
    app.command("rules", help="List the rules of the check.")(rules)

"""The command line: one module a command, each importing what it works with when it is run."""


def main() -> None:
    """Run the command line; this is what the script ``symvec`` calls."""
    try:
        from symvec.cli.program import run

        run()
    except KeyboardInterrupt:  # before or after a command, which explains it itself
        raise SystemExit(130) from None

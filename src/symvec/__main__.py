"""Lets ``python -m symvec`` run the command line."""

from symvec.cli import main

if __name__ == "__main__":
    main()

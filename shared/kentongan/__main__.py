"""`python -m kentongan`: the same as the `kentongan` command."""

from kentongan.cli import main

if __name__ == "__main__":
    main()

"""A table with headings in both languages."""

from rich.table import Table

from kentongan.demo.summary import Text
from kentongan.demo.terminal.progress import both


def new_table(title: Text, *columns: Text | str) -> Table:
    """An empty table: its first column to the left, figures to the right."""
    table = Table(title=both(title), title_justify="left", title_style="bold", header_style="dim")
    for number, column in enumerate(columns):
        heading = column if isinstance(column, str) else f"{column.id}\n{column.en}"
        table.add_column(heading, justify="left" if number == 0 else "right", vertical="bottom")
    return table

"""A season of a city's programme, played through the services' public interfaces, then checked.

`season.py` is the script. `acts/` plays it, an act a file, with what is drawn in `city/`, through
`clients/`, and with `receiver/` at the other end of the webhooks. `consistency/` judges what was
read; `summary/` holds the figures; `terminal/` and `page/` show them. `run.py` brings the stack.
"""

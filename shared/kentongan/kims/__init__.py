"""The groups (KIM) as every service but their owner keeps and shows them.

`directory.py` follows the registry's events; `routes.py` answers what is known of a group, and at
which version, so that anyone can compare. What follows from it (who can have students, who may
enter) each service decides in its own `domain/`.
"""

"""What Kafka or MongoDB refuse a command: a line that says what, instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from aiokafka.errors import KafkaError

from kentongan.messaging.kafka.rights import RightsNotApplied
from kentongan.messaging.kafka.topics import TopicsNotApplied, TopicsNotReady
from kentongan.storage.errors import StorageError


@contextmanager
def said_clearly() -> Iterator[None]:
    """Exit code 1 with a clear line where a backend fails.

    Why no broker let us in, aiokafka has said in its log, which a command shows from warnings up.
    """
    try:
        yield
    except StorageError as error:
        typer.echo(f"MongoDB: {error}", err=True)
        raise typer.Exit(1) from None
    except (KafkaError, RightsNotApplied, TopicsNotApplied, TopicsNotReady) as error:
        typer.echo(f"Kafka: {error}", err=True)
        raise typer.Exit(1) from None

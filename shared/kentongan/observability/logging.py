"""Structured logs: JSON lines for machines, a readable form on a terminal."""

import logging
import sys
import traceback
from types import TracebackType
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from kentongan.observability.folding import FoldingHandler
from kentongan.observability.tracing.contexts import current_trace_id

LogFormat = Literal["auto", "json", "console"]


def configure_logging(service: str, *, log_format: LogFormat = "auto", level: str = "INFO") -> None:
    """Send all logs, those of libraries included, through structlog to standard error.

    A library's sentence becomes the text of a fact, and its repeats a number (`folding.py`).

    Ids bound with `structlog.contextvars` (event, correlation, causation) are on every line, and
    so is the trace in which it was written.
    An exception is shown without its message and without values, which may name a person.
    """
    readable = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    final: list[Processor] = [_frames_only, renderer]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = FoldingHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_as_fact(service), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx", "uvicorn.access", "pymongo"):
        logging.getLogger(noisy).setLevel("WARNING")
    structlog.contextvars.bind_contextvars(service=service)


def _as_fact(service: str) -> Processor:
    """What a library says, as a fact: who said it, of which client, how often since the last."""

    def as_fact(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
        record: logging.LogRecord = event_dict["_record"]
        event_dict["text"] = event_dict.pop("event")
        event_dict["event"] = "library.said"
        event_dict["library"] = record.name
        # A driver's thread has no context of its own.
        event_dict["service"] = service
        if repeated := getattr(record, "repeated", 0):
            event_dict["repeated"] = repeated
        return event_dict

    return as_fact


def _with_trace(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
    """Name the current trace, where the line doesn't name that of the event it is about."""
    if "trace_id" not in event_dict and (trace_id := current_trace_id()) is not None:
        event_dict["trace_id"] = trace_id
    return event_dict


def _frames_only(_: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
    """Put an exception's type and frames, and those of its causes, in the place of `exc_info`."""
    exc_info = event_dict.pop("exc_info", None)
    if isinstance(exc_info, BaseException):
        error: BaseException | None = exc_info
    elif isinstance(exc_info, tuple):
        error = exc_info[1]
    else:
        error = sys.exc_info()[1] if exc_info else None
    if error is not None:
        event_dict["exception"] = "\n".join(_lines(error))
    return event_dict


def _lines(error: BaseException) -> list[str]:
    """The first cause first, as Python prints it."""
    lines: list[str] = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        lines[:0] = [*_frames(following.__traceback__), _name(following)]
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
    return lines


def _frames(at: TracebackType | None) -> list[str]:
    return [
        f"  {frame.f_globals.get('__name__', '?')}, line {line}, in {frame.f_code.co_qualname}"
        for frame, line in traceback.walk_tb(at)
    ]


def _name(error: BaseException) -> str:
    inner = ", ".join(map(_name, error.exceptions)) if isinstance(error, BaseExceptionGroup) else ""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} ({inner})" if inner else name
